//! The `embertl` command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use embertl::Error;
use embertl::area::{self, AreaArgs};
use embertl::bench::{self, BenchArgs};
use embertl::lint::{self, LintArgs};
use embertl::lockstep::{self, LockstepArgs};

/// Exit code of a user's mistake.
const MISTAKE: u8 = 2;

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
    Lockstep(LockstepArgs),
    /// Measure the harness: ratios to a bare C++ program, and the edit loop
    Bench(BenchArgs),
    /// Synthesise a block: area, longest path
    Area(AreaArgs),
    /// Check every emitted module with every tool that is present
    Lint(LintArgs),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return mistake(&usage(&error)),
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let done = match cli.command {
        Command::Lockstep(args) => lockstep::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Area(args) => area::run(&args).map_err(Error::from),
        Command::Lint(args) => lint::run(&args).map_err(Error::from),
    };
    done.unwrap_or_else(|error| mistake(&error))
}

fn mistake(error: &Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(MISTAKE)
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
