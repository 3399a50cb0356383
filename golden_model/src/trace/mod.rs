//! Access traces: streams of queries over embedding tables, from a file ([`lk`] text, [`lkb`] binary or
//! a [`raw`] click log) or a seeded generator.
//!
//! A query is one bag of row ids per table. Everything after this module works on *joint ids*: the
//! id of a row among all tables, which is its id in its table plus the sizes of the tables before.

mod file;
pub mod fit;
mod input;
mod joint;
pub mod lk;
pub mod lkb;
pub mod models;
pub mod popularity;
mod query;
pub mod raw;
pub mod reuse;
mod rng;
mod source;
mod stats;
mod summary;
mod write;
pub mod zipf;

pub use file::{Batches, Trace};
pub use joint::{JointIds, TooManyRows};
pub use query::Query;
pub use rng::SplitMix64;
pub use source::{Format, Options, Source, TraceError};
pub use stats::Stats;
pub use summary::{Measurement, Summary, computation, memory};
pub use write::{Target, WriteError, Writer};
