//! Options that several commands take.

use std::path::{Path, PathBuf};

use shell::Progress;

use crate::map::{Mapping, Recipe};
use crate::params;
use crate::study::{Split, Workload};

/// A trace and how it is mapped.
#[derive(Clone, Debug, clap::Args)]
pub struct MapOptions {
    /// The trace
    #[arg(long, value_name = "FILE")]
    pub trace: PathBuf,
    /// How rows are put on tiles
    #[arg(long, value_enum, default_value = "union")]
    pub mapping: Mapping,
    /// Passes of refinement; 3 with union, else none
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub refine: Option<u32>,
    /// Queries of a row that union looks at, at most
    #[arg(long, default_value_t = params::EXPAND, value_name = "S", value_parser = clap::value_parser!(u32).range(1..))]
    pub expand: u32,
    /// Which half is trained on
    #[arg(long, value_enum, default_value = "half")]
    pub split: Split,
    /// Of hashed orders, permutations and refinement
    #[arg(long, default_value = "1", value_name = "N")]
    pub seed: u64,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

impl MapOptions {
    /// How the mapping is made.
    pub fn recipe(&self) -> Recipe {
        let usual = match self.mapping {
            Mapping::Union => params::REFINE,
            _ => 0,
        };
        Recipe {
            mapping: self.mapping,
            refine: self.refine.unwrap_or(usual),
            expand: self.expand,
            seed: self.seed,
        }
    }

    /// The trace's halves.
    ///
    /// # Errors
    /// If it can't be read or is too short.
    pub fn workload(&self) -> Result<Workload, String> {
        workload(&self.trace, self.split, self.seed)
    }
}

/// A trace's halves, with a progress bar.
///
/// # Errors
/// If it can't be read or is too short.
pub fn workload(path: &Path, split: Split, seed: u64) -> Result<Workload, String> {
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    let progress = Progress::bytes(size);
    Workload::open(path, split, seed, |bytes| progress.set(bytes))
}
