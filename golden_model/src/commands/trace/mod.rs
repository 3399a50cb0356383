//! `trace`: convert, describe, generate and imitate access traces.

mod command;
mod convert;
mod fit;
mod generate;
mod reading;
mod reuse;
mod stats;

pub use command::command;
