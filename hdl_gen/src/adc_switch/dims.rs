//! Numbers that several modules of the ADC switch controller share.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};

/// Sizes derived from a configuration; symbols as in section 1 of `docs/adc_switch.md`.
pub(super) struct Dims {
    pub rows: u32,
    pub cell_bits: u32,
    pub elem_bits: u32,
    pub adc_bits: u32,
    pub adcs: u32,
    pub latency: u32,
    pub tag_w: u32,
    /// Columns of each ADC.
    pub columns: u32,
    pub digits: u32,
    pub beats: u32,
    /// Groups of rows, counted one per cycle.
    pub groups: u32,
    /// Most rows of one access.
    pub most: u32,
    /// Bits of a number of rows of one access.
    pub count_w: u32,
    /// A query has at most `2^total_w` rows.
    pub total_w: u32,
    /// Bits of an element of one access.
    pub sum_w: u32,
    pub acc_w: u32,
    pub sar: bool,
    pub switching: bool,
    pub histogram: bool,
    pub counter_w: u32,
}

impl Dims {
    pub fn new(c: &AdcSwitchConfig) -> Self {
        let most = c
            .rows
            .min(((1 << c.adc_bits) - 1) / ((1 << c.cell_bits) - 1));
        Self {
            rows: c.rows,
            cell_bits: c.cell_bits,
            elem_bits: c.element_bits,
            adc_bits: c.adc_bits,
            adcs: c.adcs,
            latency: c.array_latency,
            tag_w: c.tag_bits,
            columns: c.columns_per_adc(),
            digits: c.digits(),
            beats: c.beats(),
            groups: 1 << c.array_latency.min(c.rows).ilog2(),
            most,
            count_w: most.ilog2() + 1,
            total_w: c.acc_bits - c.element_bits,
            sum_w: c.adc_bits + c.element_bits - c.cell_bits + 2,
            acc_w: c.acc_bits,
            sar: c.adc == AdcKind::Sar,
            switching: c.switching,
            histogram: c.histogram,
            counter_w: c.counter_bits,
        }
    }

    /// An activation can have too many rows for one access.
    pub fn splits(&self) -> bool {
        self.most < self.rows
    }
}
