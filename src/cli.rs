//! The registry: our blocks and systems, and every command.

use std::process::ExitCode;

use clap::ArgMatches;
use lockstep::Linked;
use shell::{Command, Done, Failure};

#[cfg(feature = "linked")]
const LINKED: Linked = crate::linked::find;
#[cfg(not(feature = "linked"))]
const LINKED: Linked = lockstep::unlinked;

/// Runs this process's command line. Exit code 0: done and agreed; 1: a divergence or a finding; 2: a
/// mistake of the user's, told in one line.
pub fn run() -> ExitCode {
    let about = "Prove emitted RTL in lock-step, measure it, and model the systems that it is for";
    let program = shell::program("embertl", env!("CARGO_PKG_VERSION"), about);
    let mut commands = lockstep::commands(checks::all(), LINKED);
    commands.extend(eda::commands(hdl_gen::blocks()));
    commands.extend(hdl_gen::command::commands(hdl_gen::blocks()));
    commands.extend(golden_model::commands().into_iter().map(beside));
    shell::run(program, commands)
}

/// A command of `golden_model`, where `bench` is the harness's.
fn beside(command: Box<dyn Command>) -> Box<dyn Command> {
    match command.clap().get_name() {
        "bench" => Box::new(Renamed("bench-models", command)),
        _ => command,
    }
}

struct Renamed(&'static str, Box<dyn Command>);

impl Command for Renamed {
    fn clap(&self) -> clap::Command {
        self.1.clap().name(self.0)
    }

    fn run(&self, matches: &ArgMatches) -> Result<Done, Failure> {
        self.1.run(matches)
    }
}
