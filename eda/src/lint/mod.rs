//! `embertl lint`: every module of every configuration, alone, under four tools, without waivers.

mod checkers;
mod command;
mod modules;

pub use command::{LintArgs, run};
