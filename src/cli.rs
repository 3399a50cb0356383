//! The `embertl` command line, over any set of blocks: a project with a block of its own has all of
//! it in one line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use hdl_gen::AnyBlock;

use crate::Error;
use crate::area::{self, AreaArgs};
use crate::bench::{self, BenchArgs};
use crate::lint::{self, LintArgs};
use crate::lockstep::{self, Checked, LockstepArgs};
use crate::output::print;

/// Exit code of a user's mistake.
const MISTAKE: u8 = 2;

/// Name of the generator among the commands.
const EMIT: &str = "emit";

#[derive(Parser)]
#[command(
    name = "embertl",
    version,
    about = "Prove emitted RTL in lock-step, and measure it"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check RTL against its golden model, cycle by cycle (exit 0: agreed, 1: diverged)
    Lockstep(Box<LockstepArgs>),
    /// Measure the harness: ratios to a bare C++ program, and the edit loop
    Bench(BenchArgs),
    /// Synthesise a block: area, longest path
    Area(AreaArgs),
    /// Check every emitted module with every tool that is present
    Lint(LintArgs),
}

/// Runs the command `args` (the program's name first) on `blocks`, of which the first is the
/// default. Besides the commands of this crate there is `emit`, the generator. Exit code 0: done and
/// agreed; 1: a divergence or a finding; 2: a mistake of the user's, told in one line.
pub fn run(blocks: &[&dyn Checked], args: impl IntoIterator<Item = OsString>) -> ExitCode {
    execute(blocks, args).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(MISTAKE)
    })
}

fn execute(
    blocks: &[&dyn Checked],
    args: impl IntoIterator<Item = OsString>,
) -> Result<ExitCode, Error> {
    let faces: Vec<&dyn AnyBlock> = blocks.iter().map(|block| block.block()).collect();
    let emit = hdl_gen::cli::command(&faces).name(EMIT);
    let matches = match Cli::command().subcommand(emit).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => return Err(usage(&error)),
        Err(help) => {
            let _ = help.print();
            return Ok(ExitCode::SUCCESS);
        }
    };
    if let Some((EMIT, matches)) = matches.subcommand() {
        print(&hdl_gen::cli::execute(&faces, matches)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    match Cli::from_arg_matches(&matches)
        .map_err(|error| usage(&error))?
        .command
    {
        Command::Lockstep(args) => lockstep::run(blocks, &args),
        Command::Bench(args) => bench::run(blocks, &args),
        Command::Area(args) => area::run(&faces, &args).map_err(Error::from),
        Command::Lint(args) => lint::run(&faces, &args).map_err(Error::from),
    }
}

/// Clap's message as one line: what is wrong, and what would do.
fn usage(error: &clap::Error) -> Error {
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::Usage("no command given; see --help".to_owned());
    }
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let told =
        lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let told: Vec<&str> = told
        .map(|line| line.trim_start_matches("error: "))
        .collect();
    Error::Usage(format!("{}; see --help", told.join(" ")))
}
