//! The queries that blocks work on: batches of a trace, or of the embedded input; and the options that
//! choose them.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use lockstep::{Asked, Error};
use traces::batch::{Bags, rank_share};
use traces::zipf::{Zipf, ZipfConfig};
use traces::{JointIds, Trace};

/// Queries of a batch.
pub const BATCH: NonZeroU32 = NonZeroU32::new(2048).unwrap();
/// Batches of the embedded input.
const EMBEDDED: u64 = 1;
/// The mode that is all modes of a block.
const ALL: &str = "all";

/// Which batches.
#[derive(Args, Clone, Debug)]
pub struct Queries {
    /// Queries to work on, a .lk file [default: random stimulus]
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub trace: Option<PathBuf>,
    /// Only the first N batches of the trace
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        conflicts_with = "replay"
    )]
    pub batches: Option<u64>,
}

/// What a single block does with which batches.
#[derive(Args, Clone, Debug)]
pub struct Work {
    #[command(flatten)]
    pub queries: Queries,
    /// What to do with each batch: one of the block's modes, or all [default: all]
    #[arg(long, value_name = "MODE", conflicts_with = "replay")]
    pub mode: Option<String>,
    /// Only the rows of one of this many ranks
    #[arg(long, value_name = "N", requires = "rank", allow_hyphen_values = true)]
    #[arg(conflicts_with = "replay")]
    pub ranks: Option<u32>,
    /// The rank, from 0
    #[arg(long, value_name = "K", requires = "ranks", allow_hyphen_values = true)]
    pub rank: Option<u32>,
}

impl Queries {
    /// The batches: those of the trace, or of the embedded input.
    ///
    /// # Errors
    /// A trace that can't be read, or has fewer batches.
    pub fn batches(&self, seed: u64) -> Result<Vec<Bags>, Error> {
        if self.batches == Some(0) {
            return Err(Error::Usage("--batches 0: use 1 or more".to_owned()));
        }
        let Some(path) = &self.trace else {
            return embedded(seed, self.batches.unwrap_or(EMBEDDED));
        };
        let trace = Trace::open(path).map_err(usage)?;
        let there = trace.batch_count(BATCH);
        let count = self.batches.unwrap_or(there);
        if count > there {
            let path = path.display();
            let text = format!("--batches {count}: `{path}` has {there} batches of {BATCH}");
            return Err(Error::Usage(text));
        }
        let batches = trace.batches(BATCH).map_err(usage)?;
        batches
            .take(count as usize)
            .collect::<Result<_, _>>()
            .map_err(usage)
    }

    /// The tables that joint ids count through.
    ///
    /// # Errors
    /// A trace that can't be read.
    pub fn joint_ids(&self) -> Result<JointIds, Error> {
        match &self.trace {
            Some(path) => Ok(Trace::open(path).map_err(usage)?.joint_ids().clone()),
            None => JointIds::new(ZipfConfig::default().tables).map_err(usage),
        }
    }
}

impl Work {
    /// `lockstep` with these options, where a batch can be worked on in these modes.
    pub fn options(lockstep: Command, modes: &[&'static str]) -> Command {
        let modes = PossibleValuesParser::new(modes.iter().copied().chain([ALL]));
        Self::augment_args(lockstep).mut_arg("mode", |mode| mode.value_parser(modes))
    }

    /// What was asked of a block.
    ///
    /// # Errors
    /// Options that make no sense.
    pub fn of(asked: &Asked) -> Result<Self, Error> {
        let work: Self = asked.own()?;
        if let (Some(ranks), Some(rank)) = (work.ranks, work.rank) {
            if ranks == 0 {
                return Err(Error::Usage("--ranks 0: use 1 or more".to_owned()));
            }
            if rank >= ranks {
                let last = ranks - 1;
                return Err(Error::Usage(format!(
                    "--rank {rank}: with --ranks {ranks} use 0 to {last}"
                )));
            }
        }
        Ok(work)
    }

    /// Whether batches are asked for: the block is not checked on random stimulus then.
    pub fn asked(&self) -> bool {
        let Queries { trace, batches } = &self.queries;
        trace.is_some() || batches.is_some() || self.mode.is_some() || self.ranks.is_some()
    }

    /// Whether batches are to be worked on in this mode.
    pub fn wants(&self, mode: &str) -> bool {
        self.mode
            .as_deref()
            .is_none_or(|asked| asked == ALL || asked == mode)
    }

    /// The batches, none if none are asked for.
    ///
    /// # Errors
    /// As [`Queries::batches`].
    pub fn batches(&self, seed: u64) -> Result<Vec<Bags>, Error> {
        match self.asked() {
            true => self.batches_or_embedded(seed),
            false => Ok(Vec::new()),
        }
    }

    /// The batches, or those of the embedded input.
    ///
    /// # Errors
    /// As [`Queries::batches`].
    pub fn batches_or_embedded(&self, seed: u64) -> Result<Vec<Bags>, Error> {
        let batches = self.queries.batches(seed)?;
        Ok(match (self.ranks, self.rank) {
            (Some(ranks), Some(rank)) => batches
                .iter()
                .map(|batch| rank_share(batch, ranks, rank))
                .collect(),
            _ => batches,
        })
    }
}

/// Batches of the embedded input.
///
/// # Errors
/// None with the default tables.
pub fn embedded(seed: u64, count: u64) -> Result<Vec<Bags>, Error> {
    let config = ZipfConfig {
        seed,
        ..ZipfConfig::default()
    };
    let mut zipf = Zipf::new(config).map_err(usage)?;
    Ok((0..count)
        .map(|_| zipf.batch(BATCH.get() as usize))
        .collect())
}

/// A mistake in the input.
fn usage(error: impl std::fmt::Display) -> Error {
    Error::Usage(error.to_string())
}
