//! A trace's two halves: queries to train on, queries to serve.

use std::path::Path;

use clap::ValueEnum;
use contract::SplitMix64;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use traces::Trace;
use traces::batch::Bags;

use crate::map::Training;

/// Which half a query is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// The first half is trained on, in the order of the file
    Half,
    /// The same after the queries have been permuted by the seed
    Shuffle,
}

impl Split {
    /// As printed.
    pub fn text(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Shuffle => "shuffle",
        }
    }
}

/// The queries of a trace.
#[derive(Clone, Debug)]
pub struct Workload {
    pub name: String,
    /// Rows of all tables, N.
    pub rows: usize,
    /// Of all queries in the order of the file: says whether a saved mapping is of this trace.
    pub hash: String,
    /// Queries trained on.
    pub train: Bags,
    /// The same as sets.
    pub training: Training,
    pub served: Bags,
    pub split: Split,
}

impl Workload {
    /// Reads a trace.
    ///
    /// # Errors
    /// If it can't be read, or has fewer than 2 queries.
    pub fn open(
        path: &Path,
        split: Split,
        seed: u64,
        progress: impl FnMut(u64),
    ) -> Result<Self, String> {
        let trace = Trace::open_with(path, progress).map_err(|error| error.to_string())?;
        if trace.queries() < 2 {
            return Err(format!(
                "{}: {} query, but half of the queries are trained on; use a trace of at least 2",
                path.display(),
                trace.queries()
            ));
        }
        let mut bags = Bags::new();
        let each = trace.batches(NonZeroU32::MIN);
        for query in each.map_err(|error| error.to_string())? {
            let query = query.map_err(|error| error.to_string())?;
            bags.push(query.iter().flatten().copied());
        }
        let rows = trace.joint_ids().rows();
        let rows = usize::try_from(rows).map_err(|error| error.to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self::new(&name, rows, bags, split, seed))
    }

    /// From queries over `rows` rows.
    pub fn new(name: &str, rows: usize, bags: Bags, split: Split, seed: u64) -> Self {
        let hash = hash(rows, &bags);
        let mut order: Vec<usize> = (0..bags.len()).collect();
        if split == Split::Shuffle {
            let mut rng = SplitMix64::new(seed);
            for at in (1..order.len()).rev() {
                order.swap(at, rng.below(at as u64 + 1) as usize);
            }
        }
        let (first, second) = order.split_at(bags.len() / 2);
        let take = |part: &[usize]| part.iter().map(|&at| bags.bag(at)).collect::<Bags>();
        let (train, served) = (take(first), take(second));
        Self {
            name: name.to_owned(),
            rows,
            hash,
            training: Training::of(rows, &train),
            train,
            served,
            split,
        }
    }

    /// The training half alone, its last part `share` served in turn: what choices are judged on.
    pub fn judged(&self, share: f64) -> Self {
        let kept = ((1.0 - share) * self.train.len() as f64).round() as usize;
        let kept = kept.clamp(1.min(self.train.len()), self.train.len());
        let part =
            |range: std::ops::Range<usize>| range.map(|at| self.train.bag(at)).collect::<Bags>();
        let (train, served) = (part(0..kept), part(kept..self.train.len()));
        Self {
            name: self.name.clone(),
            rows: self.rows,
            hash: self.hash.clone(),
            training: Training::of(self.rows, &train),
            train,
            served,
            split: self.split,
        }
    }

    /// Of the look-ups served, how many are of rows that training has not seen.
    pub fn unseen_share(&self) -> f64 {
        let rows = self.served.iter().flatten();
        let unseen = rows.filter(|&&row| self.training.count(row) == 0).count();
        unseen as f64 / self.served.lookups().max(1) as f64
    }
}

/// FNV-1a over sizes and ids.
fn hash(rows: usize, bags: &Bags) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    };
    add(rows as u64);
    for bag in bags.iter() {
        add(bag.len() as u64);
        bag.iter().for_each(|&row| add(row.into()));
    }
    format!("{hash:016x}")
}
