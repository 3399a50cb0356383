//! Which of its commands `screc` is asked for.

use crate::TtError;

use shell::Failure;

use super::{bench, decompose, inspect, reconstruct};

/// Study SCRec, embedding tables in tensor-train form
#[derive(Debug, clap::Parser)]
#[command(name = "screc")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Work with embedding tables in tensor-train (TT) form
    #[command(subcommand)]
    Tt(Tt),
}

#[derive(Debug, clap::Subcommand)]
enum Tt {
    Decompose(decompose::Args),
    Inspect(inspect::Args),
    Reconstruct(reconstruct::Args),
    Bench(bench::Args),
}

/// The command.
pub fn command() -> Box<dyn shell::Command> {
    shell::command(|args: &Args| run(args).map(Into::into))
}

fn run(args: &Args) -> Result<String, Failure> {
    let Command::Tt(command) = &args.command;
    match command {
        Tt::Decompose(args) => decompose::run(args),
        Tt::Inspect(args) => inspect::run(args),
        Tt::Reconstruct(args) => reconstruct::run(args),
        Tt::Bench(args) => bench::run(args),
    }
}

/// A table that is not compressible is a result, exit code 1; all else is the user's mistake.
impl From<TtError> for Failure {
    fn from(error: TtError) -> Self {
        Self {
            code: match error {
                TtError::NotCompressible(_) => 1,
                _ => 2,
            },
            message: error.to_string(),
        }
    }
}
