//! What public tools say of emitted RTL: lint, synthesis, Liberty, timing, area.
//! Knows no block, no model and no simulator.

mod area;
mod commands;
mod lint;
mod tool;

pub use commands::commands;
