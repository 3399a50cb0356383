//! All mappings behind one name.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::lists::Training;
use super::tiles::{Assignment, Room};
use super::{cooc, refine, simple, union};

/// How rows are put on tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mapping {
    /// By joint id; flattering, since ids by first appearance leak time
    Plain,
    /// In an order that only the seed says
    Hashed,
    /// By falling count
    Frequency,
    /// Access-aware, as REREC: sums of counts are balanced
    Aam,
    /// By a graph of co-occurrence
    Cooc,
    /// By the queries that rows share with a tile
    Union,
}

/// What a mapping is made with.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    pub mapping: Mapping,
    /// Passes of refinement.
    pub refine: u32,
    /// Queries of a row that are expanded, S.
    pub expand: u32,
    pub seed: u64,
}

/// Makes the mapping; `progress` hears of rows placed.
pub fn build(
    training: &Training,
    room: Room,
    recipe: Recipe,
    progress: &mut dyn FnMut(u64),
) -> Assignment {
    let (rows, seed) = (training.rows(), recipe.seed);
    let mut assignment = match recipe.mapping {
        Mapping::Plain => simple::plain(rows, room),
        Mapping::Hashed => simple::by_hash(rows, room, seed),
        Mapping::Frequency => simple::by_frequency(training, room, seed),
        Mapping::Aam => simple::access_aware(training, room, seed),
        Mapping::Cooc => cooc::group(training, room),
        Mapping::Union => union::group(training, room, recipe.expand, progress),
    };
    // Lines of unseen rows stay free until then: a row can move onto them.
    refine::refine(&mut assignment, training, recipe.refine, seed, u64::MAX);
    union::complete(&mut assignment, seed);
    assignment
}
