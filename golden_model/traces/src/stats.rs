//! What a trace would gain from reading each row once and from sharing additions.

use serde::Serialize;

use crate::batch::{Bags, Counts, count_backward, count_forward};

/// Totals over the batches given to [`Self::add`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Queries, those without ids included.
    pub queries: u64,
    /// Look-ups of these queries over all tables.
    pub lookups: u64,
    /// Batches.
    pub batches: u64,
    /// Vectors are embedding rows, summed into queries.
    pub forward: Counts,
    /// Vectors are gradients, summed into embedding rows, each batch as a whole (no tiles).
    pub backward: Counts,
}

impl Stats {
    /// Adds a batch of joint ids.
    pub fn add(&mut self, batch: &Bags) {
        self.queries += batch.len() as u64;
        self.lookups += batch.lookups() as u64;
        self.batches += 1;
        self.forward += count_forward(batch);
        self.backward += count_backward(batch);
    }
}
