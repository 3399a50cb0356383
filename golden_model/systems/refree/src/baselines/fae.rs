//! FAE (VLDB'22): hot rows are copied into GPU memory; queries that need nothing else are trained
//! there, in batches of their own, the others as on the CPU-GPU baseline.

use std::collections::HashMap;

use serde::Serialize;

use super::super::params;
use super::host::{Host, HostStep};
use traces::batch::{Bags, backward};

/// Which rows are hot.
#[derive(Clone, Debug)]
pub enum Hot {
    /// Rows of popularity-ordered tables: first joint id of each table, and how many of its rows.
    Popular { starts: Vec<u32>, rows: Vec<u32> },
    /// Rows of a log that are seen at least twice in it, the most frequent ones that fit.
    Seen(HashMap<u32, u32>),
}

/// FAE over a stream of batches, per batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Fae {
    /// Share of queries that are trained on the GPU alone.
    pub hot_share: f64,
    /// Seconds on GPU memory, of all batches' hot queries.
    pub gpu_s: f64,
    pub gpu_bytes: f64,
    /// The cold queries, in batches of their own.
    pub host: HostStep,
}

impl Hot {
    /// From what a log holds.
    pub fn seen(batches: &[Bags], row_bytes: u64) -> Self {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for &id in batches.iter().flat_map(Bags::iter).flatten() {
            *counts.entry(id).or_default() += 1;
        }
        counts.retain(|_, count| *count > 1);
        let most = (params::FAE_BYTES / row_bytes) as usize;
        if counts.len() > most {
            let mut order: Vec<u32> = counts.values().copied().collect();
            order.sort_unstable_by(|a, b| b.cmp(a));
            let least = order[most];
            counts.retain(|_, count| *count > least);
        }
        Self::Seen(counts)
    }

    fn holds(&self, id: u32) -> bool {
        match self {
            Self::Seen(counts) => counts.contains_key(&id),
            Self::Popular { starts, rows } => {
                let table = starts.partition_point(|&start| start <= id) - 1;
                id - starts[table] < rows[table]
            }
        }
    }
}

/// Runs all batches' queries, hot ones and cold ones apart. What it takes to keep the copies of hot
/// rows equal when hot and cold batches alternate is left out, in FAE's favour.
pub fn fae(host: &mut Host, hot: &Hot, batches: &[Bags], row_bytes: u64) -> Fae {
    let size = batches.first().map_or(1, Bags::len).max(1);
    let is_hot = |bag: &&[u32]| bag.iter().all(|&id| hot.holds(id));
    let (mut warm, mut cold) = (Vec::new(), Vec::new());
    for bag in batches.iter().flat_map(Bags::iter) {
        let side = if is_hot(&bag) { &mut warm } else { &mut cold };
        side.push(bag);
    }
    let mut fae = Fae {
        hot_share: warm.len() as f64 / (warm.len() + cold.len()).max(1) as f64,
        ..Fae::default()
    };
    for batch in warm.chunks(size) {
        let batch: Bags = batch.iter().collect();
        // As on the host: gather; expand and coalesce; update. Bound by the GPU's memory.
        let (lookups, rows) = (batch.lookups(), backward(&batch).rows.len());
        let gradients = batch.non_empty();
        fae.gpu_bytes += ((3 * lookups + 4 * rows + gradients) as u64 * row_bytes) as f64;
    }
    fae.gpu_s = fae.gpu_bytes / params::GPU_BYTES_PER_S;
    for batch in cold.chunks(size) {
        let step = host.step(&batch.iter().collect());
        fae.host.forward += step.forward;
        fae.host.backward += step.backward;
    }
    fae
}
