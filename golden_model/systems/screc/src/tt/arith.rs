//! A row, operation by operation, as the hardware computes it: the specification that the fast path
//! must equal bit by bit.
//!
//! Stage k = 1..d-1 multiplies A (q_1..q_k rows of r_k columns; in the first stage the slice
//! G_1\[i_1\]) by B, the slice G_{k+1}\[i_{k+1}\] of r_k rows and q_{k+1} r_{k+1} columns (j, s).
//! Element (a, (j, s)) of the product is element (a q_{k+1} + j, s) of the next A. The r_k products
//! of an element are summed by a fixed tree: level by level neighbours (0, 1), (2, 3), ... are
//! added, an odd last one passing unchanged.
//!
//! bf16: products and sums are binary32, and all stages but the last round their result to bf16.
//! fp32: the same without that rounding. Results that are NaN are 0x7fc00000. int8: exact
//! integers, requantised after all stages but the last.

use super::Element;
use super::quantised::{QuantisedCores, Requant};
use models::num::{bf16_to_f32, f32_add, f32_mul, f32_to_bf16};

/// One row as bit patterns: binary32 for bf16 and fp32, a 32-bit integer for int8.
///
/// # Panics
/// If the row is beyond the shape's capacity.
#[must_use]
pub fn scalar_row(cores: &QuantisedCores, row: u64) -> Vec<u32> {
    assert!(row < cores.shape.capacity(), "row {row} is not addressed");
    let stages = cores.shape.cores() - 1;
    match cores.element {
        Element::Int8 => {
            let mut integers = Stages::new(cores);
            let sums = integers.integers(row, stages);
            sums.iter().map(|sum| sum.cast_unsigned()).collect()
        }
        Element::Bf16 | Element::Fp32 => floats(cores, row),
    }
}

/// Sums `terms` by the fixed tree.
pub(super) fn tree<T: Clone>(terms: &mut Vec<T>, add: impl Fn(T, T) -> T) -> T {
    while terms.len() > 1 {
        let pairs = terms.chunks(2).map(|pair| match pair {
            [a, b] => add(a.clone(), b.clone()),
            _ => pair[0].clone(),
        });
        *terms = pairs.collect();
    }
    terms[0].clone()
}

fn floats(cores: &QuantisedCores, row: u64) -> Vec<u32> {
    let shape = &cores.shape;
    let digits = shape.digits(row);
    let bf16 = cores.element == Element::Bf16;
    let widen = |bits: u32| {
        if bf16 { bf16_to_f32(bits as u16) } else { bits }
    };
    let mut product: Vec<u32> = slice(cores, 0, digits[0], 0)
        .iter()
        .map(|&x| widen(x))
        .collect();
    let mut terms = Vec::new();
    for (k, &digit) in digits.iter().enumerate().take(shape.cores()).skip(1) {
        let left = shape.r()[k];
        let mut next = Vec::new();
        for a in product.chunks_exact(left) {
            for column in 0..shape.q()[k] * shape.r()[k + 1] {
                terms.clear();
                terms.extend(
                    (0..left).map(|c| f32_mul(a[c], widen(slice(cores, k, digit, c)[column]))),
                );
                let sum = tree(&mut terms, f32_add);
                let last = k + 1 == shape.cores();
                next.push(if bf16 && !last {
                    bf16_to_f32(f32_to_bf16(sum))
                } else {
                    sum
                });
            }
        }
        product = next;
    }
    // A single sum of a single product is an operation's result already, so NaNs are canonical.
    product
}

/// Row `left` of the slice of core `k` at `digit`.
fn slice(cores: &QuantisedCores, k: usize, digit: usize, left: usize) -> &[u32] {
    let shape = &cores.shape;
    let run = shape.q()[k] * shape.r()[k + 1];
    &cores.cores[k][(left * shape.p()[k] + digit) * run..][..run]
}

/// Integer stages, with their buffers.
pub(super) struct Stages<'a> {
    cores: &'a QuantisedCores,
    product: Vec<i64>,
    next: Vec<i64>,
    sums: Vec<i32>,
}

impl<'a> Stages<'a> {
    pub(super) fn new(cores: &'a QuantisedCores) -> Self {
        Self {
            cores,
            product: Vec::new(),
            next: Vec::new(),
            sums: Vec::new(),
        }
    }

    /// Sums of stage `stages` of a row, not requantised.
    pub(super) fn integers(&mut self, row: u64, stages: usize) -> &[i32] {
        let shape = &self.cores.shape;
        let digits = shape.digits(row);
        let signed = |bits: u32| i64::from((bits as u8).cast_signed());
        self.product.clear();
        let first = slice(self.cores, 0, digits[0], 0);
        self.product.extend(first.iter().map(|&bits| signed(bits)));
        for (k, &digit) in digits.iter().enumerate().take(stages + 1).skip(1) {
            let run = shape.q()[k] * shape.r()[k + 1];
            self.next.clear();
            for a in self.product.chunks_exact(shape.r()[k]) {
                let start = self.next.len();
                self.next.resize(start + run, 0);
                // Exact, so the order of additions is free.
                for (c, &a) in a.iter().enumerate() {
                    let b = slice(self.cores, k, digit, c);
                    for (sum, &b) in self.next[start..].iter_mut().zip(b) {
                        *sum += a * signed(b);
                    }
                }
            }
            std::mem::swap(&mut self.product, &mut self.next);
            if k < stages {
                let by = self.cores.requant[k - 1];
                for sum in &mut self.product {
                    *sum = i64::from(requantised(*sum, by));
                }
            }
        }
        self.sums.clear();
        // At most 1024 products of at most 128 * 127.
        self.sums.extend(self.product.iter().map(|&sum| sum as i32));
        &self.sums
    }
}

/// See [`super::quantise`].
pub(super) fn requantised(sum: i64, by: Requant) -> i32 {
    let shift = 16 + u32::from(by.shift);
    let scaled = (sum * i64::from(by.mult) + (1 << (shift - 1))) >> shift;
    scaled.clamp(-128, 127) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_last_term_passes() {
        let sum = |count: u32| {
            let mut terms: Vec<String> = (0..count).map(|k| k.to_string()).collect();
            tree(&mut terms, |a, b| format!("({a}{b})"))
        };
        assert_eq!(sum(1), "0");
        assert_eq!(sum(4), "((01)(23))");
        assert_eq!(sum(7), "(((01)(23))((45)6))");
    }
}
