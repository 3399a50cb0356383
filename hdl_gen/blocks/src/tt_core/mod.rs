//! The tensor-train reconstruction core after the idea of SCRec. What it does cycle by cycle is in
//! `docs/tt_core.md`.

mod check;
mod config;

pub use config::{Element, TtCoreConfig};
