//! ReCross (arXiv 2509.10627) as a system: grouping, copies and the switched ADC on traces, beside its baselines.
//! Knows no other system and no RTL: it runs the controller's golden model.

pub mod adc;
mod commands;
pub mod map;
pub mod model;
mod params;
mod published;
pub mod serve;
pub mod study;
mod tables;

pub use commands::command;
pub use model::{Order, Placement, Tally, TileWork};
