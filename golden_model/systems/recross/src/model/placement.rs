//! Tile and word line of each row, and from these a trace's queries as activations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use blocks::adc_switch::AdcSwitchConfig;
use clap::ValueEnum;
use serde::Serialize;

use traces::batch::Bags;

/// In which order rows are put on tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// By joint id.
    Plain,
    /// The most frequent first, ties by smaller id.
    Frequency,
}

/// Where rows are: those that were counted first, then all others by joint id.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    /// Place of each counted row, and the row of each such place.
    places: HashMap<u32, u32>,
    rows: Vec<u32>,
    /// The counted rows by id.
    sorted: Vec<u32>,
}

/// The work of one tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileWork {
    /// Number of the tile.
    pub tile: u32,
    /// The row that each word line holds.
    pub rows: Vec<u32>,
    /// For each query that has rows here, its activations.
    pub queries: Vec<Vec<Vec<u16>>>,
}

impl Placement {
    /// The rows that these batches request, in this order.
    pub fn new(order: Order, batches: &[Bags]) -> Self {
        let mut counts = HashMap::new();
        if order == Order::Frequency {
            for &row in batches.iter().flat_map(Bags::iter).flatten() {
                *counts.entry(row).or_default() += 1;
            }
        }
        Self::from_counts(&counts)
    }

    /// Rows by frequency; one without a count comes after all that have one.
    pub fn from_counts(counts: &HashMap<u32, u64>) -> Self {
        let mut sorted: Vec<u32> = counts.keys().copied().collect();
        sorted.sort_unstable();
        let mut rows = sorted.clone();
        rows.sort_unstable_by_key(|row| (Reverse(counts[row]), *row));
        Self {
            places: rows.iter().copied().zip(0..).collect(),
            rows,
            sorted,
        }
    }

    fn place(&self, row: u32) -> u32 {
        self.places.get(&row).copied().unwrap_or_else(|| {
            let before = self.sorted.partition_point(|&counted| counted < row);
            // Rows in front of it: all counted ones, and the others that are smaller.
            row + (self.sorted.len() - before) as u32
        })
    }

    fn row(&self, place: u32) -> u32 {
        self.rows.get(place as usize).copied().unwrap_or_else(|| {
            let other = place - self.rows.len() as u32;
            // As many rows are smaller as there are others in front of it and counted ones that
            // leave room for it.
            let (mut low, mut high) = (0, self.sorted.len());
            while low < high {
                let middle = (low + high) / 2;
                match self.sorted[middle] - middle as u32 <= other {
                    true => low = middle + 1,
                    false => high = middle,
                }
            }
            other + low as u32
        })
    }

    /// The work of all tiles that a batch touches. A query's rows on one tile are one activation; a
    /// row that a query requests again is in a further one.
    pub fn tiles(&self, config: &AdcSwitchConfig, batch: &Bags) -> Vec<TileWork> {
        let lines = config.rows;
        let mut queries: BTreeMap<u32, Vec<Vec<Vec<u16>>>> = BTreeMap::new();
        for bag in batch.iter() {
            let mut places: Vec<u32> = bag.iter().map(|&row| self.place(row)).collect();
            places.sort_unstable();
            for on_tile in places.chunk_by(|a, b| a / lines == b / lines) {
                let mut activations: Vec<Vec<u16>> = Vec::new();
                for wanted in on_tile.chunk_by(|a, b| a == b) {
                    if activations.len() < wanted.len() {
                        activations.resize(wanted.len(), Vec::new());
                    }
                    for activation in &mut activations[..wanted.len()] {
                        activation.push((wanted[0] % lines) as u16);
                    }
                }
                queries
                    .entry(on_tile[0] / lines)
                    .or_default()
                    .push(activations);
            }
        }
        let work = |(tile, queries)| TileWork {
            tile,
            rows: (0..lines)
                .map(|line| self.row((tile * lines).saturating_add(line)))
                .collect(),
            queries,
        };
        queries.into_iter().map(work).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places are a permutation, whichever rows were counted.
    #[test]
    fn rows_without_a_count_come_last() {
        let counts = HashMap::from([(7, 3), (2, 9), (3, 3), (0, 1)]);
        let placement = Placement::from_counts(&counts);
        let rows: Vec<u32> = (0..10).map(|place| placement.row(place)).collect();
        assert_eq!(rows, [2, 3, 7, 0, 1, 4, 5, 6, 8, 9]);
        assert!((0..10).all(|place| placement.place(placement.row(place)) == place));
        assert_eq!(placement.place(u32::MAX), u32::MAX);
        assert_eq!(placement.row(u32::MAX), u32::MAX);
        let plain = Placement::default();
        assert!([0, 5, u32::MAX].map(|row| plain.place(row)) == [0, 5, u32::MAX]);
    }
}
