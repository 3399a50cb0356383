//! Batches of queries: uniform, Zipf by rank, a trace, or all the same.

use std::path::Path;

use contract::SplitMix64;
use rayon::prelude::*;
use traces::zipf::Ranks;
use traces::{Query, Trace};

use crate::params::{BATCHES, ZIPF};
use crate::workload::Table;

/// The look-ups of one table in one batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bags {
    pub ids: Vec<u32>,
    /// Where each query's bag ends in `ids`, with a 0 in front.
    pub ends: Vec<u32>,
}

impl Bags {
    /// Queries.
    pub fn queries(&self) -> usize {
        self.ends.len() - 1
    }

    /// The look-ups of queries `from` to `to - 1`.
    pub fn range(&self, from: usize, to: usize) -> &[u32] {
        &self.ids[self.ends[from] as usize..self.ends[to] as usize]
    }
}

/// A batch: the bags of each table.
pub type Batch = Vec<Bags>;

/// Which rows the queries ask for.
#[derive(Clone, Debug)]
pub enum Distribution<'a> {
    /// Every row equally likely.
    Uniform,
    /// By rank, rows scattered over the table.
    Zipf,
    /// A trace, rows scattered over the table.
    Real(&'a Path),
    /// Always the row in the middle.
    Same,
}

/// The batches of a run: two that warm L2 and the one that counts.
///
/// # Errors
/// If the trace can't be read, has other tables, or too few queries.
pub fn batches(
    of: &Distribution,
    tables: &[Table],
    queries: usize,
    seed: u64,
) -> Result<Vec<Batch>, String> {
    if let Distribution::Real(path) = of {
        return real(path, tables, queries, seed);
    }
    let each: Vec<Vec<Bags>> = tables
        .par_iter()
        .enumerate()
        .map(|(index, table)| generated(of, table, queries, seed_of(seed, index)))
        .collect();
    Ok((0..BATCHES)
        .map(|batch| each.iter().map(|bags| bags[batch].clone()).collect())
        .collect())
}

fn seed_of(seed: u64, table: usize) -> u64 {
    SplitMix64::new(seed ^ (table as u64).wrapping_mul(0x9e37_79b9)).next_u64()
}

fn generated(of: &Distribution, table: &Table, queries: usize, seed: u64) -> Vec<Bags> {
    let mut rng = SplitMix64::new(seed);
    let ranks = matches!(of, Distribution::Zipf).then(|| Ranks::of(table.rows.min(1 << 28), ZIPF));
    let rows = u64::from(table.rows);
    let lookups = (0..=queries).map(|query| (query as f64 * table.lookups).round() as u32);
    let ends: Vec<u32> = lookups.collect();
    let count = ends[queries] as usize;
    let batch = |rng: &mut SplitMix64| Bags {
        ids: (0..count)
            .map(|_| match (of, &ranks) {
                (Distribution::Same, _) => table.rows / 2,
                (_, Some(ranks)) => scatter(ranks.draw(rng).into(), rows, seed) as u32,
                _ => rng.below(rows) as u32,
            })
            .collect(),
        ends: ends.clone(),
    };
    (0..BATCHES).map(|_| batch(&mut rng)).collect()
}

fn real(path: &Path, tables: &[Table], queries: usize, seed: u64) -> Result<Vec<Batch>, String> {
    let trace = Trace::open(path).map_err(|error| error.to_string())?;
    let name = path.display();
    let found = trace.joint_ids().sizes().len();
    if found != tables.len() {
        return Err(format!(
            "{name}: {found} tables, but the workload has {}; use a trace with as many",
            tables.len()
        ));
    }
    let needed = (BATCHES * queries) as u64;
    if trace.queries() < needed {
        return Err(format!(
            "{name}: {} queries, but three batches of {queries} take {needed}; use --batch {} or less",
            trace.queries(),
            trace.queries() / BATCHES as u64
        ));
    }
    let mut source = trace.source().map_err(|error| error.to_string())?;
    let mut query = Query::new();
    let empty = Bags {
        ids: Vec::new(),
        ends: vec![0],
    };
    let mut all = vec![vec![empty; tables.len()]; BATCHES];
    for line in 0..needed {
        source.read(&mut query).map_err(|error| error.to_string())?;
        let batch = &mut all[line as usize / queries];
        for (index, bag) in query.iter().enumerate() {
            let rows = tables[index].rows;
            for &id in bag {
                if id >= rows {
                    return Err(format!(
                        "{name}: query {}, table {index}: id {id}, but the table has {rows} rows",
                        line + 1
                    ));
                }
                let spread = scatter(id.into(), rows.into(), seed_of(seed, index));
                batch[index].ids.push(spread as u32);
            }
            let end = batch[index].ids.len() as u32;
            batch[index].ends.push(end);
        }
    }
    Ok(all)
}

/// A seeded permutation of 0..rows: a bijection of the next power of two, walked until it comes back
/// below `rows`.
pub fn scatter(row: u64, rows: u64, seed: u64) -> u64 {
    let bits = rows.max(2).next_power_of_two().ilog2();
    let (mask, half) = ((1_u64 << bits) - 1, bits.div_ceil(2));
    let (add, odd) = (seed & mask, (seed >> 20) | 1);
    let mut at = row;
    loop {
        at = at.wrapping_add(add) & mask;
        for factor in [
            0x9e37_79b9_7f4a_7c15_u64 ^ (odd & !1),
            0xff51_afd7_ed55_8ccd,
        ] {
            at = (at ^ at >> half).wrapping_mul(factor) & mask;
        }
        at ^= at >> half;
        if at < rows {
            return at;
        }
    }
}
