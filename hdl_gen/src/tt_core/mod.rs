//! The tensor-train reconstruction core after the idea of SCRec: configuration and ports, and in the
//! other files of this folder its design. What it does cycle by cycle is in `docs/tt_core.md`.

mod check;
mod config;
mod design;
mod dims;
mod operations;
mod parts;
mod sizes;

pub use config::{Element, TtCoreConfig};
