//! Parameters to readable, portable SystemVerilog: construction, templates, emission.
//! Knows no model, no simulator and no tool; of a block's behaviour it knows the templates alone.
//!
//! A [`Block`] is a configuration ([`contract::BlockConfig`]) with the design (modules and instances)
//! that it describes. [`emit()`] makes its files in memory, [`write()`] puts them into a folder.
//! [`AnyBlock`] does the same for commands that work on any block, and [`command::run`] is the whole command
//! line over any set of blocks, so that a project with a block of its own has a generator in three lines.

mod adc_switch;
mod block;
pub mod command;
mod common;
pub mod design;
mod emit;
mod error;
mod pe;
mod registry;
mod sram;
mod tt_core;

pub use block::Block;
pub use emit::{Emitted, EmittedFile, emit, write};
pub use error::Error;
pub use registry::{AnyBlock, AnyConfig, BlockOf, blocks, find};
pub use sram::SramSpec;
