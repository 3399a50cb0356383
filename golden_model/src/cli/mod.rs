//! Command line. Results go to standard output, everything else to standard error.

mod bench;
mod dram;
mod progress;
mod recross;
mod refree;
mod screc;
mod trace;

use std::io::{self, Write};

/// Models and analyses that need no RTL.
#[derive(Debug, clap::Parser)]
#[command(name = "golden_model", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Measure the DDR5 model and the batch analysis
    Bench(bench::Args),
    /// Serve a trace of accesses by a DDR5 memory system
    Dram(dram::Args),
    /// Study ReCross, the crossbar with switched ADCs
    #[command(subcommand)]
    Recross(recross::Command),
    /// Run REFREE, near-memory training, and the systems it is compared with
    Refree(refree::Args),
    /// Study SCRec, embedding tables in tensor-train form
    #[command(subcommand)]
    Screc(screc::Command),
    /// Work with access traces (.lk files)
    #[command(subcommand)]
    Trace(trace::Command),
}

/// Why a command failed: one line, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// 2 for a mistake of the user's, 1 for a result that is a refusal.
    pub code: u8,
    /// What is wrong and what would do.
    pub message: String,
}

/// A mistake of the user's.
impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self { code: 2, message }
    }
}

/// Runs the command.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let output = match cli.command {
        Command::Bench(args) => bench::run(&args)?,
        Command::Dram(args) => dram::run(&args)?,
        Command::Recross(command) => recross::run(&command)?,
        Command::Refree(args) => refree::run(&args)?,
        Command::Screc(command) => screc::run(&command)?,
        Command::Trace(command) => trace::run(&command)?,
    };
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(output.as_bytes())
        .and_then(|()| stdout.flush())
    {
        // Whoever reads us (`| head`) has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| format!("cannot write to standard output: {error}").into()),
    }
}
