//! The near-memory PE in lock-step: its commands, random and real stimulus, checks of its results.

mod agent;
mod command;
mod content;
mod expect;
mod lists;
mod lockstep;
mod monitor;
mod random;
mod work;

#[cfg(test)]
mod tests;

pub use agent::PeAgent;
pub use command::{GNR, PeCommand, Request, UPDATE, Visit};
pub use lockstep::Pe;
pub use monitor::{Figures, PeMonitor};
pub use random::random;
pub use work::{Work, backward_and_update, forward};
