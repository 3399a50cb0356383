//! DDR5 on a 32-bit sub-channel, event by event: every cycle at which nothing can happen is skipped.
//! Knows no block, no trace of embedding look-ups and no system.
//!
//! The rules are those of Ramulator 2.1's generic DDR controller, and completions equal it cycle for
//! cycle: one command per cycle, requests in service first, then refresh, then the read or the
//! write queue. A [`Controller`] is one channel and takes requests while it runs; [`run`] serves a
//! trace.

mod candidates;
mod channel;
pub mod config;
mod controller;
mod done;
mod energy;
mod lines;
mod map;
mod queue;
mod run;
mod trace;

pub use config::{Config, ConfigError, Mapper, Scheduler};
pub use controller::{Controller, Request};
pub use done::Completion;
pub use energy::{Commands, Energy, source};
pub use map::{Location, Map};
pub use run::{Latency, Outcome, run};
pub use trace::{Access, TraceError, parse, read};
