//! Everything that `trace stats` says of a trace.

use std::num::NonZeroU32;

use serde::Serialize;

use super::popularity::{Popularity, top_overlap, top_share, zipf_exponent};
use super::{Stats, Trace, TraceError};
use crate::batch::{Bags, Counts};

/// What a trace is like. Figures of batches are over all full ones, figures of rows over all
/// queries. None where there is nothing to divide by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Totals over the batches.
    #[serde(flatten)]
    pub stats: Stats,
    /// Rows that are looked up at all.
    pub distinct_rows: u64,
    /// Unique rows over look-ups of a batch, mean over batches weighted by their look-ups.
    pub unique_fraction: Option<f64>,
    /// The part of all look-ups on the most popular 1 % of `distinct_rows` (rounded).
    pub top1_share: Option<f64>,
    /// On the most popular 10 %.
    pub top10_share: Option<f64>,
    /// By maximum likelihood over all joint rows: see [`zipf_exponent`].
    pub zipf_exponent: Option<f64>,
    /// The part of the most popular 1 % of rows that the first and the last quarter of the queries
    /// have in common: see [`top_overlap`]. Below 1 also without drift, by chance.
    pub top1_overlap: Option<f64>,
    /// Memory accesses forward: look-ups over unique rows.
    pub mem_forward: Option<f64>,
    /// Memory accesses forward and backward: 2 look-ups over unique rows and gradients. The update
    /// is not in it.
    pub mem_both: Option<f64>,
    /// Additions without sharing over those with it, forward.
    pub comp_forward: Option<f64>,
    /// Backward.
    pub comp_backward: Option<f64>,
    /// Forward and backward.
    pub comp_all: Option<f64>,
}

/// Counts of a trace, from which a [`Summary`] follows.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Totals over the full batches.
    pub stats: Stats,
    /// Look-ups of each row over all queries.
    pub popularity: Popularity,
    /// In the first and last quarter of the queries.
    quarters: [Popularity; 2],
    /// Queries in all, and those seen.
    queries: u64,
    seen: u64,
}

impl Measurement {
    /// Reads a trace once more, in batches of `size` queries, and tells `progress` from time to
    /// time how many bytes of this pass have been read.
    ///
    /// # Errors
    /// If the trace cannot be read, or has changed.
    pub fn of(
        trace: &Trace,
        size: NonZeroU32,
        mut progress: impl FnMut(u64),
    ) -> Result<Self, TraceError> {
        let mut all = Self::new(trace.joint_ids().rows(), trace.lookups(), trace.queries());
        let mut batches = trace.batches(size)?;
        while let Some(batch) = batches.next() {
            let batch = batch?;
            all.stats.add(&batch);
            all.count(&batch);
            progress(batches.bytes());
        }
        let rest = batches.rest()?;
        all.count(&rest);
        Ok(all)
    }

    fn new(rows: u64, lookups: u64, queries: u64) -> Self {
        Self {
            stats: Stats::default(),
            popularity: Popularity::new(rows, lookups),
            quarters: [(); 2].map(|()| Popularity::new(rows, lookups / 4)),
            queries,
            seen: 0,
        }
    }

    fn count(&mut self, batch: &Bags) {
        let quarter = self.queries / 4;
        for bag in batch.iter() {
            let [first, last] = &mut self.quarters;
            let of_quarter = if self.seen < quarter {
                Some(first)
            } else if self.seen >= self.queries - quarter {
                Some(last)
            } else {
                None
            };
            bag.iter().for_each(|&id| self.popularity.add(id));
            if let Some(counts) = of_quarter {
                bag.iter().for_each(|&id| counts.add(id));
            }
            self.seen += 1;
        }
    }

    /// The figures.
    pub fn summary(&self) -> Summary {
        let ranked = self.popularity.ranked(0, u64::MAX);
        let [first, last] = &self.quarters;
        let Stats {
            forward, backward, ..
        } = self.stats;
        let mut both = forward;
        both += backward;
        Summary {
            stats: self.stats,
            distinct_rows: ranked.len() as u64,
            unique_fraction: ratio(forward.reads_unique, forward.reads),
            top1_share: top_share(&ranked, 1),
            top10_share: top_share(&ranked, 10),
            zipf_exponent: zipf_exponent(&ranked),
            top1_overlap: top_overlap(first, last),
            mem_forward: memory(&forward),
            mem_both: memory(&both),
            comp_forward: computation(&forward),
            comp_backward: computation(&backward),
            comp_all: computation(&both),
        }
    }
}

/// How many times fewer reads there are if each vector of a batch is read once.
pub fn memory(counts: &Counts) -> Option<f64> {
    ratio(counts.reads, counts.reads_unique)
}

/// How many times fewer additions there are if equal partial sums share one.
pub fn computation(counts: &Counts) -> Option<f64> {
    ratio(counts.additions, counts.additions_shared)
}

fn ratio(before: u64, after: u64) -> Option<f64> {
    (after > 0).then(|| before as f64 / after as f64)
}
