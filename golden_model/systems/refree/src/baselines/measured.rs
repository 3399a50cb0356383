//! The embedding layer's step as this machine's CPU does it: no model, a measurement.

use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use super::super::model::scatter;
use traces::batch::{Bags, backward};

/// Seconds of a step, the best of a few.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    pub threads: usize,
    pub forward_s: f64,
    pub backward_s: f64,
}

/// Rows of the table that is really there, at most: larger ones are folded onto it.
const ROWS: u64 = 1 << 20;
/// And its elements, 256 MB.
const ELEMENTS: u64 = 1 << 26;
/// Rounds; the first warms up.
const ROUNDS: usize = 4;
const RATE: f32 = 0.01;

/// Forward: each query sums its rows. Backward: look-ups sorted by row, gradients summed, rows updated;
/// nothing is expanded, so this is a good implementation, not a framework's.
pub fn measured(batch: &Bags, rows: u64, dim: usize) -> Measured {
    let rows = rows.min(ROWS).min(ELEMENTS / dim as u64);
    let mut table = vec![0.5_f32; rows as usize * dim];
    let place = |id: u32| scatter(u64::from(id) % rows, rows) as usize;
    let mut sums = vec![0.0_f32; batch.len() * dim];
    let mut best = Measured {
        threads: rayon::current_num_threads(),
        forward_s: f64::INFINITY,
        backward_s: f64::INFINITY,
    };
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let queries = sums.par_chunks_mut(dim).enumerate();
        queries.for_each(|(query, sum)| {
            sum.fill(0.0);
            for &id in batch.bag(query) {
                let row = &table[place(id) * dim..][..dim];
                sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
        });
        best.forward_s = best.forward_s.min(started.elapsed().as_secs_f64());
        let started = Instant::now();
        let work = backward(batch);
        let updates: Vec<Vec<f32>> = (0..work.rows.len())
            .into_par_iter()
            .map(|row| {
                let mut gradient = vec![0.0_f32; dim];
                for &query in work.bags.bag(row) {
                    let sum = &sums[query as usize * dim..][..dim];
                    gradient.iter_mut().zip(sum).for_each(|(g, x)| *g += x);
                }
                gradient
            })
            .collect();
        for (&id, gradient) in work.rows.iter().zip(&updates) {
            let row = &mut table[place(id) * dim..][..dim];
            row.iter_mut()
                .zip(gradient)
                .for_each(|(w, g)| *w -= RATE * g);
        }
        best.backward_s = best.backward_s.min(started.elapsed().as_secs_f64());
    }
    std::hint::black_box(&table);
    best
}
