//! Whole tables from their cores, by matrix products in f64: how far cores are from a table, and
//! tables of a known TT rank.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;
use serde::Serialize;

use super::{TtCores, TtError, TtShape};
use contract::SplitMix64;

/// Error of rows against those of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Deviation {
    /// Frobenius norm of the difference over that of the table (the difference itself where the
    /// table is zero).
    pub relative: f64,
    /// Largest difference of an element.
    pub largest: f64,
    /// Largest element of the table, absolute.
    pub largest_element: f64,
}

/// Sums of a deviation over parts of a table.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    difference: f64,
    table: f64,
    largest: f64,
    largest_element: f64,
}

impl Sums {
    /// Adds a pair of elements.
    pub(super) fn add(&mut self, is: f64, should: f64) {
        let difference = is - should;
        self.difference += difference * difference;
        self.table += should * should;
        self.largest = self.largest.max(difference.abs());
        self.largest_element = self.largest_element.max(should.abs());
    }

    /// Sums over both parts.
    pub(super) fn merge(self, other: Self) -> Self {
        Self {
            difference: self.difference + other.difference,
            table: self.table + other.table,
            largest: self.largest.max(other.largest),
            largest_element: self.largest_element.max(other.largest_element),
        }
    }

    /// The deviation.
    pub(super) fn deviation(self) -> Deviation {
        let scale = if self.table > 0.0 { self.table } else { 1.0 };
        Deviation {
            relative: (self.difference / scale).sqrt(),
            largest: self.largest,
            largest_element: self.largest_element,
        }
    }
}

/// Row-major view of `data`.
pub(super) fn view(data: &[f64], rows: usize, columns: usize) -> MatRef<'_, f64> {
    MatRef::from_row_major_slice(data, rows, columns)
}

/// Row-major view of `data`.
pub(super) fn view_mut(data: &mut [f64], rows: usize, columns: usize) -> MatMut<'_, f64> {
    MatMut::from_row_major_slice_mut(data, rows, columns)
}

/// Cores widened to f64.
fn widened(cores: &TtCores) -> Vec<Vec<f64>> {
    let widen = |core: &Vec<f32>| core.iter().map(|&element| f64::from(element)).collect();
    cores.cores().iter().map(widen).collect()
}

/// All rows whose first digit is `first`, row-major: `prod(p) / p[0]` rows.
fn slab(shape: &TtShape, cores: &[Vec<f64>], first: usize) -> Vec<f64> {
    let (p, q, r) = (shape.p(), shape.q(), shape.r());
    let mut product = cores[0][first * q[0] * r[1]..][..q[0] * r[1]].to_vec();
    let (mut rows, mut columns) = (1, q[0]);
    for k in 1..shape.cores() {
        let mut next = vec![0.0; rows * columns * p[k] * q[k] * r[k + 1]];
        let width = p[k] * q[k] * r[k + 1];
        matmul(
            view_mut(&mut next, rows * columns, width),
            Accum::Replace,
            view(&product, rows * columns, r[k]),
            view(&cores[k], r[k], width),
            1.0,
            Par::Seq,
        );
        // Axes (row, column, digit, column digit x rank) to (row, digit, column, ...).
        product = vec![0.0; next.len()];
        let run = q[k] * r[k + 1];
        for row in 0..rows {
            for column in 0..columns {
                for digit in 0..p[k] {
                    let from = ((row * columns + column) * p[k] + digit) * run;
                    let to = ((row * p[k] + digit) * columns + column) * run;
                    product[to..to + run].copy_from_slice(&next[from..from + run]);
                }
            }
        }
        rows *= p[k];
        columns *= q[k];
    }
    product
}

/// Error of the rows of `cores` against those of `table`, row-major, all rows compared in f64.
///
/// # Errors
/// If the table has another size.
pub fn deviation(cores: &TtCores, table: &[f32]) -> Result<Deviation, TtError> {
    let (rows, columns) = (cores.rows(), cores.columns());
    if table.len() != rows * columns {
        let why = format!("the cores make {rows} rows of {columns}");
        return Err(TtError::value("elements of the table", table.len(), why));
    }
    let wide = widened(cores);
    let chunk = (cores.shape().capacity() / cores.shape().p()[0] as u64) as usize * columns;
    let sums = table
        .par_chunks(chunk)
        .enumerate()
        .map(|(first, should)| {
            let mut sums = Sums::default();
            let slab = slab(cores.shape(), &wide, first);
            for (&is, &should) in slab.iter().zip(should) {
                sums.add(is, f64::from(should));
            }
            sums
        })
        .reduce(Sums::default, Sums::merge);
    Ok(sums.deviation())
}

/// Cores with independent elements of standard deviation `prod(r)^(-1/2d)`, so that the table's
/// elements have standard deviation 1. Each element is the sum of twelve uniform numbers, which is
/// close to normal (Irwin and Hall), the same on every host.
///
/// # Errors
/// If the shape cannot address that many rows.
pub fn random_cores(shape: TtShape, rows: usize, seed: u64) -> Result<TtCores, TtError> {
    let mut rng = SplitMix64::new(seed);
    let d = shape.cores();
    let ranks: f64 = shape.r().iter().map(|&rank| rank as f64).product();
    let deviation = ranks.powf(-0.5 / d as f64);
    let mut normal = || (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0;
    let cores = (0..d)
        .map(|k| {
            let elements = 0..shape.core_len(k);
            elements.map(|_| (normal() * deviation) as f32).collect()
        })
        .collect();
    TtCores::new(shape, rows, cores)
}

/// The table of these cores, row-major, each element rounded once from f64.
#[must_use]
pub fn dense_table(cores: &TtCores) -> Vec<f32> {
    let columns = cores.columns();
    let wide = widened(cores);
    let chunk = (cores.shape().capacity() / cores.shape().p()[0] as u64) as usize * columns;
    let mut table = vec![0.0; cores.rows() * columns];
    table
        .par_chunks_mut(chunk)
        .enumerate()
        .for_each(|(first, part)| {
            let slab = slab(cores.shape(), &wide, first);
            for (element, is) in part.iter_mut().zip(slab) {
                *element = is as f32;
            }
        });
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_are_the_rows() {
        for (p, q, r) in [
            (&[3, 4][..], &[2, 3][..], &[5][..]),
            (&[2, 3, 4], &[2, 1, 3], &[3, 2]),
            (&[2, 2, 3, 2], &[1, 2, 2, 3], &[2, 3, 2]),
        ] {
            let shape = TtShape::new(p, q, r).expect("valid");
            let rows = shape.capacity() as usize - 1;
            let cores = random_cores(shape, rows, 4).expect("fits");
            let table = dense_table(&cores);
            let columns = cores.columns();
            for (row, is) in table.chunks(columns).enumerate() {
                for (is, should) in is.iter().zip(cores.row(row as u64)) {
                    assert!((f64::from(*is) - should).abs() < 1e-6);
                }
            }
            let deviation = deviation(&cores, &table).expect("fits");
            assert!(deviation.relative < 1e-7, "{deviation:?}");
        }
    }
}
