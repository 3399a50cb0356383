//! `golden_model trace ...`

mod convert;
mod fit;
mod generate;
mod reading;
mod reuse;
mod stats;

use super::Failure;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Stats(stats::StatsArgs),
    Convert(convert::ConvertArgs),
    Generate(generate::GenerateArgs),
    Fit(fit::FitArgs),
    FitReuse(reuse::FitReuseArgs),
}

/// Runs a trace command and returns what it prints.
pub fn run(command: &Command) -> Result<String, Failure> {
    match command {
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
