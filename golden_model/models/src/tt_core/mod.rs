//! The tensor-train reconstruction core, from its specification `docs/tt_core.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The signals
//! of a cycle are made from the registers, then the edge moves everything. Timing and numbers are
//! kept apart: a product is computed whole when its op begins. That cannot be seen, since a table's
//! cores do not change while one of its rows is in flight, and an entry not while an op will read it.

mod arith;
mod bags;
mod cores;
mod decode;
mod load;
mod model;
mod prefix;
mod results;
mod shape;
mod stage;
mod status;

pub use model::TtCoreModel;

#[cfg(test)]
mod tests;
