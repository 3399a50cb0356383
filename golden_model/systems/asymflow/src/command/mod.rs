//! `asymflow`: one command of several.

mod cost;
mod list;
mod map;
mod system;
mod tune;

pub use list::command;
