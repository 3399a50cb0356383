//! The batch transposed: gradients are the vectors, embedding rows are the queries.

use std::cmp::Reverse;

use super::{Bags, LanesError, Schedule, Visits};

/// The backward work of a batch, or of a tile of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backward {
    /// The joint id of each row to update.
    pub rows: Vec<u32>,
    /// For each row of `rows` its gradients: the indices within the batch of the queries that hold
    /// the row, ascending, an index repeated for every copy.
    pub bags: Bags,
    /// For each query of the batch its look-ups in the whole batch: the order of the gradients.
    pub gradient_lookups: Vec<u32>,
}

/// Transposes a batch. Rows come out ascending by id.
pub fn backward(batch: &Bags) -> Backward {
    let lookups = batch.lookups_by_id();
    let mut work = Backward {
        gradient_lookups: batch.iter().map(|bag| bag.len() as u32).collect(),
        ..Backward::default()
    };
    for row in lookups.chunk_by(|a, b| a >> 32 == b >> 32) {
        work.rows.push((row[0] >> 32) as u32);
        work.bags.push(row.iter().map(|&lookup| lookup as u32));
    }
    work
}

impl Backward {
    /// The gradients in visiting order, which is that of the whole batch also in a tile: descending
    /// look-ups of their query in the batch, ties by smaller index.
    pub fn visits(&self) -> Visits {
        Visits::by_key(&self.bags, |gradient, _| {
            Reverse(self.gradient_lookups[gradient as usize])
        })
    }

    /// What a PE that takes `lanes` look-ups per cycle is given. Query `q` of the PE is row
    /// `rows[order[q]]`.
    ///
    /// # Errors
    /// If `lanes` is not a power of two from 1 to 32.
    pub fn schedule(&self, lanes: u32) -> Result<Schedule, LanesError> {
        Schedule::new(&self.visits(), lanes)
    }

    /// Cuts the work into tiles of at most `max_queries` rows, so that each fits the query table of
    /// a PE: rows in descending look-up count, ties by smaller id. Each tile reads its gradients
    /// again. A `max_queries` of zero counts as one.
    pub fn tiles(&self, max_queries: usize) -> Vec<Self> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_unstable_by_key(|&row| (Reverse(self.bags.bag(row).len()), self.rows[row]));
        order
            .chunks(max_queries.max(1))
            .map(|tile| Self {
                rows: tile.iter().map(|&row| self.rows[row]).collect(),
                bags: tile.iter().map(|&row| self.bags.bag(row)).collect(),
                gradient_lookups: self.gradient_lookups.clone(),
            })
            .collect()
    }
}
