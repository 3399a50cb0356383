//! A seeded generator of queries: popularity of rows by Zipf's law in each table, and queries that
//! tend to hold the same rows together.
//!
//! Uses only operations that IEEE 754 defines to the last bit, so a seed means the same queries on
//! every host. A table takes at most 0.6 MB, however many rows it has; a template takes 4 bytes a
//! look-up.

mod config;
mod generator;
mod power;
mod ranks;

pub use config::{MAX_TABLE, ZipfConfig, ZipfError};
pub use generator::Zipf;
pub use ranks::Ranks;
