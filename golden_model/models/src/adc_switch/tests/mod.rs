//! Sums, timing, errors and counters of the model.

mod driver;
mod errors;
mod sums;
mod timing;

use blocks::adc_switch::AdcSwitchConfig;
use contract::BlockConfig;

/// The named configuration.
fn named(name: &str) -> AdcSwitchConfig {
    let mut all = AdcSwitchConfig::named().into_iter();
    all.find(|(known, _)| *known == name).unwrap().1
}
