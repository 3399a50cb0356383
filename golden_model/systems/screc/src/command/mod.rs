//! `screc`: tables in tensor-train form.

mod bench;
mod cores;
mod decompose;
mod inspect;
mod reconstruct;

use std::str::FromStr;

use crate::TtError;

use shell::Failure;

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

/// Numbers with commas between them.
#[derive(Clone, Debug)]
struct List(Vec<usize>);

impl FromStr for List {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split(',').map(|number| number.trim().parse());
        let numbers: Result<_, _> = numbers.collect();
        numbers
            .map(Self)
            .map_err(|_| "give whole numbers, as in 4,4,4".into())
    }
}

impl List {
    /// One number stands for all `count`.
    fn repeated(&self, count: usize) -> Vec<usize> {
        match self.0[..] {
            [one] => vec![one; count],
            _ => self.0.clone(),
        }
    }
}

/// `[200, 220, 250]` as `200,220,250`.
fn commas(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(",")
}
