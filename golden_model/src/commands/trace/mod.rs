//! `trace`: convert, describe, generate and imitate access traces.

mod convert;
mod fit;
mod generate;
mod reading;
mod reuse;
mod stats;

use shell::Failure;

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

/// One line that names the cause.
fn text(error: impl std::fmt::Display) -> Failure {
    error.to_string().into()
}
