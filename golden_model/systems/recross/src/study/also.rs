//! Derived multi-hot queries: the rows that most often occur with a row that was drawn. It is MERCI's recipe
//! (ASPLOS'21) for items "also" bought, with queries in the place of its lists.

use contract::SplitMix64;
use traces::batch::Bags;

use crate::map::Training;
use crate::params::{ALSO_LEAST, ALSO_ROWS};

/// `queries` queries from those of another trace; none if no row occurs often enough with two others.
pub fn also(training: &Training, queries: u64, seed: u64) -> Option<Bags> {
    let rows = training.rows();
    let mut common = vec![0_u32; rows];
    let mut lists: Vec<(u32, Vec<u32>)> = Vec::new();
    for row in 0..rows as u32 {
        let mut found = Vec::new();
        for &query in training.of_row.get(row) {
            for &other in training.queries.get(query) {
                if other != row {
                    if common[other as usize] == 0 {
                        found.push(other);
                    }
                    common[other as usize] += 1;
                }
            }
        }
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for other in found {
            let count = std::mem::take(&mut common[other as usize]);
            if count >= ALSO_LEAST {
                edges.push((count, other));
            }
        }
        if edges.len() >= 2 {
            edges.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            edges.truncate(ALSO_ROWS);
            lists.push((row, edges.into_iter().map(|(_, other)| other).collect()));
        }
    }
    let mut sum = 0_u64;
    let ends: Vec<u64> = lists
        .iter()
        .map(|(row, _)| {
            sum += u64::from(training.count(*row));
            sum
        })
        .collect();
    if lists.is_empty() {
        return None;
    }
    let mut rng = SplitMix64::new(seed);
    let mut bags = Bags::new();
    for _ in 0..queries {
        let drawn = rng.below(sum);
        let at = ends.partition_point(|&end| end <= drawn);
        bags.push(lists[at].1.iter().copied());
    }
    Some(bags)
}
