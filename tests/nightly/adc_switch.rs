//! Random ADC switch controllers.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use contract::BlockConfig;
use proptest::prelude::*;

use crate::power;

prop_compose! {
    /// Controllers of small tiles, of all kinds.
    pub fn configs()(
        rows in power(4, 6),
        cell_bits in power(0, 2),
        element_bits in 4..=16_u32,
        adc in prop::sample::select(vec![AdcKind::Flash, AdcKind::Sar]),
        adc_bits in 1..=10_u32,
        (adcs, beats) in (1..=4_u32, 1..=4_u32),
        array_latency in prop_oneof![2..=8_u32, 2..=80_u32],
        more_acc_bits in 0..=3_u32,
        tag_bits in 2..=6_u32,
        (switching, histogram) in (prop_oneof![3 => Just(true), 1 => Just(false)], any::<bool>()),
        counter_bits in prop_oneof![Just(8_u32), 8..=16_u32, 8..=32_u32],
    ) -> AdcSwitchConfig {
        let element_bits = element_bits.next_multiple_of(cell_bits);
        let mut config = AdcSwitchConfig {
            rows,
            columns: adcs * beats * element_bits / cell_bits,
            cell_bits,
            element_bits,
            adc,
            adc_bits: adc_bits.max(cell_bits),
            adcs,
            array_latency,
            acc_bits: 0,
            tag_bits,
            switching,
            histogram,
            counter_bits: counter_bits.max(adc_bits),
            clock_ps: 1000,
        };
        config.settle(&[]);
        config.acc_bits += more_acc_bits;
        config
    }
}
