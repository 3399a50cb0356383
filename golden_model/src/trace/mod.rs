//! Access traces: streams of queries over embedding tables, from a `.lk` file or a seeded
//! generator.
//!
//! A query is one bag of row ids per table. Everything after this module works on *joint ids*: the
//! id of a row among all tables, which is its id in its table plus the sizes of the tables before.

mod file;
mod joint;
pub mod lk;
mod power;
mod query;
mod rng;
mod stats;
pub mod zipf;

pub use file::{Batches, Trace};
pub use joint::{JointIds, TooManyRows};
pub use power::PowerLaw;
pub use query::Query;
pub use rng::SplitMix64;
pub use stats::Stats;
