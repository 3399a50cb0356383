//! Sizes derived from a configuration, in the symbols of the specification's table.

use hdl_gen::adc_switch::{AdcKind, AdcSwitchConfig};

/// Derived sizes of one controller.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub sar: bool,
    pub histogram: bool,
    /// Bits of a cell (w).
    pub cell_bits: u32,
    /// ADCs (K).
    pub adcs: usize,
    /// Bits of a code (B).
    pub adc_bits: u32,
    /// Columns of an ADC (M).
    pub columns: u32,
    /// Digits of an element (S).
    pub digits: u32,
    /// Beats of a result (L).
    pub beats: u32,
    /// Cycles of an array access (A).
    pub array: u32,
    /// Bits of an accumulator (X).
    pub acc_bits: u32,
    /// Most rows of an access (N).
    pub access_rows: u32,
    /// Cycles of counting (G).
    pub counting: u32,
    /// Most rows of a query (Tmax).
    pub query_rows: u32,
    /// Resolution by rows, from 0 to N.
    resolution: Vec<u32>,
}

impl Shape {
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let step = (1 << config.cell_bits) - 1;
        let access_rows = config.rows.min(((1 << config.adc_bits) - 1) / step);
        let bits = |rows: u32| match config.switching {
            true => u32::BITS - (rows * step).leading_zeros(),
            false => config.adc_bits,
        };
        Self {
            sar: config.adc == AdcKind::Sar,
            histogram: config.histogram,
            cell_bits: config.cell_bits,
            adcs: config.adcs as usize,
            adc_bits: config.adc_bits,
            columns: config.columns_per_adc(),
            digits: config.digits(),
            beats: config.beats(),
            array: config.array_latency,
            acc_bits: config.acc_bits,
            access_rows,
            counting: 1 << config.array_latency.min(config.rows).ilog2(),
            query_rows: 1 << (config.acc_bits - config.element_bits),
            resolution: (0..=access_rows).map(bits).collect(),
        }
    }

    /// Bits of resolution for this many rows of one access.
    #[inline]
    pub fn resolution(&self, rows: u32) -> u32 {
        self.resolution[rows as usize]
    }

    /// Cycles of a step at this resolution (d).
    #[inline]
    pub fn step_cycles(&self, resolution: u32) -> u32 {
        if self.sar { resolution } else { 1 }
    }
}
