//! The REFREE near-memory PE (DAC'24, section 4.2): configuration, ports and, in the other files
//! of this folder, its design. What it does cycle by cycle is in `docs/pe.md`.

mod check;
mod config;
mod design;
mod dims;
mod parts;

pub use config::{Element, Modes, PeConfig, Tracker};
