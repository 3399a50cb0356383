//! `embertl area`: how large a block is and how fast, from its RTL through Yosys to cells.
//!
//! Area comes from a netlist mapped by module, so that it can be told who needs it; paths come from
//! the same RTL mapped as a whole, so that they cross modules as they do in silicon. The area of the
//! latter, usually smaller, is given too. In blocks of hundreds of floating-point lanes one is mapped
//! for all.
//! Memories are black boxes with the figures of their macros.

mod analysis;
mod cells;
mod census;
mod command;
mod error;
mod flow;
mod lanes;
mod liberty;
mod netlist;
mod node;
mod own45;
mod report;
mod sta;

pub use command::{AreaArgs, run};
