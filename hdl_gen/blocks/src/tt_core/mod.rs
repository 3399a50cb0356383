//! The tensor-train reconstruction core after the idea of SCRec. What it does cycle by cycle is in
//! `docs/tt_core.md`.

mod check;
mod config;
mod params;
mod pins;

pub use params::{Element, TtCoreConfig};
pub use pins::Pins;
