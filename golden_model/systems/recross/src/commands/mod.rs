//! The command line.

mod adc;
mod also;
mod drift;
mod goals;
mod map;
mod options;
mod root;
mod system;

pub use root::command;
