//! FAFNIR (HPCA'21): a tree of PEs over the ranks; each unique row of a small batch is read once,
//! and partial sums meet on their way up. Forward only.

use std::collections::HashSet;

use rayon::prelude::*;

use super::super::model::LINE;
use super::super::{Layout, params};
use super::{Nmp, rank_reads};
use traces::batch::Bags;

/// A forward pass, in sub-batches of as many queries as the tree holds. `ratio` is DRAM cycles of a
/// PE cycle, in which a PE takes and gives one entry.
pub fn fafnir(layout: &Layout, batch: &Bags, ratio: u64) -> Nmp {
    let queries: Vec<&[u32]> = batch.iter().collect();
    let groups: Vec<&[&[u32]]> = queries.chunks(params::FAFNIR_QUERIES).collect();
    let trees: Vec<Tree> = groups
        .par_iter()
        .map(|queries| Tree::new(layout, queries))
        .collect();
    let ranks = layout.ranks() as usize;
    let served: Vec<_> = (0..ranks)
        .into_par_iter()
        .map(|rank| {
            let reads: Vec<u64> = trees
                .iter()
                .flat_map(|tree| tree.reads[rank].iter().copied())
                .collect();
            (reads.len() as u64, rank_reads(&reads))
        })
        .collect();
    let lines = layout.bytes() / LINE;
    // Sub-batches follow each other through the tree: the slowest node sets the pace.
    let nodes = trees.first().map_or(0, |tree| tree.entries.len());
    let entries = |node| trees.iter().map(|tree| tree.entries[node]).sum::<u64>();
    let busiest = (0..nodes).map(entries).max().unwrap_or(0) * lines * ratio;
    let group = u64::from(layout.group());
    let results = batch.non_empty() as u64 * group;
    let channels = u64::from(layout.ranks() / layout.ranks_per_channel());
    let link = results * lines * params::BURST / channels.max(1);
    let mut all = Nmp {
        cycles: busiest.max(link),
        additions: trees.iter().map(|tree| tree.additions).sum::<u64>() / group,
        results,
        ..Nmp::default()
    };
    for (lines, (cycles, commands)) in served {
        all.cycles = all.cycles.max(cycles);
        all.lines_read += lines;
        all.commands += commands;
    }
    all
}

/// What one sub-batch does in the tree.
struct Tree {
    /// Line addresses that each rank reads.
    reads: Vec<Vec<u64>>,
    /// Entries that enter each node, leaves first. Where rows are cut, each part is one.
    entries: Vec<u64>,
    /// Of what one rank holds of a row.
    additions: u64,
}

impl Tree {
    fn new(layout: &Layout, queries: &[&[u32]]) -> Self {
        let ranks = layout.ranks() as usize;
        let mut tree = Self {
            reads: vec![Vec::new(); ranks],
            entries: Vec::new(),
            additions: 0,
        };
        // For each query the rows that are summed so far below each node of a level.
        let mut level: Vec<Vec<Vec<u32>>> = (0..ranks as u32)
            .map(|rank| {
                let held = |bag: &&[u32]| {
                    let mut held: Vec<u32> = bag.to_vec();
                    held.retain(|&id| layout.holds(rank, id));
                    held.sort_unstable();
                    held
                };
                queries.iter().map(held).collect()
            })
            .collect();
        for (rank, held) in level.iter().enumerate() {
            let unique: HashSet<u32> = held.iter().flatten().copied().collect();
            let mut unique: Vec<u32> = unique.into_iter().collect();
            unique.sort_unstable();
            tree.entries.push(unique.len() as u64);
            tree.reads[rank].extend(unique.iter().flat_map(|&id| {
                let first = layout.address(id);
                (0..layout.bytes() / LINE).map(move |line| first + line * LINE)
            }));
            // Rows of one rank: a chain of additions for each different set.
            let sets: HashSet<&Vec<u32>> = held.iter().filter(|set| !set.is_empty()).collect();
            tree.additions += sets.iter().map(|set| set.len() as u64 - 1).sum::<u64>();
        }
        let group = layout.group() as usize;
        let mut below = 1;
        while level.len() > 1 {
            // Ranks of a group hold parts of the same rows, which meet but don't add.
            let parts = below.min(group) as u64;
            let nodes = level.chunks(2);
            level = match below < group {
                true => nodes.map(|pair| tree.gather(pair, parts)).collect(),
                false => nodes.map(|pair| tree.join(pair, parts)).collect(),
            };
            below *= 2;
        }
        tree
    }

    /// A node above others, from which come `parts` parts of each different sum.
    fn enter(&mut self, below: &[Vec<Vec<u32>>], parts: u64) {
        let different = |node: &Vec<Vec<u32>>| {
            let sets: HashSet<&Vec<u32>> = node.iter().filter(|set| !set.is_empty()).collect();
            sets.len() as u64
        };
        self.entries
            .push(below.iter().map(different).sum::<u64>() * parts);
    }

    /// A node above parts of the same rows.
    fn gather(&mut self, below: &[Vec<Vec<u32>>], parts: u64) -> Vec<Vec<u32>> {
        self.enter(below, parts);
        below[0].clone()
    }

    /// A node above one or two others.
    fn join(&mut self, below: &[Vec<Vec<u32>>], parts: u64) -> Vec<Vec<u32>> {
        self.enter(below, parts);
        let [left, right] = below else {
            return below.concat();
        };
        let mut sums = HashSet::new();
        let joined: Vec<Vec<u32>> = left
            .iter()
            .zip(right)
            .map(|(a, b)| {
                let set = [&a[..], b].concat();
                if !a.is_empty() && !b.is_empty() {
                    sums.insert(set.clone());
                }
                set
            })
            .collect();
        self.additions += sums.len() as u64 * parts;
        joined
    }
}
