//! Parameters of the block, and what follows from them.

use serde::{Deserialize, Serialize};

/// How the ADCs convert, and so what a lower resolution saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AdcKind {
    /// One cycle a conversion; `2^b - 1` comparators powered.
    Flash,
    /// One bit per cycle: b cycles per conversion.
    Sar,
}

/// Parameters of one controller and of the tile that it drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdcSwitchConfig {
    pub rows: u32,
    pub columns: u32,
    pub cell_bits: u32,
    pub element_bits: u32,
    pub adc: AdcKind,
    pub adc_bits: u32,
    pub adcs: u32,
    pub array_latency: u32,
    pub acc_bits: u32,
    pub tag_bits: u32,
    pub switching: bool,
    pub histogram: bool,
    pub counter_bits: u32,
    pub clock_ps: u32,
}

impl AdcSwitchConfig {
    /// Columns of one element, one digit each.
    pub fn digits(&self) -> u32 {
        self.element_bits / self.cell_bits
    }

    /// Elements of a row, and of a result.
    pub fn elements(&self) -> u32 {
        self.columns / self.digits()
    }

    /// Columns that each ADC converts in turn.
    pub fn columns_per_adc(&self) -> u32 {
        self.columns / self.adcs
    }

    /// Beats of a result, one element of each ADC a beat.
    pub fn beats(&self) -> u32 {
        self.elements() / self.adcs
    }

    /// Width of the column select, at least 1.
    pub fn column_bits(&self) -> u32 {
        self.columns_per_adc().next_power_of_two().ilog2().max(1)
    }

    /// The narrowest accumulator: whatever one access can give, and any activation of all rows.
    pub(super) fn least_acc_bits(&self) -> u32 {
        let access = self.adc_bits.saturating_add(self.element_bits);
        let access = access.saturating_add(2).saturating_sub(self.cell_bits);
        let rows = self.rows.max(1).ilog2();
        access.max(self.element_bits.saturating_add(rows))
    }
}
