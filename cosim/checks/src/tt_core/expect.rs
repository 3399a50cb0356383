//! What a row is: section 2 of `docs/tt_core.md` in plain loops, and the same in f64.

use blocks::tt_core::{Element, TtCoreConfig};

use super::command::Cores;
use super::shape;

/// Unit roundoff of binary32 and of bf16.
const BINARY32: f64 = 1.0 / (1 << 24) as f64;
const BF16: f64 = 1.0 / (1 << 8) as f64;
/// Smallest normal number of both formats.
const NORMAL: f32 = f32::MIN_POSITIVE;
const NAN: u32 = 0x7fc0_0000;

/// A row or a sum of rows.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// Bit for bit.
    pub words: Vec<u32>,
    /// In real numbers, where neither over- nor underflow has happened.
    reference: Option<Reference>,
}

/// The row in f64, and what it may differ by.
///
/// A row's element is a sum over paths of products of one word of each core. On its way each path
/// takes, in stage k, one product and log2 r_k sums, rounded to binary32, and behind all stages but
/// the last, for bf16, one rounding to bf16. Each multiplies it by 1 + x with x up to the unit
/// roundoff. So with n = sum of (1 + log2 r_k) the element is off by at most
/// `(1 + 2^-24)^n (1 + 2^-8)^(d-2) - 1` times the sum of the absolute values of all paths. Adding m
/// rows takes each path through up to m - 1 more roundings. (Underflow adds absolute errors, hence
/// the condition. Sums that underflow are exact.)
#[derive(Clone, Debug)]
struct Reference {
    values: Vec<f64>,
    /// Sums of the absolute values.
    sizes: Vec<f64>,
    rows: i32,
}

/// The row of an id.
pub(super) fn row(config: &TtCoreConfig, cores: &Cores, id: u64) -> Value {
    let digits = shape::digits(config, id);
    match config.element {
        Element::Int8 => Value {
            words: int_row(config, cores, &digits),
            reference: None,
        },
        _ => {
            let (words, ranged) = float_row(config, cores, &digits);
            let reference = ranged.then(|| reference(config, cores, &digits));
            Value { words, reference }
        }
    }
}

impl Value {
    /// The sum of rows so far, and one more.
    pub fn add(&mut self, element: Element, other: &Self) {
        for (sum, &word) in self.words.iter_mut().zip(&other.words) {
            *sum = match element {
                Element::Int8 => sum.wrapping_add(word),
                _ => add(*sum, word),
            };
        }
        let own = self.reference.take();
        self.reference = own.zip(other.reference.as_ref()).map(|(mut own, other)| {
            let pairs = own.values.iter_mut().zip(&other.values);
            pairs.for_each(|(sum, value)| *sum += value);
            let pairs = own.sizes.iter_mut().zip(&other.sizes);
            pairs.for_each(|(sum, size)| *sum += size);
            own.rows += other.rows;
            own
        });
    }

    /// Whether real numbers say so, too; `None` if they don't apply.
    pub fn within_bound(&self, config: &TtCoreConfig) -> Option<bool> {
        let reference = self.reference.as_ref()?;
        let roundings: u32 = config.ranks.iter().map(|rank| 1 + rank.ilog2()).sum();
        let conversions = match config.element {
            Element::Bf16 => config.p.len() as i32 - 2,
            _ => 0,
        };
        let factor = (1.0 + BINARY32).powi(roundings as i32 + reference.rows - 1)
            * (1.0 + BF16).powi(conversions);
        // f64 rounds, too, 2^-29 as much.
        let bound = (factor - 1.0) * (1.0 + 1e-6);
        let pairs = reference.values.iter().zip(&reference.sizes);
        let within = pairs.zip(&self.words).all(|((value, size), &word)| {
            let word = f32::from_bits(word);
            // A sum of rows may overflow.
            !word.is_finite() || (f64::from(word) - value).abs() <= bound * size
        });
        Some(within)
    }
}

/// The words of a line of core `core` (from 0).
fn line<'a>(config: &TtCoreConfig, cores: &'a Cores, core: usize, line: usize) -> &'a [u32] {
    let words = shape::rank(config, core.saturating_sub(1));
    &cores.words[core][line * words..][..words]
}

/// Core 1's slice: `q_1` rows of `r_1` words.
fn first(config: &TtCoreConfig, cores: &Cores, digit: usize) -> Vec<u32> {
    let rows = config.q[0] as usize;
    (0..rows)
        .flat_map(|row| line(config, cores, 0, digit * rows + row))
        .copied()
        .collect()
}

/// A column of the slice of core `core`.
fn column<'a>(
    config: &TtCoreConfig,
    cores: &'a Cores,
    core: usize,
    digit: usize,
    at: usize,
) -> &'a [u32] {
    let columns = config.q[core] as usize * shape::rank(config, core);
    line(config, cores, core, digit * columns + at)
}

/// Sums of neighbours, level by level.
fn tree<T: Copy>(mut terms: Vec<T>, add: impl Fn(T, T) -> T) -> T {
    while terms.len() > 1 {
        terms = terms.chunks(2).map(|pair| add(pair[0], pair[1])).collect();
    }
    terms[0]
}

fn int_row(config: &TtCoreConfig, cores: &Cores, digits: &[usize]) -> Vec<u32> {
    let widen = |word: u32| i64::from(word as u8 as i8);
    let mut product: Vec<i64> = first(config, cores, digits[0])
        .into_iter()
        .map(widen)
        .collect();
    for core in 1..digits.len() {
        let rank = shape::rank(config, core - 1);
        let width = config.q[core] as usize * shape::rank(config, core);
        let mut next = Vec::new();
        for row in product.chunks(rank) {
            for at in 0..width {
                let column = column(config, cores, core, digits[core], at);
                let terms = row.iter().zip(column).map(|(a, &b)| a * widen(b));
                next.push(tree(terms.collect(), |a, b| a + b));
            }
        }
        if core + 1 < digits.len() {
            let (mult, shift) = cores.requant[core - 1];
            for x in &mut next {
                let scaled = *x * i64::from(mult) + (1 << (15 + shift));
                *x = (scaled >> (16 + shift)).clamp(-128, 127);
            }
        }
        product = next;
    }
    product.into_iter().map(|x| x as i32 as u32).collect()
}

/// The row, and whether nothing over- or underflowed.
fn float_row(config: &TtCoreConfig, cores: &Cores, digits: &[usize]) -> (Vec<u32>, bool) {
    let bf16 = config.element == Element::Bf16;
    let widen = |word: u32| if bf16 { word << 16 } else { word };
    let mut ranged = true;
    let mut product: Vec<u32> = first(config, cores, digits[0])
        .into_iter()
        .map(widen)
        .collect();
    for core in 1..digits.len() {
        let rank = shape::rank(config, core - 1);
        let width = config.q[core] as usize * shape::rank(config, core);
        let mut next = Vec::new();
        for row in product.chunks(rank) {
            for at in 0..width {
                let column = column(config, cores, core, digits[core], at);
                let terms = row.iter().zip(column).map(|(&a, &b)| {
                    let b = widen(b);
                    let zero = a << 1 == 0 || b << 1 == 0;
                    let term = multiply(a, b);
                    ranged &= zero || f32::from_bits(term).abs() >= NORMAL;
                    term
                });
                next.push(tree(terms.collect(), add));
            }
        }
        ranged &= next.iter().all(|&sum| f32::from_bits(sum).is_finite());
        if bf16 && core + 1 < digits.len() {
            for sum in &mut next {
                ranged &= *sum << 1 == 0 || f32::from_bits(*sum).abs() >= NORMAL;
                *sum = round_to_bf16(*sum);
                ranged &= f32::from_bits(*sum).is_finite();
            }
        }
        product = next;
    }
    (product, ranged)
}

/// Element by element, one vector through all cores.
fn reference(config: &TtCoreConfig, cores: &Cores, digits: &[usize]) -> Reference {
    let real = |word: u32| match config.element {
        Element::Bf16 => f64::from(f32::from_bits(word << 16)),
        _ => f64::from(f32::from_bits(word)),
    };
    let contract = |element: usize, part: fn(f64) -> f64| {
        let mut rest = config.columns() as usize;
        let mut factor = element;
        let mut vector = Vec::new();
        for core in 0..digits.len() {
            rest /= config.q[core] as usize;
            let j = factor / rest;
            factor %= rest;
            let real = |&word: &u32| part(real(word));
            if core == 0 {
                let row = digits[0] * config.q[0] as usize + j;
                vector = line(config, cores, 0, row).iter().map(real).collect();
                continue;
            }
            let rank = shape::rank(config, core);
            let entry = |s| {
                let column = column(config, cores, core, digits[core], j * rank + s);
                let terms = column.iter().map(real).zip(&vector);
                terms.map(|(b, a): (f64, &f64)| a * b).sum()
            };
            vector = (0..rank).map(entry).collect();
        }
        vector[0]
    };
    let elements = 0..config.columns() as usize;
    Reference {
        values: elements.clone().map(|e| contract(e, |x| x)).collect(),
        sizes: elements.map(|e| contract(e, f64::abs)).collect(),
        rows: 1,
    }
}

fn encode(value: f32) -> u32 {
    if value.is_nan() { NAN } else { value.to_bits() }
}

fn multiply(a: u32, b: u32) -> u32 {
    encode(f32::from_bits(a) * f32::from_bits(b))
}

fn add(a: u32, b: u32) -> u32 {
    encode(f32::from_bits(a) + f32::from_bits(b))
}

/// The nearest bf16, ties to even, as a binary32 number.
fn round_to_bf16(x: u32) -> u32 {
    if x & 0x7fff_ffff > 0x7f80_0000 {
        return NAN;
    }
    let (kept, dropped) = (x & 0xffff_0000, x & 0xffff);
    let up = dropped > 0x8000 || dropped == 0x8000 && kept & 0x1_0000 != 0;
    // A carry runs into the exponent, and at last makes infinity, as it must.
    if up { kept + 0x1_0000 } else { kept }
}
