//! Which of its commands `trace` is asked for.

use shell::Failure;

use super::{convert, fit, generate, reuse, stats};

/// Work with access traces (.lk files)
#[derive(Debug, clap::Parser)]
#[command(name = "trace")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Stats(stats::StatsArgs),
    Convert(convert::ConvertArgs),
    Generate(generate::GenerateArgs),
    Fit(fit::FitArgs),
    FitReuse(reuse::FitReuseArgs),
}

/// The command.
pub fn command() -> Box<dyn shell::Command> {
    shell::command(|args: &Args| run(args).map(Into::into))
}

fn run(args: &Args) -> Result<String, Failure> {
    match &args.command {
        Command::Stats(args) => stats::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Fit(args) => fit::run(args),
        Command::FitReuse(args) => reuse::run(args),
    }
}
