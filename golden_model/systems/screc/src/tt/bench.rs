//! Speed of the fast path against plain batched matrix products, on one thread, in one run.

use std::hint::black_box;
use std::time::Instant;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use serde::Serialize;

use super::{Element, FastCores, Reconstructor, Reuse, TtCores, TtError, TtShape, quantise};
use contract::SplitMix64;

/// Interleaved rounds; the best counts.
const ROUNDS: usize = 5;
/// Rows whose intermediate products the plain implementation holds at a time.
const GEMM_BATCH: usize = 512;

/// Rows per second of one way on one batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speed {
    /// `bf16`, `int8`, `fp32`: the fast path, bit-exact. `gemm`: plain matrix products in f32 by crate
    /// `faer`, for a batch stage after stage, one pair of slices per row, nothing reused.
    pub way: &'static str,
    /// Best of the rounds.
    pub rows_a_second: f64,
    /// Over `gemm` on the same rows.
    pub over_gemm: f64,
    /// What was computed.
    pub prefix_products: u64,
}

/// Speeds on one choice of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Workload {
    /// Which rows.
    pub rows: &'static str,
    /// All ways.
    pub speeds: Vec<Speed>,
}

/// All measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bench {
    /// Shape of the cores.
    pub shape: TtShape,
    /// Rows of the table.
    pub table_rows: usize,
    /// Rows of a batch.
    pub batch: usize,
    /// Seed of the rows.
    pub seed: u64,
    /// Interleaved rounds.
    pub rounds: usize,
    /// Uniform rows as they come; uniform rows in order; skewed rows in order.
    pub workloads: Vec<Workload>,
}

/// Measures on batches of `batch` rows.
///
/// # Errors
/// If an element type doesn't take these ranks.
pub fn bench(cores: &TtCores, batch: usize, seed: u64) -> Result<Bench, TtError> {
    let mut rng = SplitMix64::new(seed);
    let count = cores.rows() as f64;
    let uniform: Vec<u32> = (0..batch)
        .map(|_| rng.below(cores.rows() as u64) as u32)
        .collect();
    let mut sorted = uniform.clone();
    sorted.sort_unstable();
    // Popularity falls with row^(-3/4).
    let mut skewed: Vec<u32> = (0..batch)
        .map(|_| (rng.unit().powi(4) * count) as u32)
        .collect();
    skewed.sort_unstable();
    let fast = Element::ALL
        .into_iter()
        .map(|element| Ok(FastCores::new(&quantise(cores, element)?)))
        .collect::<Result<Vec<_>, TtError>>()?;
    let mut reconstructors: Vec<_> = fast.iter().map(Reconstructor::new).collect();
    let mut gemm = Gemm::new(cores);

    let mut workloads = Vec::new();
    for (name, rows) in [
        ("uniform, unsorted", uniform),
        ("uniform, sorted", sorted),
        ("skewed (row = table rows * u^4), sorted", skewed),
    ] {
        let mut bits = vec![0; batch * cores.columns()];
        let mut reals = vec![0.0; batch * cores.columns()];
        let mut best = vec![f64::INFINITY; Element::ALL.len() + 1];
        let mut reuse = [Reuse::default(); Element::ALL.len()];
        for _ in 0..ROUNDS {
            let mut best = best.iter_mut();
            for (rec, reuse) in reconstructors.iter_mut().zip(&mut reuse) {
                let started = Instant::now();
                *reuse = rec.rows(black_box(&rows), &mut bits)?;
                black_box(&bits);
                keep(best.next(), started);
            }
            let started = Instant::now();
            gemm.rows(black_box(&rows), &mut reals);
            black_box(&reals);
            keep(best.next(), started);
        }
        let speed = |seconds: &f64| batch as f64 / seconds;
        let plain = speed(&best[Element::ALL.len()]);
        let ways = Element::ALL.map(Element::name).into_iter().chain(["gemm"]);
        let computed = reuse.iter().map(|reuse| reuse.prefix_products);
        let computed = computed.chain([batch as u64]);
        let speeds = ways
            .zip(&best)
            .zip(computed)
            .map(|((way, seconds), prefix_products)| Speed {
                way,
                rows_a_second: speed(seconds),
                over_gemm: speed(seconds) / plain,
                prefix_products,
            });
        workloads.push(Workload {
            rows: name,
            speeds: speeds.collect(),
        });
    }
    Ok(Bench {
        shape: cores.shape().clone(),
        table_rows: cores.rows(),
        batch,
        seed,
        rounds: ROUNDS,
        workloads,
    })
}

fn keep(best: Option<&mut f64>, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    if let Some(best) = best {
        *best = best.min(seconds);
    }
}

/// The plain implementation.
struct Gemm {
    shape: TtShape,
    /// By core: slice after slice, each row-major.
    cores: Vec<Vec<f32>>,
    /// By stage: products of a batch.
    products: Vec<Vec<f32>>,
    digits: Vec<[usize; 4]>,
}

impl Gemm {
    fn new(cores: &TtCores) -> Self {
        let shape = cores.shape().clone();
        let (p, q, r) = (shape.p(), shape.q(), shape.r());
        let ordered = |k: usize| -> Vec<f32> {
            let run = q[k] * r[k + 1];
            let pairs = (0..p[k]).flat_map(|i| (0..r[k]).map(move |a| (a, i)));
            pairs
                .flat_map(|(a, i)| {
                    cores.cores()[k][(a * p[k] + i) * run..][..run]
                        .iter()
                        .copied()
                })
                .collect()
        };
        let len = |k: usize| q[..=k].iter().product::<usize>() * r[k + 1] * GEMM_BATCH;
        Self {
            cores: (0..shape.cores()).map(ordered).collect(),
            products: (1..shape.cores() - 1).map(|k| vec![0.0; len(k)]).collect(),
            digits: Vec::new(),
            shape,
        }
    }

    fn rows(&mut self, rows: &[u32], out: &mut [f32]) {
        let columns = self.shape.columns();
        for (rows, out) in rows
            .chunks(GEMM_BATCH)
            .zip(out.chunks_mut(GEMM_BATCH * columns))
        {
            self.digits.clear();
            self.digits
                .extend(rows.iter().map(|&row| self.shape.digits(row.into())));
            for k in 1..self.shape.cores() {
                self.stage(k, out);
            }
        }
    }

    /// Multiplies by the slices of core `k`, for the whole batch.
    fn stage(&mut self, k: usize, out: &mut [f32]) {
        let (q, r) = (self.shape.q(), self.shape.r());
        let height: usize = q[..k].iter().product();
        let (rank, width) = (r[k], q[k] * r[k + 1]);
        let last = k + 1 == self.shape.cores();
        let (before, after) = self.products.split_at_mut(k - 1);
        let into = if last { out } else { &mut after[0] };
        let each = self
            .digits
            .iter()
            .zip(into.chunks_exact_mut(height * width));
        for (at, (digits, into)) in each.enumerate() {
            let left = match before.last() {
                Some(products) => &products[at * height * rank..][..height * rank],
                None => &self.cores[0][digits[0] * height * rank..][..height * rank],
            };
            let right = &self.cores[k][digits[k] * rank * width..][..rank * width];
            matmul(
                MatMut::from_row_major_slice_mut(into, height, width),
                Accum::Replace,
                MatRef::from_row_major_slice(left, height, rank),
                MatRef::from_row_major_slice(right, rank, width),
                1.0,
                Par::Seq,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cores;

    /// The plain implementation computes what it is compared with.
    #[test]
    fn plain_products_are_the_rows() {
        for (p, q, r) in [
            (&[3, 4][..], &[2, 3][..], &[5][..]),
            (&[5, 6, 7], &[4, 4, 4], &[16, 16]),
            (&[2, 2, 3, 2], &[1, 2, 2, 3], &[2, 3, 2]),
        ] {
            let shape = TtShape::new(p, q, r).expect("valid");
            let count = shape.capacity() as usize;
            let cores = random_cores(shape, count, 4).expect("fits");
            let rows: Vec<u32> = (0..count as u32).rev().collect();
            let columns = cores.columns();
            let mut out = vec![0.0; count * columns];
            Gemm::new(&cores).rows(&rows, &mut out);
            for (&row, is) in rows.iter().zip(out.chunks(columns)) {
                for (&is, should) in is.iter().zip(cores.row(row.into())) {
                    assert!((f64::from(is) - should).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn every_way_is_measured() {
        let shape = TtShape::new(&[5, 6, 7], &[2, 2, 2], &[4, 4]).expect("valid");
        let cores = random_cores(shape, 210, 4).expect("fits");
        let bench = bench(&cores, 1000, 1).expect("small ranks");
        assert_eq!(bench.workloads.len(), 3);
        for workload in &bench.workloads {
            assert_eq!(workload.speeds.len(), 4);
            assert!(
                workload
                    .speeds
                    .iter()
                    .all(|speed| speed.rows_a_second > 0.0)
            );
            assert!(workload.speeds[0].prefix_products <= 30);
        }
    }
}
