//! Mistakes on the command line, in one line each.

use clap::error::ErrorKind;

use crate::Failure;

/// Clap's message as one line: what is wrong, and what would do.
pub(crate) fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::of("no command given; see --help");
    }
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let told =
        lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let (mut message, mut remedy) = (String::new(), "see --help");
    for line in told {
        match (line.strip_prefix("error: "), line.strip_prefix("tip: ")) {
            (Some(error), _) => message += error,
            // How to give an option where there is none is no help.
            (_, Some(tip)) if tip.starts_with("to pass") => {}
            (_, Some(tip)) => remedy = tip,
            _ => message += &format!(" {line}"),
        }
    }
    Failure::of(format!("{message}; {remedy}"))
}
