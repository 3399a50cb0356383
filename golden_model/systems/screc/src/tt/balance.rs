//! Scale spread over the cores of a table.
//!
//! TT-SVD leaves all singular values in the last core: there, rows of rank index s are as large as
//! singular value s, while in the core before columns are all of norm 1. One int8 scale per core
//! then fits few of the rows. Between two cores any factors may be moved, as G_k c and c^-1 G_{k+1}
//! make the same table; moved are those that give both sides of each rank index the same norm.
//!
//! Factors are powers of two. So no element is rounded anew, and bf16 and fp32 rows are the same
//! bit by bit (as long as nothing leaves the range of normal numbers); int8 gains.

use super::TtShape;

/// Rounds over all boundaries: each changes the norms of its neighbours.
const ROUNDS: usize = 8;
/// Largest exponent of a factor, so that it is a normal number and so is its inverse.
const MOST: f64 = 60.0;

/// Spreads the scale of `parts`, the cores of `shape` in the order of [`super::TtCores`].
pub(super) fn balance(shape: &TtShape, parts: &mut [Vec<f64>]) {
    for _ in 0..ROUNDS {
        let mut moved = false;
        for k in 0..shape.cores() - 1 {
            let rank = shape.r()[k + 1];
            let (before, after) = parts.split_at_mut(k + 1);
            let (left, right) = (&mut before[k], &mut after[0]);
            let run = right.len() / rank;
            for s in 0..rank {
                let column = left.iter().skip(s).step_by(rank);
                let row = &right[s * run..][..run];
                let factor = factor(norm(column), norm(row));
                if factor == 1.0 {
                    continue;
                }
                moved = true;
                let column = left.iter_mut().skip(s).step_by(rank);
                column.for_each(|element| *element *= factor);
                let row = &mut right[s * run..][..run];
                row.iter_mut().for_each(|element| *element /= factor);
            }
        }
        if !moved {
            break;
        }
    }
}

fn norm<'a>(elements: impl IntoIterator<Item = &'a f64>) -> f64 {
    let squares = elements.into_iter().map(|element| element * element);
    squares.sum::<f64>().sqrt()
}

/// The power of two that makes a column's norm about that of the row; 1 where either is zero.
fn factor(column: f64, row: f64) -> f64 {
    let exponent = (0.5 * (row / column).log2()).round();
    if exponent.is_finite() {
        exponent.clamp(-MOST, MOST).exp2()
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Element, Target, TtCores, decompose, dense_table, quantisation_error, quantise,
        random_cores,
    };

    fn norms(cores: &[Vec<f64>], rank: usize) -> Vec<[f64; 2]> {
        let run = cores[1].len() / rank;
        let of = |s: usize| {
            let column = norm(cores[0].iter().skip(s).step_by(rank));
            [column, norm(&cores[1][s * run..][..run])]
        };
        (0..rank).map(of).collect()
    }

    #[test]
    fn both_sides_get_one_norm_and_rows_stay_exact() {
        let shape = TtShape::new(&[5, 6], &[2, 4], &[4]).expect("valid");
        let cores = random_cores(shape.clone(), 30, 5).expect("fits");
        let wide = |core: &Vec<f32>| core.iter().map(|&x| f64::from(x)).collect();
        let mut parts: Vec<Vec<f64>> = cores.cores().iter().map(wide).collect();
        // Rows of rank index s are 4^s times as large.
        for (s, row) in parts[1].chunks_mut(24).enumerate() {
            row.iter_mut().for_each(|x| *x *= 4_f64.powi(s as i32));
        }
        let make = |parts: &[Vec<f64>]| {
            let narrow = |part: &Vec<f64>| part.iter().map(|&x| x as f32).collect();
            TtCores::new(shape.clone(), 30, parts.iter().map(narrow).collect()).expect("fits")
        };
        let before = make(&parts);
        balance(&shape, &mut parts);
        for [column, row] in norms(&parts, 4) {
            assert!((0.5..=2.0).contains(&(column / row)), "{column} {row}");
        }
        let after = make(&parts);
        assert_ne!(before, after);
        assert!((0..30).all(|row| before.row(row) == after.row(row)));
    }

    #[test]
    fn zeros_move_nothing() {
        let factors = [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0)].map(|(c, r)| factor(c, r));
        assert_eq!(factors, [1.0; 3]);
        assert_eq!((factor(1.0, 16.0), factor(16.0, 1.0)), (4.0, 0.25));
    }

    /// 20,000 rows of TT rank 8, padded to 20,412, so of ranks 12 and 16. With all scale in the last
    /// core the error was 0.163; balanced it is 0.0261.
    #[test]
    fn int8_rows_of_a_decomposed_table_are_near() {
        let (p, q) = ([27, 27, 28], [4, 4, 4]);
        let shape = TtShape::new(&p, &q, &[8, 8]).expect("valid");
        let table = dense_table(&random_cores(shape, 20_000, 1).expect("fits"));
        let target = Target {
            ranks: Some(vec![12, 16]),
            max_error: None,
            max_share: 1.0,
        };
        let found = decompose(&table, 20_000, &p, &q, &target, |_| ()).expect("compressible");
        assert!(found.error.relative < 1e-7, "{:?}", found.error);
        let quantised = quantise(&found.cores, Element::Int8).expect("small ranks");
        let error = quantisation_error(&found.cores, &quantised, 5000, 1).expect("fits");
        let relative = error.error.relative;
        assert!((0.01..0.035).contains(&relative), "{relative}");
    }
}
