//! Access traces and batch analysis: streams of queries over embedding tables, and what a batch holds.
//! Knows no block, no memory and no system.
//!
//! Queries come from a file ([`lk`] text, [`lkb`] binary or a [`raw`] click log) or a seeded generator.
//! [`batch`] says which rows of a batch are visited, by whom, and what sharing saves.
//!
//! A query is one bag of row ids per table. Everything after this module works on *joint ids*: the
//! id of a row among all tables, which is its id in its table plus the sizes of the tables before.

pub mod batch;
mod error;
mod file;
pub mod fit;
pub mod hot;
mod input;
mod joint;
pub mod lk;
pub mod lkb;
pub mod models;
pub mod popularity;
mod query;
pub mod raw;
pub mod reuse;
mod source;
mod stats;
mod summary;
mod write;
pub mod zipf;

pub use error::TraceError;
pub use file::{Batches, Trace};
pub use joint::{JointIds, TooManyRows};
pub use query::Query;
pub use source::{Format, Options, Source};
pub use stats::Stats;
pub use summary::{Measurement, Summary, computation, memory};
pub use write::{Target, WriteError, Writer};
