//! Bit- and cycle-exact golden models in pure Rust: number formats, traces, batch analysis and the
//! clocked models of the blocks. Takes configuration types from `hdl_gen`, never its rendering:
//! RTL and model are independent witnesses of the same specification.
//!
//! A block's model implements [`Clocked`]; [`frame`] reads and writes the elements of its wide ports.

pub mod batch;
pub mod bench;
pub mod blocks;
pub mod clocked;
pub mod dram;
pub mod frame;
pub mod num;
pub mod recross;
pub mod refree;
pub mod screc;
pub mod trace;

pub use clocked::{Clocked, Device};
