//! Commands of traces and memories, which are libraries and know no user. A system has its own command.

mod bench;
mod dram;
mod list;
mod trace;

pub use list::commands;
