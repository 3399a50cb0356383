//! The REFREE near-memory PE (DAC'24, section 4.2). What it does cycle by cycle is in `docs/pe.md`.

mod check;
mod config;
mod params;
mod pins;

pub use params::{Element, Modes, PeConfig, Tracker};
pub use pins::{LookUpPins, Pins, ResultPins, WritePins};
