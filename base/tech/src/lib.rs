//! Component figures from outside the project: area, delay, energy, power, bandwidth, each with unit, node and source.
//! It knows no block, model or system, picks no component for a study, and prints nothing.
//!
//! One module per kind of component; [`all()`] is the whole table. A paper's results stand in the
//! `published.rs` of its system, and what a study assumes or picks in its `params.rs`.

#[macro_use]
mod figure;

pub mod adc;
mod all;
pub mod cpu;
pub mod crossbar;
pub mod dram;
pub mod gpu;
pub mod link;
pub mod logic;
pub mod node;
pub mod sram;

pub use all::all;
pub use figure::{Basis, Figure, Unit};
