//! Sizes derived from a configuration, in the symbols of the specification's table.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};

/// Derived sizes of one controller.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub histogram: bool,
    /// Bits of a cell (w).
    pub cell_bits: u32,
    /// Bits of an element (e).
    pub element_bits: u32,
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
    /// By rows, from 0 to N.
    conversions: Vec<Conversion>,
}

/// How the columns of an access are converted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conversion {
    /// Bits (b).
    pub resolution: u32,
    /// Cycles of a step (d).
    pub step: u32,
    /// `adc_en_o` in the first cycle of a step. A SAR ADC's bit goes down by one in each of the
    /// others, which a flash ADC doesn't have.
    pub enable: u64,
    /// What counter 5 counts.
    pub work: u32,
}

impl Shape {
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let step = (1 << config.cell_bits) - 1;
        let access_rows = config.rows.min(((1 << config.adc_bits) - 1) / step);
        let resolution = |rows: u32| match config.switching {
            true => u32::BITS - (rows * step).leading_zeros(),
            false => config.adc_bits,
        };
        let conversion = |rows: u32| match (resolution(rows), config.adc) {
            // No access is without rows.
            (0, _) => Conversion::default(),
            (resolution, AdcKind::Flash) => Conversion {
                resolution,
                step: 1,
                enable: (1 << resolution) - 1,
                work: (1 << resolution) - 1,
            },
            (resolution, AdcKind::Sar) => Conversion {
                resolution,
                step: resolution,
                enable: 1 << (resolution - 1),
                work: resolution,
            },
        };
        Self {
            histogram: config.histogram,
            cell_bits: config.cell_bits,
            element_bits: config.element_bits,
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
            conversions: (0..=access_rows).map(conversion).collect(),
        }
    }

    /// Conversion of an access with this many rows.
    #[inline]
    pub fn conversion(&self, rows: u32) -> Conversion {
        self.conversions[rows as usize]
    }
}
