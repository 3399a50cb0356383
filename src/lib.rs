//! Readable SystemVerilog for recommendation-embedding accelerators, proven in lock-step against a
//! golden model: the blocks, and the commands that check and measure them.

pub mod adc_switch;
pub mod area;
pub mod bench;
pub mod designs;
mod error;
pub mod lint;
pub mod lockstep;
pub mod pe;
mod progress;
mod stimulus;
pub mod tool;
pub mod tt_core;

pub use error::Error;
