//! The one place for commands, exit codes, one-line errors, standard output and progress.
//! Knows no command of ours: a program hands it a list of [`Command`]s.
//!
//! Exit code 0: done, or agreed; 1: a divergence, a finding or a refusal that is a result; 2: a mistake
//! of the user's, or something that can't be written, in one line on standard error. Standard output carries
//! what was asked for and nothing else; a reader who stops early (`| head`) is no error.

mod command;
mod outcome;
mod output;
mod progress;
mod run;
mod usage;

pub use command::{Command, command};
pub use outcome::{Done, Failure, MISTAKE};
pub use output::{print, warn};
pub use progress::Progress;
pub use run::{parse, program, run};
