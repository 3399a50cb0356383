//! The mapper: which core serves which share of which table, how. Deterministic, no solver.
//!
//! It knows costs only, neither machine nor queries. [`bound`](bound::bound) gives a time no plan can beat,
//! [`map`] packs near it and levels cores by local search.

mod bound;
mod pack;
mod plan;
mod problem;
mod search;
mod select;

pub use bound::bound;
pub use pack::map;
pub use plan::{Piece, Plan};
pub use problem::{Choice, Problem};
