//! How many rows an access takes.

use blocks::adc_switch::AdcSwitchConfig;

/// Most rows of one access: more are split.
pub(super) fn most_rows(config: &AdcSwitchConfig) -> u32 {
    let steps = (1 << config.cell_bits) - 1;
    config.rows.min(((1 << config.adc_bits) - 1) / steps)
}
