//! The `embertl` command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use embertl::Error;
use embertl::bench::{self, BenchArgs};
use embertl::lockstep::{self, LockstepArgs};

/// Exit code of a user's mistake.
const MISTAKE: u8 = 2;

#[derive(Parser)]
#[command(name = "embertl", version, about = "Prove emitted RTL in lock-step, and measure it")]
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
    };
    done.unwrap_or_else(|error| mistake(&error))
}

fn mistake(error: &Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(MISTAKE)
}

/// Clap's message as one line: what is wrong, and its tip.
fn usage(error: &clap::Error) -> Error {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let tip = lines.find_map(|line| line.strip_prefix("tip: ").map(str::to_owned));
    Error::Usage(match tip {
        Some(tip) => format!("{first}; {tip}"),
        None => format!("{}; see --help", first.trim_end_matches(':')),
    })
}
