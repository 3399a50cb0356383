//! The ADC switch controller in lock-step, its crossbar in the loop: random and real queries, checks
//! of its results.

mod agent;
mod command;
mod lockstep;
mod monitor;
mod random;
mod tiles;

#[cfg(test)]
mod tests;

pub use agent::AdcSwitchAgent;
pub use command::{Activation, AdcSwitchCommand, Query, Tile};
pub use lockstep::AdcSwitch;
pub use monitor::AdcSwitchMonitor;
pub use random::random;
pub use tiles::episode;

use blocks::adc_switch::AdcSwitchConfig;

/// Most rows of one access: more are split.
fn most_rows(config: &AdcSwitchConfig) -> u32 {
    let steps = (1 << config.cell_bits) - 1;
    config.rows.min(((1 << config.adc_bits) - 1) / steps)
}
