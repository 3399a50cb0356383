//! What an activation costs one tile with a switched ADC: accesses, resolutions, cycles. It is the controller's
//! arithmetic (docs/adc_switch.md, "Resolution", "Steps", "Overlap") without its clock.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};

/// A tile of one configuration.
#[derive(Clone, Debug)]
pub struct TileModel {
    kind: AdcKind,
    switching: bool,
    /// Full resolution (B).
    adc_bits: u32,
    /// Values of a cell but for 0.
    step: u32,
    /// Word lines (R).
    rows: u32,
    /// Most rows of an access (N).
    most: u32,
    /// Cycles of the array (A).
    array: u32,
    /// Columns of an ADC (M).
    columns: u32,
}

impl TileModel {
    /// A tile of a valid configuration.
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let step = (1 << config.cell_bits) - 1;
        Self {
            kind: config.adc,
            switching: config.switching,
            adc_bits: config.adc_bits,
            step,
            rows: config.rows,
            most: config.rows.min(((1 << config.adc_bits) - 1) / step),
            array: config.array_latency,
            columns: config.columns_per_adc(),
        }
    }

    /// Word lines (R).
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Resolution of an access with `rows` active word lines, in bits.
    pub fn resolution(&self, rows: u32) -> u32 {
        match self.switching {
            true => u32::BITS - (rows * self.step).leading_zeros(),
            false => self.adc_bits,
        }
    }

    /// Rows of each access of an activation: as many as fit first, the rest last.
    pub fn accesses(&self, rows: u32) -> impl Iterator<Item = u32> + use<> {
        let most = self.most;
        (0..rows.div_ceil(most)).map(move |part| most.min(rows - part * most))
    }

    /// Cycles from one access to the next, that of `rows` active word lines first.
    pub fn access_cycles(&self, rows: u32) -> u64 {
        u64::from(self.array.max(self.conversion_cycles(rows)))
    }

    /// Cycles of an activation: those of its accesses.
    pub fn cycles(&self, rows: u32) -> u64 {
        self.accesses(rows)
            .map(|part| self.access_cycles(part))
            .sum()
    }

    fn conversion_cycles(&self, rows: u32) -> u32 {
        let step = match self.kind {
            AdcKind::Flash => 1,
            AdcKind::Sar => self.resolution(rows),
        };
        self.columns * step
    }
}
