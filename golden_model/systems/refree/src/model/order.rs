//! In which order a rank's PE visits gradients: the paper's, and two that share more.
//!
//! Additions with sharing are the nodes of the prefix tree of all rows' lists of gradients, so an
//! order is good if rows that have gradients in common have them at the front of their lists. The
//! paper's descending count says nothing where all queries have as many look-ups.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use traces::batch::{Backward, Bags, Visits, share};

/// A visiting order of gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Descending look-ups of the query in the batch, ties by smaller index: the paper's.
    Count,
    /// Lexicographic order of the queries' lists of rows, each in descending count: queries with the
    /// same popular rows are neighbours.
    Lexicographic,
    /// Descending weight, the sum of the logarithms of its rows' counts, ties as `lexicographic`:
    /// queries of popular rows first.
    Weight,
    /// Whichever of these takes the fewest additions, counted for each tile.
    Best,
}

impl Order {
    /// Those that are orders.
    pub const SINGLE: [Self; 3] = [Self::Count, Self::Lexicographic, Self::Weight];
}

/// What orders need to know of a rank's part of a batch.
pub struct Ranking {
    order: Order,
    /// Of each query: place in lexicographic order, and weight in units of 2^-16.
    place: Vec<u32>,
    weight: Vec<u64>,
}

impl Ranking {
    /// Looks at the rank's part of a batch.
    pub fn new(order: Order, part: &Bags) -> Self {
        let mut ranking = Self {
            order,
            place: vec![u32::MAX; part.len()],
            weight: Vec::new(),
        };
        if order == Order::Count {
            return ranking;
        }
        for (place, &query) in share(&Visits::new(part)).order.iter().enumerate() {
            ranking.place[query as usize] = place as u32;
        }
        if order == Order::Lexicographic {
            return ranking;
        }
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for &id in part.iter().flatten() {
            *counts.entry(id).or_default() += 1;
        }
        let weight = |bag: &[u32]| {
            let logarithm = |id: &u32| f64::from(counts[id]).log2();
            (bag.iter().map(logarithm).sum::<f64>() * 65536.0) as u64
        };
        ranking.weight = part.iter().map(weight).collect();
        ranking
    }

    /// The visits of a tile of the part's backward work.
    pub fn visits(&self, tile: &Backward) -> Visits {
        match self.order {
            Order::Best => Order::SINGLE
                .into_iter()
                .map(|order| self.visits_by(order, tile))
                .min_by_key(|visits| share(visits).additions)
                .unwrap_or_else(|| tile.visits()),
            order => self.visits_by(order, tile),
        }
    }

    fn visits_by(&self, order: Order, tile: &Backward) -> Visits {
        let place = |gradient: u32| self.place[gradient as usize];
        match order {
            Order::Count | Order::Best => tile.visits(),
            Order::Lexicographic => Visits::by_key(&tile.bags, |gradient, _| place(gradient)),
            Order::Weight => Visits::by_key(&tile.bags, |gradient, _| {
                (Reverse(self.weight[gradient as usize]), place(gradient))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use traces::batch::backward;

    /// Queries 0 and 2 agree on both rows, 1 and 3 on others; by index they alternate.
    #[test]
    fn lexicographic_order_brings_queries_with_the_same_rows_together() {
        let part: Bags = [[1, 2], [3, 4], [1, 2], [3, 4]].iter().collect();
        let work = backward(&part);
        let ids = |order| -> Vec<u32> {
            let visits = Ranking::new(order, &part).visits(&work);
            visits.iter().map(|visit| visit.id).collect()
        };
        assert_eq!(ids(Order::Count), [0, 1, 2, 3]);
        assert_eq!(ids(Order::Lexicographic), [0, 2, 1, 3]);
    }

    #[test]
    fn best_is_never_worse() {
        let part: Bags = [vec![1, 2, 5], vec![2, 3], vec![1, 2, 3], vec![5, 3]]
            .iter()
            .collect();
        let work = backward(&part);
        let additions = |order| share(&Ranking::new(order, &part).visits(&work)).additions;
        for order in Order::SINGLE {
            assert!(additions(Order::Best) <= additions(order));
        }
    }
}
