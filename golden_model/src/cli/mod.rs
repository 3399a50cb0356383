//! Command line. Results go to standard output, everything else to standard error.

mod progress;
mod recross;
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
    /// Study ReCross, the crossbar with switched ADCs
    #[command(subcommand)]
    Recross(recross::Command),
    /// Work with access traces (.lk files)
    #[command(subcommand)]
    Trace(trace::Command),
}

/// Runs the command. An error is a mistake of the user's, as one line.
pub fn run(cli: Cli) -> Result<(), String> {
    let output = match cli.command {
        Command::Recross(command) => recross::run(&command)?,
        Command::Trace(command) => trace::run(&command)?,
    };
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(output.as_bytes())
        .and_then(|()| stdout.flush())
    {
        // Whoever reads us (`| head`) has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| format!("cannot write to standard output: {error}")),
    }
}
