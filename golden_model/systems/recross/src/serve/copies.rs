//! Copies of tiles by load, and of rows onto tiles that are active anyway.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::map::{Assignment, Lists, Training};

/// Tiles that a row's copies are looked for on.
const TARGETS: usize = 16;
/// Training queries that a copy of a row must save.
const LEAST: u32 = 2;

#[derive(PartialEq, Eq)]
struct Loaded {
    load: u64,
    copies: u32,
    tile: u32,
}

impl Ord for Loaded {
    fn cmp(&self, other: &Self) -> Ordering {
        let product = |load: u64, copies: u32| u128::from(load) * u128::from(copies);
        product(self.load, other.copies)
            .cmp(&product(other.load, self.copies))
            .then(other.tile.cmp(&self.tile))
    }
}

impl PartialOrd for Loaded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Copies of each tile, the first one included: the next always goes to the tile with most load per copy, ties by
/// smaller tile. No other way leaves a smaller largest load. Stops early when no load is left to share.
pub fn of_tiles(load: &[u64], extra: u32) -> Vec<u32> {
    let mut copies = vec![1; load.len()];
    let loaded = (0..).zip(load).map(|(tile, &load)| Loaded {
        load,
        copies: 1,
        tile,
    });
    let mut heap: BinaryHeap<Loaded> = loaded.filter(|tile| tile.load > 0).collect();
    for _ in 0..extra {
        let Some(mut most) = heap.pop() else { break };
        most.copies += 1;
        copies[most.tile as usize] = most.copies;
        heap.push(most);
    }
    copies
}

/// Copies of rows for the lines that a mapping leaves free on tiles of `lines` lines: lists of further tiles.
/// The benefit of (row, tile) is the training queries in which the row is alone on its tile while the other one
/// is active anyway; it is counted again when a copy is taken, since look-ups have moved by then.
pub fn of_rows(training: &Training, assignment: &Assignment, lines: u32) -> Lists {
    let mut free: Vec<u32> = assignment.used().iter().map(|used| lines - used).collect();
    let mut serving = Serving::new(training, assignment);
    let mut heap = BinaryHeap::new();
    for &row in &training.by_count {
        let mut benefits: FxHashMap<u32, u32> = FxHashMap::default();
        for &query in training.of_row.get(row) {
            serving.gains(query, row, |tile| *benefits.entry(tile).or_default() += 1);
        }
        let mut best: Vec<(u32, Reverse<u32>)> = benefits
            .into_iter()
            .filter(|&(_, benefit)| benefit >= LEAST)
            .map(|(tile, benefit)| (benefit, Reverse(tile)))
            .collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let best = best.into_iter().take(TARGETS);
        heap.extend(best.map(|(benefit, tile)| (benefit, Reverse(row), tile)));
    }
    let mut copies: Vec<Vec<u32>> = vec![Vec::new(); training.rows()];
    while let Some((benefit, Reverse(row), Reverse(tile))) = heap.pop() {
        if free[tile as usize] == 0 {
            continue;
        }
        let now = serving.benefit(row, tile);
        if now < benefit {
            if now >= LEAST {
                heap.push((now, Reverse(row), Reverse(tile)));
            }
            continue;
        }
        free[tile as usize] -= 1;
        copies[row as usize].push(tile);
        serving.take(row, tile);
    }
    let mut lists = Lists::default();
    for mut list in copies {
        list.sort_unstable();
        lists.push(list);
    }
    lists
}

/// Where each look-up of the training queries is served.
struct Serving<'a> {
    training: &'a Training,
    /// Tile by query and position in it.
    at: Vec<Vec<u32>>,
}

impl<'a> Serving<'a> {
    fn new(training: &'a Training, assignment: &Assignment) -> Self {
        let tiles = |query: &[u32]| {
            let rows = query.iter();
            rows.map(|&row| assignment.tile[row as usize]).collect()
        };
        Self {
            training,
            at: training.queries.iter().map(tiles).collect(),
        }
    }

    /// Calls `found` for each tile that could serve the row as well, if that saved an activation.
    fn gains(&self, query: u32, row: u32, mut found: impl FnMut(u32)) {
        let at = &self.at[query as usize];
        let Ok(own) = self.training.queries.get(query).binary_search(&row) else {
            return;
        };
        if at.iter().filter(|&&tile| tile == at[own]).count() > 1 {
            return;
        }
        for (place, &tile) in at.iter().enumerate() {
            if place != own && !at[..place].contains(&tile) {
                found(tile);
            }
        }
    }

    fn benefit(&self, row: u32, tile: u32) -> u32 {
        let mut benefit = 0;
        for &query in self.training.of_row.get(row) {
            self.gains(query, row, |other| benefit += u32::from(other == tile));
        }
        benefit
    }

    fn take(&mut self, row: u32, tile: u32) {
        for &query in self.training.of_row.get(row) {
            let mut moves = false;
            self.gains(query, row, |other| moves |= other == tile);
            if let (true, Ok(own)) = (moves, self.training.queries.get(query).binary_search(&row)) {
                self.at[query as usize][own] = tile;
            }
        }
    }
}
