//! Real work for a core: a batch of queries as the rows that a host would request.

use blocks::tt_core::TtCoreConfig;
use contract::SplitMix64;
use cosim::{Episode, Level, Step};
use traces::batch::Bags;

use super::command::{Contents, Load, Row, TtCoreCommand};
use super::palette::Palette;
use super::shape;

/// Idle cycles between the load and the rows.
const GAP: u32 = 20;
/// Rounds of the permutation that scatters ids.
const ROUNDS: usize = 6;

/// A table that is loaded.
#[derive(Clone, Debug)]
pub struct Table {
    pub contents: Contents,
    pub rows: u32,
}

impl Table {
    /// As many rows as the configuration has, contents of a seed that neither over- nor underflow.
    pub fn drawn(config: &TtCoreConfig, seed: u64) -> Self {
        Self {
            contents: Contents::Drawn {
                palette: Palette::Plain,
                seed,
            },
            rows: u32::try_from(config.row_space()).unwrap_or(u32::MAX),
        }
    }
}

/// The rows of a batch.
pub struct Work {
    pub rows: Vec<Row>,
    /// Lists that the host has sorted.
    pub lists: u64,
    /// Distinct prefixes of each list, summed over lists and boundaries between stages.
    pub distinct_prefixes: u64,
}

/// Each look-up as a result of its own: the whole batch sorted by id.
pub fn each_row(config: &TtCoreConfig, batch: &Bags) -> Work {
    let mut lookups = Vec::with_capacity(batch.lookups());
    for (query, bag) in batch.iter().enumerate() {
        let number = query as u32 % config.bags;
        lookups.extend(bag.iter().map(|&id| (id, number)));
    }
    lookups.sort_by_key(|&(id, _)| id);
    let row = |&(id, bag): &(u32, u32)| Row {
        table: 0,
        id,
        bag,
        last: true,
    };
    Work {
        rows: lookups.iter().map(row).collect(),
        lists: 1,
        distinct_prefixes: distinct_prefixes(config, &lookups),
    }
}

/// Sums of queries: as many at a time as bags can be open, the rows of each such window sorted by id.
pub fn pooled(config: &TtCoreConfig, batch: &Bags) -> Work {
    let mut work = Work {
        rows: Vec::with_capacity(batch.lookups()),
        lists: 0,
        distinct_prefixes: 0,
    };
    let queries: Vec<&[u32]> = batch.iter().collect();
    for window in queries.chunks(config.bags as usize) {
        let mut lookups = Vec::new();
        for (bag, ids) in (0..).zip(window) {
            lookups.extend(ids.iter().map(|&id| (id, bag)));
        }
        lookups.sort_by_key(|&(id, _)| id);
        let first = work.rows.len();
        work.rows.extend(lookups.iter().map(|&(id, bag)| Row {
            table: 0,
            id,
            bag,
            last: false,
        }));
        let mut ended = vec![false; window.len()];
        for row in work.rows[first..].iter_mut().rev() {
            row.last = !std::mem::replace(&mut ended[row.bag as usize], true);
        }
        work.lists += 1;
        work.distinct_prefixes += distinct_prefixes(config, &lookups);
    }
    work
}

/// Of a sorted list.
fn distinct_prefixes(config: &TtCoreConfig, lookups: &[(u32, u32)]) -> u64 {
    let spans = shape::prefixes(config).into_iter();
    let distinct = spans.map(|span| {
        let mut prefixes: Vec<u64> = lookups
            .iter()
            .map(|&(id, _)| u64::from(id) / span)
            .collect();
        prefixes.dedup();
        prefixes.len() as u64
    });
    distinct.sum()
}

/// A batch with its ids scattered over a whole table of `rows` rows by a permutation that the seed chooses.
/// Traces number rows by first appearance, so that few leading digits occur: real ids are anywhere.
///
/// An id that the table is too small for counts modulo `rows`: the permutation's cycles of what lies
/// beyond the table need not come into it.
pub fn scatter(rows: u32, batch: &Bags, seed: u64) -> Bags {
    let rows = u64::from(rows);
    let half = (u64::BITS - rows.saturating_sub(1).leading_zeros())
        .div_ceil(2)
        .max(1);
    let mask = (1 << half) - 1;
    let mut rng = SplitMix64::new(seed);
    let keys: [u64; ROUNDS] = std::array::from_fn(|_| rng.next_u64());
    let feistel = |x: u64| {
        let (mut left, mut right) = (x >> half, x & mask);
        for key in keys {
            let mixed = SplitMix64::new(right ^ key).next_u64() & mask;
            (left, right) = (right, left ^ mixed);
        }
        left << half | right
    };
    let place = |&id: &u32| {
        // What falls beyond the table goes on until it is inside: still a permutation of the table.
        let mut x = feistel(u64::from(id) % rows);
        while x >= rows {
            x = feistel(x);
        }
        x as u32
    };
    let bags = batch.iter().map(|bag| bag.iter().map(place).collect());
    bags.collect::<Vec<Vec<u32>>>().iter().collect()
}

/// A load, and when it is through the rows; everything ready at all times, all counters seen.
pub fn episode(table: Table, rows: Vec<Row>, seed: u64) -> Episode<TtCoreCommand> {
    let load = Load {
        table: 0,
        rows: table.rows,
        contents: table.contents,
        broken: Vec::new(),
    };
    let step = |command, gap| Step {
        command,
        gap,
        injection: None,
    };
    Episode {
        seed,
        pacing: Vec::new(),
        levels: vec![Level::Low, Level::Low, Level::Count],
        steps: vec![
            step(TtCoreCommand::Load(load), None),
            step(TtCoreCommand::Rows(rows), Some(GAP)),
        ],
    }
}
