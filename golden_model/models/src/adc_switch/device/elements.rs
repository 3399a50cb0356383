//! What the cells of a tile are programmed to.

use blocks::adc_switch::AdcSwitchConfig;

use contract::SplitMix64;

/// The elements of a tile's rows, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements {
    /// Row by row.
    values: Vec<i32>,
    /// Elements of a row.
    row: usize,
}

/// A table of elements that a tile can't hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElementsError {
    #[error("{given} elements, but the tile holds {expected}")]
    Count { given: usize, expected: usize },
    #[error("element {value} does not fit {bits} bits; use {low} to {high}")]
    Range {
        value: i32,
        bits: u32,
        low: i32,
        high: i32,
    },
}

impl Elements {
    /// Random elements, the extremes more often than others.
    pub fn from_seed(config: &AdcSwitchConfig, seed: u64) -> Self {
        Self::from_rows(config, |row| Self::row_of(config, seed, row.into()))
    }

    /// The elements that `content` gives for each word line, as [`Self::row_of`] makes them.
    pub fn from_rows(config: &AdcSwitchConfig, content: impl FnMut(u32) -> Vec<i32>) -> Self {
        Self {
            values: (0..config.rows).flat_map(content).collect(),
            row: config.elements() as usize,
        }
    }

    /// The random row number `id` of a table that may be larger than a tile.
    pub fn row_of(config: &AdcSwitchConfig, seed: u64, id: u64) -> Vec<i32> {
        let mut rng = SplitMix64::new(seed ^ id.wrapping_mul(0xff51_afd7_ed55_8ccd));
        let (low, high) = range(config);
        let value = |_| match rng.below(8) {
            0 => low,
            1 => high,
            _ => low + rng.below(1 << config.element_bits) as i32,
        };
        (0..config.elements()).map(value).collect()
    }

    /// Given elements, row by row.
    ///
    /// # Errors
    /// If they are not as many as the tile has, or one does not fit.
    pub fn from_table(config: &AdcSwitchConfig, values: Vec<i32>) -> Result<Self, ElementsError> {
        let row = config.elements() as usize;
        let expected = config.rows as usize * row;
        if values.len() != expected {
            let given = values.len();
            return Err(ElementsError::Count { given, expected });
        }
        let (low, high) = range(config);
        if let Some(&value) = values.iter().find(|value| !(low..=high).contains(value)) {
            let bits = config.element_bits;
            return Err(ElementsError::Range {
                value,
                bits,
                low,
                high,
            });
        }
        Ok(Self { values, row })
    }

    /// The elements of a row.
    ///
    /// # Panics
    /// If the tile has no such row.
    pub fn row(&self, row: usize) -> &[i32] {
        &self.values[row * self.row..][..self.row]
    }

    /// The digits that the cells of a row hold, lowest column first (section 1, *Layout*).
    pub(super) fn cells(&self, config: &AdcSwitchConfig, row: usize) -> Vec<u32> {
        let (adcs, digits) = (config.adcs as usize, config.digits() as usize);
        let mut cells = vec![0; config.columns as usize];
        for (element, &value) in self.row(row).iter().enumerate() {
            let stored = value.wrapping_add(1 << (config.element_bits - 1)) as u32;
            let (adc, at) = (element % adcs, element / adcs);
            let first = adc * config.columns_per_adc() as usize + at * digits;
            for digit in 0..digits {
                let shift = (digits - 1 - digit) as u32 * config.cell_bits;
                cells[first + digit] = stored >> shift & ((1 << config.cell_bits) - 1);
            }
        }
        cells
    }
}

/// Smallest and largest element.
fn range(config: &AdcSwitchConfig) -> (i32, i32) {
    let half = 1 << (config.element_bits - 1);
    (-half, half - 1)
}
