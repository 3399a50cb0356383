//! Tables, and their rows by plain contraction: no clock, no entries, no lanes.

use blocks::tt_core::{Element, TtCoreConfig};
use num_bigint::BigInt;

use super::driver::{self, Answer, Beat, Row};
use crate::num::{bf16_to_f32, f32_add, f32_mul, f32_to_bf16};
use contract::SplitMix64;

/// A table: its cores as words, `cores[k][u][i][j][s]`, flat.
#[derive(Clone, Debug)]
pub struct Table {
    pub config: TtCoreConfig,
    pub rows: u64,
    pub cores: Vec<Vec<u32>>,
    /// `mult` and `shift` of each boundary, for int8.
    pub scales: Vec<(u16, u8)>,
}

impl Table {
    /// Random words: numbers between -1 and 1, or all bytes.
    pub fn random(config: &TtCoreConfig, seed: u64) -> Self {
        let mut rng = SplitMix64::new(seed);
        let mut word = || {
            let number = (rng.unit() * 2.0 - 1.0) as f32;
            match config.element {
                Element::Int8 => (rng.next_u64() & 0xff) as u32,
                Element::Bf16 => u32::from(f32_to_bf16(number.to_bits())),
                Element::Fp32 => number.to_bits(),
            }
        };
        let cores = (0..config.p.len()).map(|k| {
            let size = left(config, k) * config.p[k] as usize * config.q[k] as usize;
            (0..size * right(config, k)).map(|_| word()).collect()
        });
        let cores = cores.collect();
        let boundaries = match config.element {
            Element::Int8 => config.p.len() - 2,
            _ => 0,
        };
        // So that most products between stages are not clamped.
        let scales = (0..boundaries).map(|_| (400 + rng.below(400) as u16, rng.below(3) as u8));
        Self {
            config: config.clone(),
            rows: config.row_space(),
            cores,
            scales: scales.collect(),
        }
    }

    pub fn word(&self, k: usize, u: usize, i: usize, j: usize, s: usize) -> u32 {
        let (p, q) = (self.config.p[k] as usize, self.config.q[k] as usize);
        self.cores[k][((u * p + i) * q + j) * right(&self.config, k) + s]
    }

    /// The load of this table.
    pub fn beats(&self, number: u64) -> Vec<Beat> {
        let config = &self.config;
        let mut beats = vec![driver::start(config, number, self.rows, &self.scales)];
        for k in 0..config.p.len() {
            let (p, q) = (config.p[k] as usize, config.q[k] as usize);
            for (i, j) in (0..p).flat_map(|i| (0..q).map(move |j| (i, j))) {
                let right = right(config, k);
                if k == 0 {
                    let line: Vec<_> = (0..right).map(|s| self.word(k, 0, i, j, s)).collect();
                    beats.push(driver::beat(config, &line));
                    continue;
                }
                for s in 0..right {
                    let words = (0..left(config, k)).map(|u| self.word(k, u, i, j, s));
                    let line: Vec<_> = words.collect();
                    beats.push(driver::beat(config, &line));
                }
            }
        }
        beats.last_mut().unwrap().last = true;
        beats
    }

    fn digits(&self, id: u64) -> Vec<usize> {
        let mut rest = id;
        let digits = self.config.p.iter().rev().map(|&p| {
            let digit = rest % u64::from(p);
            rest /= u64::from(p);
            digit as usize
        });
        let mut digits: Vec<_> = digits.collect();
        digits.reverse();
        digits
    }

    /// The row by the rules of section 2, each word on its own.
    pub fn row(&self, id: u64) -> Vec<u32> {
        let config = &self.config;
        let digits = self.digits(id);
        let mut product: Vec<Vec<u32>> = (0..config.q[0] as usize)
            .map(|j| {
                let words = 0..right(config, 0);
                words.map(|s| self.word(0, 0, digits[0], j, s)).collect()
            })
            .collect();
        for (k, &digit) in digits.iter().enumerate().skip(1) {
            let mut next = Vec::new();
            for left in &product {
                for j in 0..config.q[k] as usize {
                    let words = (0..right(config, k)).map(|s| {
                        let column = |u| self.word(k, u, digit, j, s);
                        self.sum(left, column, k)
                    });
                    next.push(words.collect());
                }
            }
            product = next;
        }
        product.into_iter().flatten().collect()
    }

    /// One word of the product that core k ends.
    fn sum(&self, left: &[u32], column: impl Fn(usize) -> u32, k: usize) -> u32 {
        let last = k == self.config.p.len() - 1;
        let pairs = left.iter().enumerate().map(|(u, &a)| (a, column(u)));
        if self.config.element == Element::Int8 {
            let byte = |word: u32| BigInt::from(word as u8 as i8);
            let sum: BigInt = pairs.map(|(a, b)| byte(a) * byte(b)).sum();
            return match last {
                true => i32::try_from(sum).unwrap() as u32,
                false => {
                    let (mult, shift) = self.scales[k - 1];
                    requantised(sum, mult, shift)
                }
            };
        }
        let bf16 = self.config.element == Element::Bf16;
        let wide = |word: u32| match bf16 {
            true => bf16_to_f32(word as u16),
            false => word,
        };
        let mut level: Vec<u32> = pairs.map(|(a, b)| f32_mul(wide(a), wide(b))).collect();
        while level.len() > 1 {
            level = level.chunks(2).map(|two| f32_add(two[0], two[1])).collect();
        }
        match bf16 && !last {
            true => u32::from(f32_to_bf16(level[0])),
            false => level[0],
        }
    }

    /// The row in binary64, with no rounding in between, and the sum of all magnitudes.
    pub fn ideal(&self, id: u64) -> Vec<(f64, f64)> {
        let value = |word: u32| match self.config.element {
            Element::Int8 => f64::from(word as u8 as i8),
            Element::Bf16 => f64::from(f32::from_bits(bf16_to_f32(word as u16))),
            Element::Fp32 => f64::from(f32::from_bits(word)),
        };
        let (digits, config) = (self.digits(id), &self.config);
        let mut rows = vec![vec![(1.0, 1.0)]];
        for (k, &digit) in digits.iter().enumerate() {
            let mut next = Vec::new();
            for left in &rows {
                for j in 0..config.q[k] as usize {
                    let words = (0..right(config, k)).map(|s| {
                        let terms = left.iter().enumerate().map(|(u, &(sum, size))| {
                            let word = value(self.word(k, u, digit, j, s));
                            (sum * word, size * word.abs())
                        });
                        terms.fold((0.0, 0.0), |all, term| (all.0 + term.0, all.1 + term.1))
                    });
                    next.push(words.collect::<Vec<_>>());
                }
            }
            rows = next;
        }
        rows.into_iter().flatten().collect()
    }
}

/// Rank before core k.
fn left(config: &TtCoreConfig, k: usize) -> usize {
    k.checked_sub(1).map_or(1, |at| config.ranks[at] as usize)
}

/// Rank behind core k.
fn right(config: &TtCoreConfig, k: usize) -> usize {
    config.ranks.get(k).map_or(1, |&rank| rank as usize)
}

/// Requantisation in exact rationals: the floor of a quotient.
pub fn requantised(sum: BigInt, mult: u16, shift: u8) -> u32 {
    let numerator = sum * mult + (BigInt::from(1) << (15 + shift));
    let divisor = BigInt::from(1) << (16 + shift);
    let mut floor = &numerator / &divisor;
    if &floor * &divisor > numerator {
        floor -= 1;
    }
    let clamped = floor.clamp((-128).into(), 127.into());
    i32::try_from(clamped).unwrap() as u32
}

/// The results of these rows, sent in this order, if all tables are loaded.
pub fn expected(tables: &[Table], rows: &[Row]) -> Vec<Answer> {
    let mut open: Vec<Option<Option<Vec<u32>>>> = vec![None; 1 << 16];
    let mut answers = Vec::new();
    for row in rows {
        let table = tables.get(row.table as usize).filter(|t| row.id < t.rows);
        let sums = table.map(|table| table.row(row.id));
        let bag = &mut open[row.bag as usize];
        let pooled = match bag.take() {
            None => sums,
            Some(before) => before
                .zip(sums)
                .map(|(before, sums)| pool(tables[0].config.element, before, &sums)),
        };
        if row.last || !tables[0].config.pooling {
            let (bag, sums) = (row.bag, pooled);
            answers.push(Answer { bag, sums });
        } else {
            *bag = Some(pooled);
        }
    }
    answers
}

fn pool(element: Element, before: Vec<u32>, row: &[u32]) -> Vec<u32> {
    let add = |a: u32, b: u32| match element {
        Element::Int8 => (i64::from(a as i32) + i64::from(b as i32)) as u32,
        _ => f32_add(a, b),
    };
    let pairs = before.into_iter().zip(row);
    pairs.map(|(before, &row)| add(before, row)).collect()
}
