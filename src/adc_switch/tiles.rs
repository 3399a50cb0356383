//! Real work for controllers: the rows of a trace's tables on tiles, its queries as activations.

use std::collections::{BTreeMap, HashMap};

use cosim::{Episode, Level, Step};
use golden_model::batch::Bags;
use hdl_gen::adc_switch::AdcSwitchConfig;

use super::command::{AdcSwitchCommand, Query, Tile};

/// In which order rows are put on tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By joint id.
    Plain,
    /// The most wanted first, ties by smaller id.
    Frequency,
}

/// Where rows are.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Place of each row, and the row of each place; empty if they are the same.
    places: HashMap<u32, u32>,
    rows: Vec<u32>,
}

/// What one tile has to do.
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
    /// The rows that these batches want, in this order.
    pub fn new(order: Order, batches: &[Bags]) -> Self {
        let mut placement = Self {
            places: HashMap::new(),
            rows: Vec::new(),
        };
        if order == Order::Frequency {
            let mut counts: HashMap<u32, u64> = HashMap::new();
            for &row in batches.iter().flat_map(Bags::iter).flatten() {
                *counts.entry(row).or_default() += 1;
            }
            let mut rows: Vec<u32> = counts.keys().copied().collect();
            rows.sort_unstable_by_key(|row| (std::cmp::Reverse(counts[row]), *row));
            placement.places = rows.iter().copied().zip(0..).collect();
            placement.rows = rows;
        }
        placement
    }

    fn place(&self, row: u32) -> u32 {
        self.places.get(&row).copied().unwrap_or(row)
    }

    fn row(&self, place: u32) -> u32 {
        self.rows.get(place as usize).copied().unwrap_or(place)
    }

    /// The work of all tiles that a batch touches. A query's rows on one tile are one activation; a
    /// row that a query wants again is in a further one.
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

impl TileWork {
    /// The queries one behind the other on an ideal tile, everything ready at all times.
    pub fn episode(&self, config: &AdcSwitchConfig, seed: u64) -> Episode<AdcSwitchCommand> {
        let tile = Tile {
            rows: self.rows.clone(),
            ..Tile::default()
        };
        let tags = (u32::from(u16::MAX) >> (16 - config.tag_bits)) as usize + 1;
        let query = |(at, activations): (usize, &Vec<Vec<u16>>)| {
            AdcSwitchCommand::Query(Query::new((at % tags) as u16, activations.clone()))
        };
        let queries = self.queries.iter().enumerate().map(query);
        let step = |command| Step {
            command,
            gap: None,
            interrupt: None,
        };
        Episode {
            seed,
            pacing: Vec::new(),
            levels: vec![Level::Low, Level::Low, Level::Low, Level::Count],
            steps: std::iter::once(AdcSwitchCommand::Tile(tile))
                .chain(queries)
                .map(step)
                .collect(),
        }
    }
}
