//! Parameters to readable, portable SystemVerilog.
//!
//! A block is a typed configuration ([`BlockConfig`]): its parameters, its named configurations,
//! its top-level ports and the design (modules and instances) that they describe ([`Block`]).
//! Everything that is derived from those - SystemVerilog, file lists, port documentation, the
//! simulator shim, the port layout of the golden model - comes from this one place.
//!
//! [`load()`] gets a checked configuration from a name, a file or single parameters, [`emit()`]
//! makes its files in memory, [`write()`] puts them into a folder. [`AnyBlock`] does the same for
//! commands that work on any block, and [`cli::run`] is the whole command line over any set of
//! blocks, so that a project with a block of its own has a generator in three lines. [`rules`] are
//! the checks of parameters that most blocks need.

pub mod adc_switch;
mod block;
pub mod cli;
mod common;
pub mod design;
mod emit;
mod error;
mod file;
pub mod foreign;
pub mod input;
pub mod load;
pub mod pe;
mod port;
mod registry;
pub mod rules;
mod sram;
pub mod tt_core;

pub use block::{Block, BlockConfig, ConfigError, ParamDoc};
pub use emit::{Emitted, EmittedFile, emit, write};
pub use error::Error;
pub use file::write_file;
pub use load::{Named, Request, load};
pub use port::{Dir, Port, PortLayout, Role, Slot, Stream};
pub use registry::{AnyBlock, AnyConfig, BlockOf, blocks, find};
pub use sram::SramSpec;
