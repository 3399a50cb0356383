//! Rows in bulk, bit by bit as [`super::scalar_row`] has them.
//!
//! All element types compute in f32 lanes: bf16 products are exact in binary32, and int8 sums of at
//! most 1024 products stay below 2^24, where f32 counts exactly. NaNs need no care between
//! operations: an operation's result is NaN whatever the payload of a NaN operand is, and no NaN
//! leads back to a number, so the same elements are NaN as in the specification, and replacing
//! them where they are rounded or written gives the same bits.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;
use serde::Serialize;

use super::finish::{Bf16, Finish, Fp32, Int8};
use super::kernel::product;
use super::quantised::Requant;
use super::{Element, QuantisedCores, TtError, TtShape};
use models::num::bf16_to_f32;

/// Rows that one thread takes at a time.
const CHUNK: usize = 1 << 14;

/// Quantised cores, widened to f32 and ordered for speed: digit first.
#[derive(Clone, Debug)]
pub struct FastCores {
    element: Element,
    shape: TtShape,
    rows: usize,
    /// By core: slice after slice. Of the first core, if it is the last but one, slices are
    /// transposed to (rank, column digit); those of the last are (column digit, rank).
    cores: Vec<Vec<f32>>,
    requant: Vec<Requant>,
}

/// What a batch took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reuse {
    /// Rows reconstructed.
    pub rows: u64,
    /// Products of all digits but the last that were computed; with two cores there are none to
    /// compute, and changes of the first digit are counted.
    pub prefix_products: u64,
}

impl FastCores {
    /// Widens and reorders.
    #[must_use]
    pub fn new(cores: &QuantisedCores) -> Self {
        let shape = cores.shape.clone();
        let d = shape.cores();
        let widen = |bits: u32| match cores.element {
            Element::Fp32 => f32::from_bits(bits),
            Element::Bf16 => f32::from_bits(bf16_to_f32(bits as u16)),
            Element::Int8 => f32::from((bits as u8).cast_signed()),
        };
        let ordered = |k: usize| {
            let (p, q, left, right) = (shape.p()[k], shape.q()[k], shape.r()[k], shape.r()[k + 1]);
            let mut slices = Vec::with_capacity(shape.core_len(k));
            let at = |a: usize, i: usize, j: usize, b: usize| {
                widen(cores.cores[k][((a * p + i) * q + j) * right + b])
            };
            for i in 0..p {
                if k + 1 == d {
                    slices.extend(
                        (0..q)
                            .flat_map(|j| (0..left).map(move |a| (a, j)))
                            .map(|(a, j)| at(a, i, j, 0)),
                    );
                } else if k + 2 == d && k == 0 {
                    slices.extend(
                        (0..right)
                            .flat_map(|b| (0..q).map(move |j| (j, b)))
                            .map(|(j, b)| at(0, i, j, b)),
                    );
                } else {
                    let run = q * right;
                    for a in 0..left {
                        slices.extend((0..run).map(|jb| at(a, i, jb / right, jb % right)));
                    }
                }
            }
            slices
        };
        Self {
            element: cores.element,
            rows: cores.rows,
            cores: (0..d).map(ordered).collect(),
            requant: cores.requant.clone(),
            shape,
        }
    }

    /// Elements of a row.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.shape.columns()
    }

    /// Rows of the table.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Like [`Reconstructor::rows`], with all processors. Reuse ends at every 16384th row.
    ///
    /// # Errors
    /// If a row is beyond the table.
    pub fn rows_parallel(&self, rows: &[u32], out: &mut [u32]) -> Result<Reuse, TtError> {
        let parts = rows.par_chunks(CHUNK);
        let outs = out.par_chunks_mut(CHUNK * self.columns());
        let each = parts.zip(outs).map_init(
            || Reconstructor::new(self),
            |rec, (rows, out)| rec.rows(rows, out),
        );
        each.try_reduce(Reuse::default, |a, b| {
            Ok(Reuse {
                rows: a.rows + b.rows,
                prefix_products: a.prefix_products + b.prefix_products,
            })
        })
    }

    fn slice(&self, k: usize, digit: usize) -> &[f32] {
        let len = self.shape.core_len(k) / self.shape.p()[k];
        &self.cores[k][digit * len..][..len]
    }
}

/// Reconstructs batches, with the buffers it takes.
#[derive(Debug)]
pub struct Reconstructor<'a> {
    cores: &'a FastCores,
    arch: pulp::Arch,
    /// Products of the first two, three, ... digits, the longest transposed.
    products: Vec<Vec<f32>>,
    scratch: Vec<f32>,
    /// A result, before it goes to its place.
    row: Vec<u32>,
    /// Row numbers (high half) with their places (low half), sorted.
    order: Vec<u64>,
}

impl<'a> Reconstructor<'a> {
    /// Ready for the first batch.
    #[must_use]
    pub fn new(cores: &'a FastCores) -> Self {
        let shape = &cores.shape;
        let len = |k: usize| shape.q()[..=k].iter().product::<usize>() * shape.r()[k + 1];
        Self {
            cores,
            arch: pulp::Arch::new(),
            products: (1..shape.cores() - 1).map(|k| vec![0.0; len(k)]).collect(),
            scratch: Vec::new(),
            row: vec![0; cores.columns()],
            order: Vec::new(),
        }
    }

    /// Reconstructs `rows` in any order into `out`, one row after the other. Rows with a common
    /// prefix are computed together; rows in ascending order save the sorting.
    ///
    /// # Errors
    /// If a row is beyond the table.
    ///
    /// # Panics
    /// If `out` hasn't `rows.len() * columns()` elements.
    pub fn rows(&mut self, rows: &[u32], out: &mut [u32]) -> Result<Reuse, TtError> {
        assert_eq!(out.len(), rows.len() * self.cores.columns(), "one row each");
        if let Some(row) = rows.iter().find(|&&row| row as usize >= self.cores.rows) {
            let last = self.cores.rows - 1;
            return Err(TtError::value(
                "row",
                row,
                format!("the table has rows 0 to {last}"),
            ));
        }
        self.order.clear();
        let places = rows.iter().zip(0_u64..);
        self.order
            .extend(places.map(|(&row, place)| u64::from(row) << 32 | place));
        if !self.order.is_sorted() {
            self.order.sort_unstable();
        }
        let prefix_products = match self.cores.element {
            Element::Bf16 => self.batch(Bf16, out),
            Element::Fp32 => self.batch(Fp32, out),
            Element::Int8 => self.batch(Int8::new(&self.cores.requant), out),
        };
        Ok(Reuse {
            rows: rows.len() as u64,
            prefix_products,
        })
    }

    fn batch(&mut self, finish: impl Finish, out: &mut [u32]) -> u64 {
        self.arch.dispatch(Batch {
            cores: self.cores,
            finish,
            products: &mut self.products,
            scratch: &mut self.scratch,
            row: &mut self.row,
            order: &self.order,
            out,
        })
    }
}

/// The work of one batch, compiled for what the processor has.
struct Batch<'a, F> {
    cores: &'a FastCores,
    finish: F,
    products: &'a mut [Vec<f32>],
    scratch: &'a mut Vec<f32>,
    row: &'a mut [u32],
    order: &'a [u64],
    out: &'a mut [u32],
}

impl<F: Finish> WithSimd for Batch<'_, F> {
    type Output = u64;

    /// Computes the rows of `order`, and counts prefix products.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> u64 {
        let shape = &self.cores.shape;
        let d = shape.cores();
        let columns = shape.columns();
        let mut before: Option<[usize; 4]> = None;
        let mut computed = 0;
        for entry in self.order {
            let digits = shape.digits(entry >> 32);
            let place = (entry & 0xffff_ffff) as usize;
            // The first core that sees a new digit.
            let from = before.map_or(0, |before| {
                let changed = (0..d - 1).find(|&k| digits[k] != before[k]);
                changed.unwrap_or(d - 1)
            });
            before = Some(digits);
            computed += u64::from(from < d - 1);
            for k in from.max(1)..d - 1 {
                let (done, next) = self.products.split_at_mut(k - 1);
                let left = match done.last() {
                    Some(left) => left,
                    None => self.cores.slice(0, digits[0]),
                };
                let right = self.cores.slice(k, digits[k]);
                let (q, r) = (shape.q()[k], shape.r()[k + 1]);
                if k + 2 < d {
                    product(simd, left, right, shape.r()[k], q * r, &mut next[0]);
                    self.finish.between(k - 1, &mut next[0]);
                } else {
                    self.scratch.resize(next[0].len(), 0.0);
                    product(simd, left, right, shape.r()[k], q * r, self.scratch);
                    self.finish.between(k - 1, self.scratch);
                    transpose(self.scratch, r, &mut next[0]);
                }
            }
            // The left factor is transposed, so that lanes are its rows: q_d may be as small as 1.
            let left = match self.products.last() {
                Some(left) => left,
                None => self.cores.slice(0, digits[0]),
            };
            let right = self.cores.slice(d - 1, digits[d - 1]);
            let q = shape.q()[d - 1];
            self.scratch.resize(columns, 0.0);
            product(
                simd,
                right,
                left,
                shape.r()[d - 1],
                columns / q,
                self.scratch,
            );
            match q {
                4 => turn::<4>(&self.finish, self.scratch, 4, self.row),
                8 => turn::<8>(&self.finish, self.scratch, 8, self.row),
                _ => turn::<0>(&self.finish, self.scratch, q, self.row),
            }
            // `out` is far away if rows are in no order, and single stores would wait for it.
            self.out[place * columns..][..columns].copy_from_slice(self.row);
        }
        computed
    }
}

/// From rows of `width` to columns.
#[inline(always)]
fn transpose(from: &[f32], width: usize, into: &mut [f32]) {
    let height = from.len() / width;
    for (row, from) in from.chunks_exact(width).enumerate() {
        for (element, into) in from.iter().zip(into[row..].iter_mut().step_by(height)) {
            *into = *element;
        }
    }
}

/// Bits of the last stage's sums, from (j, row) to (row, j). `Q` is q where it is known when this is
/// compiled, else 0.
#[inline(always)]
fn turn<const Q: usize>(finish: &impl Finish, sums: &[f32], q: usize, out: &mut [u32]) {
    let q = if Q > 0 { Q } else { q };
    let height = sums.len() / q;
    for (row, out) in out.chunks_exact_mut(q).enumerate() {
        for (j, bits) in out.iter_mut().enumerate() {
            *bits = finish.bits(sums[j * height + row]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quantise, random_cores, scalar_row};
    use contract::SplitMix64;
    use proptest::prelude::*;

    fn check(cores: &QuantisedCores, seed: u64) {
        let fast = FastCores::new(cores);
        let mut rng = SplitMix64::new(seed);
        let rows: Vec<u32> = (0..30)
            .map(|_| rng.below(cores.rows as u64) as u32)
            .collect();
        let columns = fast.columns();
        let mut out = vec![0; rows.len() * columns];
        let reuse = Reconstructor::new(&fast)
            .rows(&rows, &mut out)
            .expect("in the table");
        for (&row, is) in rows.iter().zip(out.chunks(columns)) {
            assert_eq!(
                is,
                scalar_row(cores, u64::from(row)),
                "row {row} of {:?}",
                cores.shape
            );
        }
        let p = *cores.shape.p().last().expect("two or more") as u32;
        let mut prefixes: Vec<u32> = rows.iter().map(|row| row / p).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(reuse.prefix_products, prefixes.len() as u64);
        let mut again = vec![0; out.len()];
        let parallel = fast.rows_parallel(&rows, &mut again).expect("in the table");
        assert_eq!((again, parallel), (out, reuse));
    }

    fn shapes() -> impl Strategy<Value = TtShape> {
        (2_usize..=4).prop_flat_map(|d| {
            let numbers = |max: usize, len: usize| proptest::collection::vec(1..=max, len);
            (numbers(4, d), numbers(5, d), numbers(21, d - 1))
                .prop_map(|(p, q, r)| TtShape::new(&p, &q, &r).expect("valid"))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn equals_the_specification(shape in shapes(), seed: u64) {
            let rows = shape.capacity() as usize;
            let cores = random_cores(shape, rows, seed).expect("fits");
            for element in Element::ALL {
                check(&quantise(&cores, element).expect("small ranks"), seed);
            }
        }

        /// Any bits: infinities, NaNs and subnormals everywhere.
        #[test]
        fn equals_the_specification_on_any_bits(shape in shapes(), seed: u64, sparse: bool) {
            let rows = shape.capacity() as usize;
            let mut rng = SplitMix64::new(seed);
            let cores = random_cores(shape, rows, seed).expect("fits");
            for element in [Element::Bf16, Element::Fp32] {
                let mut cores = quantise(&cores, element).expect("floats");
                for bits in cores.cores.iter_mut().flatten() {
                    if !sparse || rng.chance(0.02) {
                        let any = rng.next_u64() as u32;
                        *bits = if element == Element::Bf16 { any >> 16 } else { any };
                    }
                }
                check(&cores, seed);
            }
        }
    }

    #[test]
    fn usual_and_large_ranks() {
        for (p, q, r) in [
            (&[3, 4, 5][..], &[4, 4, 4][..], &[16, 16][..]),
            (&[3, 2, 2], &[4, 4, 4], &[32, 8]),
            (&[2, 2], &[8, 8], &[1024]),
            (&[2, 2], &[2, 3], &[999]),
            (&[3, 3, 3, 3], &[2, 4, 2, 4], &[4, 16, 8]),
        ] {
            let shape = TtShape::new(p, q, r).expect("valid");
            let rows = shape.capacity() as usize - 1;
            let cores = random_cores(shape, rows, 9).expect("fits");
            for element in Element::ALL {
                check(&quantise(&cores, element).expect("small ranks"), 5);
            }
        }
    }

    #[test]
    fn rows_beyond_the_table() {
        let shape = TtShape::new(&[2, 2], &[1, 1], &[1]).expect("valid");
        let cores = random_cores(shape, 3, 1).expect("fits");
        let fast = FastCores::new(&quantise(&cores, Element::Fp32).expect("floats"));
        let refused = Reconstructor::new(&fast).rows(&[0, 3], &mut [0; 2]);
        assert_eq!(
            refused.expect_err("refused").to_string(),
            "row = 3: the table has rows 0 to 2"
        );
    }
}
