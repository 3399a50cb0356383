//! The `lockstep` command: RTL against golden model, cycle by cycle.

mod check;
mod document;
mod inputs;
mod session;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

pub use check::Check;
pub use document::{Column, Document, Figure, Figures, Run};
pub use inputs::{BATCH, batches, embedded};
pub use session::{Played, Session, Source};

use crate::bench::Bench;
use crate::{Error, designs};

/// Cycles of random stimulus if none are asked for.
const CYCLES: u64 = 200_000;

/// The mode that is all modes of a block.
pub const ALL: &str = "all";

/// What to check, and on what.
#[derive(Args, Clone, Debug)]
pub struct LockstepArgs {
    /// Block to check; without it, all blocks on their default inputs
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
        Ok(())
    }
}

/// A block that can be checked.
pub trait Checked: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What can be done with a batch, besides all of these.
    fn modes(&self) -> &'static [&'static str];

    /// Checks one configuration.
    ///
    /// # Errors
    /// A mistake of the user's; divergences are in the documents.
    fn lockstep(&self, args: &LockstepArgs) -> Result<Document, Error>;

    /// Measures its first configuration.
    ///
    /// # Errors
    /// A tool that fails.
    fn bench(&self) -> Result<Bench, Error>;

    /// The configurations that are checked when none is asked for.
    fn default_configs(&self) -> Vec<&'static str>;
}

/// Whether the block has the mode that is asked for.
fn has_mode(block: &dyn Checked, args: &LockstepArgs) -> bool {
    let modes = block.modes();
    args.mode
        .as_deref()
        .is_none_or(|mode| mode == ALL || modes.contains(&mode))
}

/// The message about a mode that none of these blocks has.
fn no_mode(blocks: &[&dyn Checked], args: &LockstepArgs) -> Error {
    let mode = args.mode.as_deref().unwrap_or_default();
    let mut known: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.modes())
        .copied()
        .collect();
    known.push(ALL);
    Error::Usage(format!(
        "invalid value '{mode}' for '--mode <MODE>' [possible values: {}]",
        known.join(", ")
    ))
}

/// Runs the command: 0 agreed, 1 diverged.
///
/// # Errors
/// A mistake of the user's.
pub fn run(args: &LockstepArgs) -> Result<ExitCode, Error> {
    args.check()?;
    let blocks = designs::checked();
    let mut documents = Vec::new();
    match &args.block {
        Some(name) => {
            let names: Vec<&str> = blocks.iter().map(|block| block.name()).collect();
            let unknown = || {
                Error::Usage(format!(
                    "there is no block `{name}`; use {}",
                    names.join(", ")
                ))
            };
            let block = blocks
                .iter()
                .find(|block| block.name() == name)
                .ok_or_else(unknown)?;
            if !has_mode(*block, args) {
                return Err(no_mode(&[*block], args));
            }
            documents.push(show(block.lockstep(args)?, args.json));
        }
        None => {
            if !blocks.iter().any(|block| has_mode(*block, args)) {
                return Err(no_mode(&blocks, args));
            }
            for block in blocks.into_iter().filter(|block| has_mode(*block, args)) {
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
            [one] if args.block.is_some() => serde_json::to_string_pretty(one),
            all => serde_json::to_string_pretty(all),
        };
        let text = text.map_err(std::io::Error::from);
        text.and_then(|text| print(&format!("{text}\n")))
            .map_err(|cause| Error::Write {
                what: "standard output".into(),
                cause,
            })?;
    }
    Ok(ExitCode::from(u8::from(diverged)))
}

/// Prints the table of a document unless JSON is asked for.
fn show(document: Document, json: bool) -> Document {
    let table = document.to_string();
    if json {
        eprint!("{}", document.reports());
    } else {
        // Whoever reads us (`| head`) has seen enough.
        let _ = print(&table);
    }
    document
}

fn print(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
