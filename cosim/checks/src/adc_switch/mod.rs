//! The ADC switch controller in lock-step, its crossbar in the loop: random and real queries, checks
//! of its results.

mod agent;
mod command;
mod lockstep;
mod monitor;
mod random;
mod rows;
mod tiles;

#[cfg(test)]
mod tests;

pub use agent::AdcSwitchAgent;
pub use command::{Activation, AdcSwitchCommand, Query, Tile};
pub use lockstep::AdcSwitch;
pub use monitor::AdcSwitchMonitor;
pub use random::random;
pub use tiles::episode;
