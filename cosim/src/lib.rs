//! Lock-step co-simulation of a verilated block against its golden model.
//! Knows no block, no trace, no table and no generator: RTL, ports, model and stimulus are given to it.
//!
//! [`verilate()`] makes a simulation model of any RTL with a known port list; [`play`] plays an
//! [`Episode`] on it and on the block's golden model, and compares every output in every cycle.
//! Only the block's [`Agent`] knows what its streams mean. [`StreamAgent`] is the agent of a block
//! whose commands are [`Transaction`]s, [`stimulus`] has the parts of random episodes.

mod agent;
mod divergence;
mod driver;
mod dut;
mod episode;
mod error;
pub mod ffi;
mod lockstep;
mod report;
mod run;
mod shrink;
pub mod stimulus;
mod streams;
mod target;
mod transaction;
mod typed;
pub mod verilate;

pub use agent::{Agent, Beats, Monitor, Sample};
pub use contract::Stream;
pub use divergence::Divergence;
pub use dut::Dut;
pub use episode::{Episode, Injected, Injection, Level, Pacing, Step};
pub use error::Error;
pub use ffi::{Design, Verilated};
pub use lockstep::{Lockstep, initial_seed, instance};
pub use report::{Report, quoted};
pub use run::{Failure, Kind, Outcome, play};
pub use streams::{LevelInput, Streams};
pub use target::{Alone, ModelAlone, Pair, Target, Wrong};
pub use transaction::{Scoreboard, StreamAgent, Transaction};
pub use typed::{Frame, Typed};
pub use verilate::{Cache, Effort, Options, Rtl, verilate};
