//! `asymflow`: one command of several.

mod list;
mod system;

pub use list::command;
