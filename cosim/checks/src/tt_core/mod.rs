//! The tensor-train core in lock-step: loads and rows, random and real stimulus, checks of its
//! results.

mod agent;
mod command;
mod content;
mod cores;
mod counters;
mod directory;
mod expect;
mod given;
mod host;
mod loads;
mod lockstep;
mod monitor;
mod palette;
mod random;
mod shape;
mod work;

#[cfg(test)]
mod tests;

pub use agent::TtCoreAgent;
pub use command::{Break, Contents, Cores, Load, Row, TtCoreCommand};
pub use lockstep::TtCore;
pub use monitor::{Latency, TtCoreMonitor};
pub use palette::Palette;
pub use random::{random, random_of};
pub use work::{Table, Work, each_row, episode, pooled, scatter};
