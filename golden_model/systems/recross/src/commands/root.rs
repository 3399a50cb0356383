//! `recross` and what stands under it.

use shell::Failure;

use super::{adc, also, drift, goals, map, system};

/// Study ReCross, crossbars with grouped rows, copies and switched ADCs
#[derive(Debug, clap::Parser)]
#[command(name = "recross")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Adc(adc::AdcArgs),
    Error(adc::ErrorArgs),
    Map(map::MapArgs),
    System(system::SystemArgs),
    Also(also::AlsoArgs),
    Drift(drift::DriftArgs),
    Goals(goals::GoalsArgs),
}

/// The command.
pub fn command() -> Box<dyn shell::Command> {
    shell::command(|args: &Args| run(args).map(Into::into).map_err(Failure::of))
}

fn run(args: &Args) -> Result<String, String> {
    match &args.command {
        Command::Adc(args) => adc::adc(args),
        Command::Error(args) => adc::error(args),
        Command::Map(args) => map::run(args),
        Command::System(args) => system::run(args),
        Command::Also(args) => also::run(args),
        Command::Drift(args) => drift::run(args),
        Command::Goals(args) => goals::run(args),
    }
}
