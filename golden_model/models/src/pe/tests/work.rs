//! Random bags, their request streams and a plain loop as the oracle.

use super::super::request::Request;
use super::driver::Job;
use crate::num::{bf16_to_f32, f32_add, f32_mul, f32_sub, f32_to_bf16};
use blocks::pe::{Element, PeConfig};
use contract::SplitMix64;
use std::collections::HashSet;

/// A batch: per query the visits that it requests, in visiting order, and per visit its vector.
#[derive(Clone, Debug)]
pub struct Work {
    pub bags: Vec<Vec<usize>>,
    pub vectors: Vec<Vec<u32>>,
}

/// A random element in memory format; few values, so that sums meet often.
pub fn element(config: &PeConfig, rng: &mut SplitMix64) -> u32 {
    let value = rng.next_u64() as u32;
    match config.element {
        Element::Int32 => value,
        Element::Int8 => value & 0xff,
        Element::Fp32 if value & 0xff == 0 => value | 0x7f80_0000,
        Element::Fp32 => ((value >> 8) as f32 / 3.0e5 - 20.0).to_bits(),
        Element::Bf16 if value & 0xff == 0 => value >> 16 | 0x7f80,
        Element::Bf16 => f32_to_bf16(((value >> 8) as f32 / 3.0e5 - 20.0).to_bits()).into(),
    }
}

fn vector(config: &PeConfig, rng: &mut SplitMix64) -> Vec<u32> {
    let lanes = config.beats() * config.sum_lanes();
    (0..lanes).map(|_| element(config, rng)).collect()
}

fn widened(element: Element, value: u32) -> u32 {
    match element {
        Element::Fp32 | Element::Int32 => value,
        Element::Bf16 => bf16_to_f32(value as u16),
        Element::Int8 => value as u8 as i8 as i32 as u32,
    }
}

impl Work {
    /// `queries` bags over `visits` vectors; early visits are requested more often.
    pub fn random(config: &PeConfig, queries: usize, visits: usize, rng: &mut SplitMix64) -> Self {
        let shift = rng.below(3);
        let bags = (0..queries)
            .map(|_| {
                let likes = |v: usize, rng: &mut SplitMix64| match shift {
                    0 => rng.below(2) == 0,
                    1 => rng.below(v as u64 + 2) == 0,
                    _ => rng.below(10) < 8,
                };
                (0..visits).filter(|&v| likes(v, rng)).collect()
            })
            .collect();
        let vectors = (0..visits).map(|_| vector(config, rng)).collect();
        Self { bags, vectors }
    }

    /// The request beats of all visits: rows in order, or rows and lanes of a visit in random order
    /// and grouping.
    pub fn requests(&self, config: &PeConfig, ordered: bool, rng: &mut SplitMix64) -> Vec<Request> {
        let lanes = config.lookups_per_cycle as usize;
        let mut beats = Vec::new();
        for visit in 0..self.vectors.len() {
            let first = beats.len();
            for (row, bags) in self.bags.chunks(lanes).enumerate() {
                let (mut mask, mut last) = (0, 0);
                for (lane, bag) in bags.iter().enumerate() {
                    if bag.binary_search(&visit).is_ok() {
                        mask |= 1 << lane;
                        last |= u32::from(bag.last() == Some(&visit)) << lane;
                    }
                }
                let row = row as u32;
                let part = if ordered { !0 } else { rng.next_u64() as u32 };
                for mask in [mask & part, mask & !part] {
                    if mask != 0 || !ordered && rng.below(20) == 0 {
                        // `last` means nothing for lanes that request nothing.
                        let last = last & mask | rng.next_u64() as u32 & !mask;
                        let last = last & (u32::MAX >> (32 - lanes));
                        let end = false;
                        beats.push(Request {
                            row,
                            mask,
                            last,
                            end,
                        });
                    }
                }
            }
            if beats.len() == first {
                beats.push(Request::default());
            }
            if !ordered {
                for i in (first + 1..beats.len()).rev() {
                    let j = first + rng.below((i - first + 1) as u64) as usize;
                    beats.swap(i, j);
                }
            }
            beats.last_mut().unwrap().end = true;
        }
        beats
    }

    /// The gather-and-reduce command.
    pub fn gather(&self, config: &PeConfig, retain: bool, rng: &mut SplitMix64) -> Job {
        let ordered = rng.below(2) == 0;
        Job {
            op: 1,
            retain,
            queries: self.bags.len() as u64,
            visits: self.vectors.len() as u64,
            lr: 0,
            requests: self.requests(config, ordered, rng),
            vectors: self.vectors.iter().map(|v| (0, v.clone())).collect(),
        }
    }

    /// The update that follows a retained gather-and-reduce, and the rows that it should give.
    pub fn update(&self, config: &PeConfig, rng: &mut SplitMix64) -> (Job, Vec<(u64, Vec<u32>)>) {
        let lanes = config.lookups_per_cycle;
        let lr = 0.37_f32.to_bits();
        let mut job = Job {
            op: 2,
            queries: self.bags.len() as u64,
            lr,
            ..Job::default()
        };
        let mut expected = Vec::new();
        let mut order: Vec<usize> = (0..self.bags.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, rng.below(i as u64 + 1) as usize);
        }
        for query in order {
            let Some(gradient) = self.sum(config, query) else {
                continue;
            };
            let (id, row) = (rng.next_u64() & 0xff, vector(config, rng));
            let updated = row.iter().zip(&gradient).map(|(&w, &g)| {
                let w = widened(config.element, w);
                let new = f32_sub(w, f32_mul(lr, g));
                match config.element {
                    Element::Bf16 => f32_to_bf16(new).into(),
                    _ => new,
                }
            });
            expected.push((id, updated.collect()));
            job.vectors.push((id, row));
            job.requests.push(Request {
                row: query as u32 / lanes,
                mask: 1 << (query as u32 % lanes),
                last: 0,
                end: false,
            });
        }
        job.visits = job.vectors.len() as u64;
        (job, expected)
    }

    /// The oracle: a query's sum as a plain loop, `None` for an empty bag.
    pub fn sum(&self, config: &PeConfig, query: usize) -> Option<Vec<u32>> {
        let mut visits = self.bags[query].iter();
        let wide = |v: &usize| -> Vec<u32> {
            let elements = self.vectors[*v].iter();
            elements.map(|&e| widened(config.element, e)).collect()
        };
        let mut sum = wide(visits.next()?);
        for visit in visits {
            for (s, v) in sum.iter_mut().zip(wide(visit)) {
                *s = if config.element.is_float() {
                    f32_add(*s, v)
                } else {
                    s.wrapping_add(v)
                };
            }
        }
        Some(sum)
    }

    /// All sums by query.
    pub fn sums(&self, config: &PeConfig) -> Vec<(u32, Vec<u32>)> {
        (0..self.bags.len())
            .filter_map(|q| Some((q as u32, self.sum(config, q)?)))
            .collect()
    }

    /// Nodes of the prefix tree of all bags at depth 2 or more: the additions that sharing leaves.
    pub fn additions(&self) -> usize {
        let prefixes: HashSet<&[usize]> = self
            .bags
            .iter()
            .flat_map(|bag| (2..=bag.len()).map(|n| &bag[..n]))
            .collect();
        prefixes.len()
    }
}
