//! The user's own CPU: tables in memory, pinned threads, and a plan measured against the plain loop.

mod kernel;
mod measure;
mod memory;
mod run;

pub use measure::{Measured, Spread, measure};
pub use memory::{Pages, Tables};
