//! Construction of RTL: leaf modules are templates whose header is their interface; composition
//! is Rust and is checked before a line is printed.
//!
//! [`Module::leaf`] reads a template's module, [`Compose`] connects instances of modules to a new
//! one, [`Design`] is the closed set of modules under a top.

mod columns;
mod compose;
mod connect;
mod constant;
mod declare;
mod error;
mod header;
mod hierarchy;
mod instances;
mod memory;
mod module;
mod netlist;
mod nets;
mod param;
mod pin;
mod render;
mod signal;
mod stream;
#[cfg(test)]
mod tests;
mod token;

pub use compose::{Compose, Instance};
pub use error::DesignError;
pub use header::{ModulePort, Param};
pub use hierarchy::Design;
pub use module::Module;
pub use param::ParamValue;
pub use signal::Signal;
