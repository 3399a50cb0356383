//! From a command line to an exit code.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::usage::usage;
use crate::{Command, Done, Failure, print, warn};

/// A program of commands, in a package of this version.
pub fn program(name: &'static str, version: &'static str, about: &'static str) -> clap::Command {
    clap::Command::new(name).version(version).about(about)
}

/// Runs this process's command line on a program of these commands, each of another name.
pub fn run(program: clap::Command, commands: Vec<Box<dyn Command + '_>>) -> ExitCode {
    let program = program
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands.iter().map(|command| command.clap()));
    parse(program, std::env::args_os(), |matches| {
        let (name, matches) = matches.subcommand().unwrap_or(("", matches));
        let command = commands
            .iter()
            .find(|command| command.clap().get_name() == name)
            .ok_or_else(|| Failure::of("no command given; see --help"))?;
        command.run(matches)
    })
}

/// Runs a program that is a single command: parses `args`, does `execute`, prints, gives the exit code.
pub fn parse(
    program: clap::Command,
    args: impl IntoIterator<Item = OsString>,
    execute: impl FnOnce(&ArgMatches) -> Result<Done, Failure>,
) -> ExitCode {
    let done = match program.try_get_matches_from(args) {
        Ok(matches) => execute(&matches),
        Err(error) if error.use_stderr() => Err(usage(&error)),
        Err(help) => {
            let text = help.render();
            Ok(match std::io::stdout().is_terminal() {
                true => text.ansi().to_string(),
                false => text.to_string(),
            }
            .into())
        }
    };
    match done.and_then(|done| print(&done.text).map(|()| done.code)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            warn(&format!("error: {}\n", failure.message));
            ExitCode::from(failure.code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    #[command(name = "count")]
    struct Count {
        #[arg(long)]
        number: u32,
    }

    fn matches(args: &[&str]) -> Result<ArgMatches, clap::Error> {
        use clap::CommandFactory;
        Count::command().try_get_matches_from(args)
    }

    #[test]
    fn a_mistake_is_one_line_that_names_it() {
        let error = usage(&matches(&["count", "--number", "x"]).unwrap_err());
        assert_eq!(error.code, 2);
        assert!(
            error
                .message
                .starts_with("invalid value 'x' for '--number <NUMBER>'")
        );
        assert!(!error.message.contains('\n'), "{}", error.message);
    }

    #[test]
    fn a_command_gets_its_options() {
        let command = crate::command(|args: &Count| match args.number {
            0 => Err(Failure::of("number = 0: use 1 or more")),
            number => Ok(Done::from(format!("{number}\n"))),
        });
        let run = |number: &str| command.run(&matches(&["count", "--number", number]).unwrap());
        assert_eq!(run("3"), Ok(Done::from("3\n".to_owned())));
        assert_eq!(run("0").unwrap_err().code, 2);
    }
}
