//! What two earlier batches teach: profiles, hot rows and their coverage.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use traces::hot::hottest;

use crate::machine::Machine;
use crate::params::HOT_ROWS;
use crate::problems::Load;
use crate::profile::Profile;
use crate::queries::Batch;
use crate::workload::Table;

/// The load as two batches show it. Rows are chosen by the first, covered by the second.
pub fn learned<'a>(machine: &'a Machine, tables: &'a [Table], batches: [&Batch; 2]) -> Load<'a> {
    let most = HOT_ROWS[HOT_ROWS.len() - 1] as usize;
    let each: Vec<(Profile, [f64; HOT_ROWS.len()])> = tables
        .par_iter()
        .enumerate()
        .map(|(index, table)| {
            let both = batches
                .iter()
                .flat_map(|batch| batch[index].ids.iter().copied());
            let counts = hottest(both, usize::MAX)
                .into_iter()
                .map(|(_, count)| count);
            let profile = Profile::counted(counts.collect(), table.rows);
            let chosen = hottest(batches[0][index].ids.iter().copied(), most);
            let served = &batches[1][index].ids;
            let coverage = HOT_ROWS.map(|rows| {
                let hot = chosen.iter().take(rows as usize).map(|&(id, _)| id);
                let hot: FxHashSet<u32> = hot.collect();
                let covered = served.iter().filter(|id| hot.contains(id)).count();
                covered as f64 / served.len().max(1) as f64
            });
            (profile, coverage)
        })
        .collect();
    let (profiles, held_out) = each.into_iter().unzip();
    let batch = batches[1].first().map_or(0, crate::queries::Bags::queries) as f64;
    Load {
        machine,
        tables,
        profiles,
        held_out: Some(held_out),
        batch,
    }
}

/// The hot rows of each table by both batches; `rows` says how many.
pub fn hot_rows(batches: [&Batch; 2], rows: &[u32]) -> Vec<FxHashSet<u32>> {
    let of = |(index, &rows): (usize, &u32)| {
        let both = batches
            .iter()
            .flat_map(|batch| batch[index].ids.iter().copied());
        let hot = match rows {
            0 => Vec::new(),
            rows => hottest(both, rows as usize),
        };
        hot.into_iter().map(|(id, _)| id).collect()
    };
    rows.iter().enumerate().map(of).collect()
}
