//! The near-memory PE (REFREE, DAC'24, section 4.2), from its specification `docs/pe.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The model
//! keeps one copy of each register, so what depends on the old state is computed first, in this
//! order: the end of RUN, issue, tracker, then the buffers at both ends.

mod arith;
mod banks;
mod control;
mod groups;
mod issue;
mod match_front;
mod model;
mod op;
mod output;
mod request;
mod requests;
mod serve;
mod shape;
mod slot_table;
mod stage;
mod stage_c;
mod status;
mod tracker;
mod vectors;
mod word;

pub use model::PeModel;

#[cfg(test)]
mod tests;
