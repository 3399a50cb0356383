//! The commands of `asymflow`.

use shell::Failure;

use super::system;

/// Map embedding tables onto cores: a SoC by its event model, or this CPU, measured
#[derive(Debug, clap::Parser)]
#[command(name = "asymflow")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    System(system::Args),
}

/// The command.
pub fn command() -> Box<dyn shell::Command> {
    shell::command(|args: &Args| {
        let text = match &args.command {
            Command::System(args) => system::run(args),
        };
        text.map(Into::into).map_err(Failure::of)
    })
}
