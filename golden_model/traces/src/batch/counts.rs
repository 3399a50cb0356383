//! Memory reads and additions of a batch, with and without what a PE saves.

use std::ops::AddAssign;

use serde::Serialize;

use super::{Bags, Visits, backward, share};

/// Work of one direction over one or more batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Vector reads when every look-up reads its vector.
    pub reads: u64,
    /// Vector reads when every unique vector of a batch is read once.
    pub reads_unique: u64,
    /// Additions when every query sums alone: look-ups less non-empty queries.
    pub additions: u64,
    /// Additions when identical partial sums share one (see [`share`]).
    pub additions_shared: u64,
}

impl Counts {
    /// Counts the work of these visits.
    pub fn of(visits: &Visits) -> Self {
        let sharing = share(visits);
        let lookups = visits.lookups() as u64;
        Self {
            reads: lookups,
            reads_unique: visits.unique() as u64,
            additions: lookups - sharing.order.len() as u64,
            additions_shared: sharing.additions,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.reads += other.reads;
        self.reads_unique += other.reads_unique;
        self.additions += other.additions;
        self.additions_shared += other.additions_shared;
    }
}

/// Forward: vectors are rows, queries are the bags.
pub fn count_forward(batch: &Bags) -> Counts {
    Counts::of(&Visits::new(batch))
}

/// Backward over the whole batch at once (no tiles): vectors are gradients, queries are unique
/// rows.
pub fn count_backward(batch: &Bags) -> Counts {
    Counts::of(&backward(batch).visits())
}
