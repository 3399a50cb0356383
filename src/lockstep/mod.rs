//! The `lockstep` command: RTL against golden model, cycle by cycle.

mod check;
mod cores;
mod document;
mod inputs;
mod replay;
mod session;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hdl_gen::AnyBlock;

pub use check::Check;
pub use cores::CoresArgs;
pub use document::{Column, Document, Figure, Figures, Run};
pub use inputs::{BATCH, batches, embedded};
pub use session::{Played, Session, Source};

use crate::Error;
use crate::bench::Bench;
use crate::output::print;
use crate::refree;

/// Cycles of random stimulus if none are asked for.
const CYCLES: u64 = 200_000;

/// The mode that is all modes of a block.
pub const ALL: &str = "all";

/// What to check, and on what.
#[derive(Args, Clone, Debug)]
pub struct LockstepArgs {
    /// Block to check, or `refree` for the whole system with PEs in the loop; without it, all blocks on
    /// their default inputs
    pub block: Option<String>,
    /// Named configuration, or a .toml file with every parameter [default: the block's first]
    #[arg(long, value_name = "NAME|FILE")]
    pub config: Option<String>,
    /// Queries to work on, a .lk file [default: random stimulus]
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Only so many batches of the trace
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub batches: Option<u64>,
    /// What to do with each batch: one of the block's modes, or all [default: all]
    #[arg(long, value_name = "MODE")]
    pub mode: Option<String>,
    /// Only the rows of one of this many ranks
    #[arg(long, value_name = "N", requires = "rank", allow_hyphen_values = true)]
    pub ranks: Option<u32>,
    /// The rank, from 0
    #[arg(long, value_name = "K", requires = "ranks", allow_hyphen_values = true)]
    pub rank: Option<u32>,
    /// Check this folder's .sv and .v files instead of the emitted RTL
    #[arg(long, value_name = "DIR")]
    pub rtl: Option<PathBuf>,
    #[command(flatten)]
    pub table: CoresArgs,
    /// Seed of the stimulus and of the initial state, decimal or 0x...
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    #[arg(allow_hyphen_values = true)]
    pub seed: u64,
    /// Cycles of random stimulus [default: 200000]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub cycles: Option<u64>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
    /// Play the stimulus that a divergence has left
    #[arg(long, value_name = "FILE", conflicts_with_all = ["trace", "mode", "batches", "ranks"])]
    pub replay: Option<PathBuf>,
    /// On a divergence neither waves nor a smaller stimulus
    #[arg(long)]
    pub brief: bool,
}

/// A number, decimal or hexadecimal.
fn seed(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "not a number from 0 to 2^64-1, decimal or 0x...".to_owned())
}

impl LockstepArgs {
    /// Cycles of random stimulus.
    pub fn random_cycles(&self) -> u64 {
        self.cycles.unwrap_or(CYCLES)
    }

    /// Whether single inputs are asked for, instead of the default ones.
    pub fn wants_batches(&self) -> bool {
        self.trace.is_some()
            || self.batches.is_some()
            || self.mode.is_some()
            || self.ranks.is_some()
    }

    /// Checks what clap can't.
    fn check(&self) -> Result<(), Error> {
        let wrong = |text: String| Err(Error::Usage(text));
        if let (Some(ranks), Some(rank)) = (self.ranks, self.rank) {
            if ranks == 0 {
                return wrong("--ranks 0: use 1 or more".to_owned());
            }
            if rank >= ranks {
                let last = ranks - 1;
                return wrong(format!(
                    "--rank {rank}: with --ranks {ranks} use 0 to {last}"
                ));
            }
        }
        for (name, value) in [("--batches", self.batches), ("--cycles", self.cycles)] {
            if value == Some(0) {
                return wrong(format!("{name} 0: use 1 or more"));
            }
        }
        if self.block.is_none() && (self.config.is_some() || self.rtl.is_some()) {
            return wrong(
                "--config and --rtl are about one block: name it, as in `lockstep pe`".into(),
            );
        }
        if self.block.is_none() && !self.table.cores.is_empty() {
            return wrong("--cores is about one block: name it, as in `lockstep tt_core`".into());
        }
        Ok(())
    }
}

/// A block as the commands take it: what it is to the generator, and how it is checked.
pub trait Checked: Sync {
    /// Its face in the generator: name, configurations, emission; see [`hdl_gen::BlockOf::FACE`].
    fn block(&self) -> &'static dyn AnyBlock;

    /// Whether `--cores` can give it a table.
    fn takes_cores(&self) -> bool {
        false
    }

    /// Its name on the command line.
    fn name(&self) -> &'static str {
        self.block().name()
    }

    /// What can be done with a batch, besides all of these; nothing if the block takes no batches.
    fn modes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks one configuration.
    ///
    /// # Errors
    /// A mistake of the user's; divergences are in the documents.
    fn lockstep(&self, args: &LockstepArgs) -> Result<Document, Error>;

    /// Measures a configuration, or the one that stands for the block.
    ///
    /// # Errors
    /// A tool that fails.
    fn bench(&self, config: Option<String>) -> Result<Bench, Error>;

    /// The configurations that are checked when none is asked for.
    fn default_configs(&self) -> Vec<&'static str> {
        self.block().config_names()
    }
}

/// The block called `name`.
///
/// # Errors
/// An unknown name, with those that would do.
pub(crate) fn find<'a>(blocks: &[&'a dyn Checked], name: &str) -> Result<&'a dyn Checked, Error> {
    let found = blocks.iter().find(|block| block.name() == name);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = blocks.iter().map(|block| block.name()).collect();
        Error::Usage(format!(
            "there is no block `{name}`; use {}",
            known.join(", ")
        ))
    })
}

/// Whether the block takes batches if any are asked for, and in this mode.
fn takes(block: &dyn Checked, args: &LockstepArgs) -> bool {
    let modes = block.modes();
    match args.mode.as_deref() {
        Some(mode) if mode != ALL => modes.contains(&mode),
        _ => !modes.is_empty() || !args.wants_batches(),
    }
}

/// The message about batches or a mode that none of these blocks takes.
fn not_taken(blocks: &[&dyn Checked], args: &LockstepArgs) -> Error {
    let mut known: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.modes())
        .copied()
        .collect();
    if known.is_empty() {
        let names: Vec<&str> = blocks.iter().map(|block| block.name()).collect();
        return Error::Usage(format!(
            "{}: is checked on random stimulus alone; leave out --trace, --batches, --mode, --ranks",
            names.join(", ")
        ));
    }
    known.push(ALL);
    let mode = args.mode.as_deref().unwrap_or_default();
    Error::Usage(format!(
        "invalid value '{mode}' for '--mode <MODE>' [possible values: {}]",
        known.join(", ")
    ))
}

/// Runs the command: 0 agreed, 1 diverged.
///
/// # Errors
/// A mistake of the user's.
pub fn run(blocks: &[&dyn Checked], args: &LockstepArgs) -> Result<ExitCode, Error> {
    args.check()?;
    let mut documents = Vec::new();
    match &args.block {
        Some(name) if name == refree::NAME => {
            documents.push(show(refree::lockstep(args)?, args.json));
        }
        Some(name) => {
            let block = find(blocks, name)?;
            if !takes(block, args) {
                return Err(not_taken(&[block], args));
            }
            if !args.table.cores.is_empty() && !block.takes_cores() {
                let text = format!("--cores: {name} holds no TT cores; use it with tt_core");
                return Err(Error::Usage(text));
            }
            documents.push(show(block.lockstep(args)?, args.json));
        }
        None => {
            if !blocks.iter().any(|block| takes(*block, args)) {
                return Err(not_taken(blocks, args));
            }
            for block in blocks.iter().filter(|block| takes(**block, args)) {
                for config in block.default_configs() {
                    let config = Some(config.to_owned());
                    let document = block.lockstep(&LockstepArgs {
                        config,
                        ..args.clone()
                    })?;
                    documents.push(show(document, args.json));
                }
            }
        }
    }
    let diverged = documents.iter().any(Document::diverged);
    if args.json {
        let text = match &documents[..] {
            [one] if args.block.is_some() => report::json(one),
            _ => report::json(&documents),
        };
        print(&text)?;
    }
    Ok(ExitCode::from(u8::from(diverged)))
}

/// Prints the table of a document unless JSON is asked for.
fn show(document: Document, json: bool) -> Document {
    let table = document.to_string();
    if json {
        eprint!("{}", document.reports());
    } else {
        let _ = print(&table);
    }
    document
}
