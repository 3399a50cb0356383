//! The options of `lockstep` that every block has.

use std::path::PathBuf;

use clap::Args;

use crate::Error;

/// Cycles of random stimulus if none are asked for.
const CYCLES: u64 = 200_000;

/// Check RTL against its golden model, cycle by cycle
#[derive(Args, Clone, Debug)]
pub struct LockstepArgs {
    /// What to check; without it, all blocks on their default inputs
    pub block: Option<String>,
    /// Named configuration, or a .toml file with every parameter [default: the block's first]
    #[arg(long, value_name = "NAME|FILE")]
    pub config: Option<String>,
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
    #[arg(long, value_name = "FILE")]
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

    /// Checks what clap can't.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cycles == Some(0) {
            return Err(Error::Usage("--cycles 0: use 1 or more".to_owned()));
        }
        if self.block.is_none() && (self.config.is_some() || self.rtl.is_some()) {
            let text = "--config and --rtl are about one block: name it, as in `lockstep pe`";
            return Err(Error::Usage(text.to_owned()));
        }
        Ok(())
    }
}
