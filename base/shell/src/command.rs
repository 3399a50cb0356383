//! What a command is.

use clap::{ArgMatches, Parser};

use crate::{Done, Failure};

/// A command: its options, and what it does.
pub trait Command {
    /// Name, help and options.
    fn clap(&self) -> clap::Command;

    /// Does what was asked for.
    ///
    /// # Errors
    /// A mistake of the user's, or a result that is a refusal.
    fn run(&self, matches: &ArgMatches) -> Result<Done, Failure>;
}

/// The command whose options are `A` (which has its name) and which does `run`.
pub fn command<'a, A: Parser + 'a>(
    run: impl Fn(&A) -> Result<Done, Failure> + 'a,
) -> Box<dyn Command + 'a> {
    Box::new(Typed {
        run: Box::new(run) as Box<dyn Fn(&A) -> Result<Done, Failure> + 'a>,
    })
}

/// What runs a command on its options.
type Run<'a, A> = Box<dyn Fn(&A) -> Result<Done, Failure> + 'a>;

struct Typed<'a, A> {
    run: Run<'a, A>,
}

impl<A: Parser> Command for Typed<'_, A> {
    fn clap(&self) -> clap::Command {
        A::command()
    }

    fn run(&self, matches: &ArgMatches) -> Result<Done, Failure> {
        let args = A::from_arg_matches(matches).map_err(|error| crate::usage::usage(&error))?;
        (self.run)(&args)
    }
}
