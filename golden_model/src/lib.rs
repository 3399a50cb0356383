//! The face of models, traces, memories and systems: every command that needs no RTL, and their speed.
//! Knows no RTL, no simulator and no tool.

pub mod bench;
mod commands;

pub use commands::commands;
