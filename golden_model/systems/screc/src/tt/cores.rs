//! The cores of one table, and the reference that everything else is measured against.

use super::{TtError, TtShape};

/// TT cores of one table in f32.
///
/// Core `k` is one contiguous array in the order `r[k], p[k], q[k], r[k + 1]`, the last axis
/// running fastest: element (a, i, j, b) is at `((a * p + i) * q + j) * r[k + 1] + b`.
#[derive(Clone, Debug, PartialEq)]
pub struct TtCores {
    shape: TtShape,
    rows: usize,
    cores: Vec<Vec<f32>>,
}

impl TtCores {
    /// Cores of a table of `rows` rows, at most `shape.capacity()`.
    ///
    /// # Errors
    /// If lengths don't fit the shape, there are too many rows, or an element is no finite number.
    pub fn new(shape: TtShape, rows: usize, cores: Vec<Vec<f32>>) -> Result<Self, TtError> {
        shape.check_rows(rows)?;
        if cores.len() != shape.cores() {
            let why = format!("the shape has {}", shape.cores());
            return Err(TtError::value("cores", cores.len(), why));
        }
        for (k, core) in cores.iter().enumerate() {
            let len = shape.core_len(k);
            if core.len() != len {
                let why = format!("core {k} of this shape has {len} elements");
                return Err(TtError::value("elements", core.len(), why));
            }
            if let Some(at) = core.iter().position(|element| !element.is_finite()) {
                let why = format!(
                    "at {:?} of core {k}, axes (left rank, row digit, column digit, right rank); \
                     elements must be finite",
                    place(&shape, k, at)
                );
                return Err(TtError::value("element", core[at], why));
            }
        }
        Ok(Self { shape, rows, cores })
    }

    /// Their shape.
    #[must_use]
    pub fn shape(&self) -> &TtShape {
        &self.shape
    }

    /// Rows of the table.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Elements of a row.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.shape.columns()
    }

    /// The elements of each core.
    #[must_use]
    pub fn cores(&self) -> &[Vec<f32>] {
        &self.cores
    }

    /// Elements of the table over elements of the cores.
    #[must_use]
    pub fn compression(&self) -> f64 {
        self.rows as f64 * self.columns() as f64 / self.shape.parameters() as f64
    }

    /// Row `row` by plain contraction in f64, sums in order of the rank index.
    ///
    /// # Panics
    /// If the row is beyond `shape().capacity()`.
    #[must_use]
    pub fn row(&self, row: u64) -> Vec<f64> {
        assert!(row < self.shape.capacity(), "row {row} is not addressed");
        let (p, q, r) = (self.shape.p(), self.shape.q(), self.shape.r());
        let digits = self.shape.digits(row);
        let mut product = vec![1.0_f64];
        for k in 0..self.shape.cores() {
            let (left, right) = (r[k], r[k + 1]);
            let rows = product.len() / left;
            let mut next = Vec::with_capacity(rows * q[k] * right);
            for a in 0..rows {
                for j in 0..q[k] {
                    for b in 0..right {
                        let sum = (0..left).map(|c| {
                            let at = ((c * p[k] + digits[k]) * q[k] + j) * right + b;
                            product[a * left + c] * f64::from(self.cores[k][at])
                        });
                        next.push(sum.sum());
                    }
                }
            }
            product = next;
        }
        product
    }

    /// The same table with inner ranks of at least these sizes, filled up with zeros: what a core of
    /// fixed ranks loads.
    ///
    /// # Errors
    /// If a rank is smaller than it is now, or their number is wrong.
    pub fn padded(&self, inner: &[usize]) -> Result<Self, TtError> {
        let shape = TtShape::new(self.shape.p(), self.shape.q(), inner)?;
        let (old, new) = (self.shape.r(), shape.r());
        if let Some((rank, now)) = new.iter().zip(old).find(|(new, old)| new < old) {
            let why = format!("the cores have {now}; ranks can only be filled up");
            return Err(TtError::value("ranks", rank, why));
        }
        let pad = |(k, core): (usize, &Vec<f32>)| {
            let middle = shape.p()[k] * shape.q()[k];
            let mut padded = vec![0.0; shape.core_len(k)];
            for (at, row) in core.chunks_exact(old[k + 1]).enumerate() {
                debug_assert!(at / middle < old[k]);
                padded[at * new[k + 1]..][..old[k + 1]].copy_from_slice(row);
            }
            padded
        };
        let cores = self.cores.iter().enumerate().map(pad).collect();
        Self::new(shape, self.rows, cores)
    }
}

/// Indices of element `at` of core `k`.
fn place(shape: &TtShape, k: usize, at: usize) -> [usize; 4] {
    let (p, q, right) = (shape.p()[k], shape.q()[k], shape.r()[k + 1]);
    [
        at / (p * q * right),
        at / (q * right) % p,
        at / right % q,
        at % right,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cores() -> TtCores {
        let shape = TtShape::new(&[2, 2], &[1, 2], &[2]).expect("valid");
        let first = vec![1.0, 2.0, 3.0, 4.0];
        let second = (1..=8).map(|n| n as f32).collect();
        TtCores::new(shape, 4, vec![first, second]).expect("valid")
    }

    /// G1[0] = (1 2), G1[1] = (3 4); G2[0] = (1 2; 5 6), G2[1] = (3 4; 7 8).
    #[test]
    fn rows_worked_by_hand() {
        let rows: Vec<Vec<f64>> = (0..4).map(|row| cores().row(row)).collect();
        assert_eq!(
            rows,
            [[11.0, 14.0], [17.0, 20.0], [23.0, 30.0], [37.0, 44.0]]
        );
    }

    #[test]
    fn padding_changes_no_row() {
        let (plain, padded) = (cores(), cores().padded(&[4]).expect("larger"));
        assert_eq!(padded.shape().r(), [1, 4, 1]);
        assert!((0..4).all(|row| plain.row(row) == padded.row(row)));
        assert!(padded.padded(&[2]).is_err());
    }

    #[test]
    fn elements_must_be_finite() {
        let mut parts = cores().cores;
        parts[1][6] = f32::NAN;
        let refused = TtCores::new(cores().shape, 4, parts).expect_err("refused");
        assert_eq!(
            refused.to_string(),
            "element = NaN: at [1, 1, 0, 0] of core 1, axes (left rank, row digit, column digit, \
             right rank); elements must be finite"
        );
    }
}
