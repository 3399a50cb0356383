//! The commands of `asymflow`.

use shell::Failure;

use super::{cost, map, system, tune};

/// Map embedding tables onto cores: a SoC by its event model, or this CPU, measured
#[derive(Debug, clap::Parser)]
#[command(name = "asymflow")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Cost(cost::Args),
    Map(map::Args),
    System(system::Args),
    Tune(tune::Args),
}

/// The command.
pub fn command() -> Box<dyn shell::Command> {
    shell::command(|args: &Args| {
        let text = match &args.command {
            Command::Cost(args) => cost::run(args),
            Command::Map(args) => map::run(args),
            Command::System(args) => system::run(args),
            Command::Tune(args) => tune::run(args),
        };
        text.map(Into::into).map_err(Failure::of)
    })
}
