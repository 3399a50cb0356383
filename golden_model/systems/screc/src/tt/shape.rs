//! Shapes of TT cores.

use serde::Serialize;

use super::TtError;

/// Largest rank accepted.
pub const MAX_RANK: usize = 4096;
/// Largest number of rows that `prod(p)` may name, so that row numbers are 32-bit.
const MAX_ROWS: u64 = 1 << 32;
/// Longest row.
const MAX_COLUMNS: usize = 1 << 16;

/// Shape of d = 2..4 TT cores: core k (from 0) is `r[k] x p[k] x q[k] x r[k + 1]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TtShape {
    p: Vec<usize>,
    q: Vec<usize>,
    r: Vec<usize>,
}

impl TtShape {
    /// Row radices `p`, column radices `q` and inner ranks (d - 1 of them; the outer ones are 1).
    ///
    /// # Errors
    /// If lengths don't fit each other or a number is out of range.
    pub fn new(p: &[usize], q: &[usize], inner: &[usize]) -> Result<Self, TtError> {
        let d = p.len();
        if !(2..=4).contains(&d) {
            return Err(TtError::value("p", list(p), "give 2 to 4 numbers"));
        }
        if q.len() != d {
            let why = format!("give as many numbers as p has, {d}");
            return Err(TtError::value("q", list(q), why));
        }
        if inner.len() != d - 1 {
            let why = format!("give one rank between two cores, {} of them", d - 1);
            return Err(TtError::value("ranks", list(inner), why));
        }
        for (field, numbers) in [("p", p), ("q", q), ("ranks", inner)] {
            if numbers.contains(&0) {
                return Err(TtError::value(field, list(numbers), "must be 1 or more"));
            }
        }
        if let Some(&rank) = inner.iter().find(|&&rank| rank > MAX_RANK) {
            let why = format!("ranks go up to {MAX_RANK}");
            return Err(TtError::value("ranks", rank, why));
        }
        let product = |numbers: &[usize]| {
            numbers
                .iter()
                .try_fold(1_u64, |product, &number| product.checked_mul(number as u64))
        };
        if product(p).is_none_or(|rows| rows > MAX_ROWS) {
            let why = "the product must be at most 2^32, for row numbers are 32-bit";
            return Err(TtError::value("p", list(p), why));
        }
        if product(q).is_none_or(|columns| columns > MAX_COLUMNS as u64) {
            let why = format!("the product must be at most {MAX_COLUMNS}");
            return Err(TtError::value("q", list(q), why));
        }
        let mut r = vec![1];
        r.extend_from_slice(inner);
        r.push(1);
        Ok(Self {
            p: p.to_vec(),
            q: q.to_vec(),
            r,
        })
    }

    /// Number of cores, d.
    #[must_use]
    pub fn cores(&self) -> usize {
        self.p.len()
    }

    /// Row radices.
    #[must_use]
    pub fn p(&self) -> &[usize] {
        &self.p
    }

    /// Column radices.
    #[must_use]
    pub fn q(&self) -> &[usize] {
        &self.q
    }

    /// All d + 1 ranks; the first and the last are 1.
    #[must_use]
    pub fn r(&self) -> &[usize] {
        &self.r
    }

    /// Rows that can be addressed, prod(p).
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.p.iter().map(|&p| p as u64).product()
    }

    /// Elements of a row, prod(q).
    #[must_use]
    pub fn columns(&self) -> usize {
        self.q.iter().product()
    }

    /// Elements of core `k`.
    #[must_use]
    pub fn core_len(&self, k: usize) -> usize {
        self.r[k] * self.p[k] * self.q[k] * self.r[k + 1]
    }

    /// Elements of all cores.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        (0..self.cores()).map(|k| self.core_len(k) as u64).sum()
    }

    /// Multiplications of one row without reuse.
    #[must_use]
    pub fn macs(&self) -> u64 {
        (0..self.cores() - 1).map(|k| self.stage_macs(k)).sum()
    }

    /// Multiplications of the stage that joins core `k + 1`.
    #[must_use]
    pub fn stage_macs(&self, k: usize) -> u64 {
        let width: usize = self.q[..=k + 1].iter().product();
        (width * self.r[k + 1] * self.r[k + 2]) as u64
    }

    /// Digits of a row, most significant first, in `digits[..d]`.
    #[must_use]
    pub fn digits(&self, row: u64) -> [usize; 4] {
        let mut digits = [0; 4];
        let mut rest = row;
        for (digit, &p) in digits[..self.cores()].iter_mut().zip(&self.p).rev() {
            *digit = (rest % p as u64) as usize;
            rest /= p as u64;
        }
        digits
    }

    /// Fails unless `rows` rows can be addressed.
    pub(super) fn check_rows(&self, rows: usize) -> Result<(), TtError> {
        if rows == 0 {
            return Err(TtError::value("rows", 0, "a table has at least one row"));
        }
        if rows as u64 > self.capacity() {
            let p = list(&self.p);
            let why = format!("p = {p} addresses {} rows; enlarge p", self.capacity());
            return Err(TtError::value("rows", rows, why));
        }
        Ok(())
    }
}

/// The numbers as the command line has them.
pub(super) fn list(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(",")
}

/// `d` nearly equal radices, ascending, whose product is at least `rows` (`exact`: equal to it).
///
/// Each radix is the root of what is left, rounded up; an exact split takes the largest divisor
/// that is no larger.
#[must_use]
pub fn balanced(rows: u64, d: usize, exact: bool) -> Vec<usize> {
    let mut radices = Vec::new();
    let mut rest = rows.max(1);
    for left in (1..=d as u32).rev() {
        let root = (1..).find(|&root: &u64| root.saturating_pow(left) >= rest);
        let root = root.unwrap_or(1);
        let radix = match (exact, left) {
            (true, 1) => rest,
            (true, _) => (1..=root)
                .rev()
                .find(|radix| rest.is_multiple_of(*radix))
                .unwrap_or(1),
            (false, _) => root,
        };
        radices.push(radix as usize);
        rest = if exact {
            rest / radix
        } else {
            rest.div_ceil(radix)
        };
    }
    radices.sort_unstable();
    radices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_most_significant_first() {
        let shape = TtShape::new(&[3, 4, 5], &[1, 2, 2], &[2, 3]).expect("valid");
        assert_eq!(shape.digits(0), [0; 4]);
        assert_eq!(shape.digits(59), [2, 3, 4, 0]);
        assert_eq!(shape.digits(27), [1, 1, 2, 0]);
        assert_eq!((shape.capacity(), shape.columns()), (60, 4));
    }

    /// The `paper` shape of the table in TT-Rec's default benchmark.
    #[test]
    fn sizes_of_the_paper_shape() {
        for (rank, parameters, macs) in [(16, 254_080, 5120), (32, 958_720, 18_432)] {
            let shape = TtShape::new(&[200, 220, 250], &[4; 3], &[rank; 2]).expect("valid");
            assert_eq!((shape.parameters(), shape.macs()), (parameters, macs));
        }
    }

    #[test]
    fn radices_are_balanced() {
        assert_eq!(balanced(1_000_000, 3, false), [100, 100, 100]);
        assert_eq!(balanced(11_000_000, 3, false), [222, 223, 223]);
        assert_eq!(balanced(7, 2, false), [3, 3]);
        assert_eq!(balanced(1, 3, false), [1, 1, 1]);
        assert_eq!(balanced(64, 3, true), [4, 4, 4]);
        assert_eq!(balanced(48, 3, true), [3, 4, 4]);
        assert_eq!(balanced(7, 3, true), [1, 1, 7]);
        for rows in [2, 10, 1234, 99_991] {
            for d in 2..=4 {
                let product = |p: Vec<usize>| p.iter().product::<usize>() as u64;
                assert!(product(balanced(rows, d, false)) >= rows);
                assert_eq!(product(balanced(rows, d, true)), rows);
            }
        }
    }

    #[test]
    fn shapes_that_mean_nothing() {
        let message = |p: &[usize], q: &[usize], r: &[usize]| {
            TtShape::new(p, q, r).expect_err("refused").to_string()
        };
        assert_eq!(message(&[5], &[1], &[]), "p = 5: give 2 to 4 numbers");
        assert_eq!(
            message(&[5, 5], &[1, 2, 3], &[1]),
            "q = 1,2,3: give as many numbers as p has, 2"
        );
        assert_eq!(
            message(&[5, 5], &[1, 2], &[1, 2]),
            "ranks = 1,2: give one rank between two cores, 1 of them"
        );
        assert_eq!(
            message(&[5, 0], &[1, 2], &[1]),
            "p = 5,0: must be 1 or more"
        );
        assert!(message(&[1 << 20, 1 << 20], &[1, 2], &[1]).contains("2^32"));
        assert!(message(&[2, 2], &[1 << 10, 1 << 10], &[1]).contains("65536"));
        assert!(message(&[2, 2], &[1, 1], &[5000]).contains("4096"));
        let shape = TtShape::new(&[2, 3], &[1, 1], &[1]).expect("valid");
        assert_eq!(
            shape.check_rows(7).expect_err("refused").to_string(),
            "rows = 7: p = 2,3 addresses 6 rows; enlarge p"
        );
    }
}
