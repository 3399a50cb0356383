//! Crossbar, sample-and-hold and ADCs, driven by the controller's pins.

#[cfg(test)]
mod tests;

use blocks::adc_switch::{AdcSwitchConfig, Pins};

use contract::frame::set_field;
use contract::{Device, SplitMix64};

use super::super::rows::Rows;
use super::elements::Elements;
use super::imperfections::{Adc, Imperfections, normal};

/// A tile with its ADCs. The answers follow from what the pins did, and from nothing else.
#[derive(Clone, Debug)]
pub struct Crossbar {
    pins: Pins,
    /// Conductance of each cell in steps, row by row.
    cells: Vec<f64>,
    /// What the columns were sampled at.
    held: Vec<f64>,
    adcs: Vec<Adc>,
    noise: f64,
    rng: SplitMix64,
    columns_per_adc: usize,
    code_bits: u32,
    /// Codes of the conversion in progress.
    converting: Vec<u64>,
    /// They are on the pins.
    shown: bool,
}

impl Crossbar {
    /// A tile of a valid configuration, programmed to `elements` as well as it can be.
    pub fn new(
        config: &AdcSwitchConfig,
        elements: &Elements,
        imperfections: &Imperfections,
    ) -> Self {
        let pins = Pins::new(config);
        let mut rng = SplitMix64::new(imperfections.seed);
        let most = (1 << config.cell_bits) - 1;
        let digits = (0..config.rows as usize).flat_map(|row| elements.cells(config, row));
        let cells = digits.map(|digit| imperfections.cell(&mut rng, digit, most));
        let cells = cells.collect();
        let adcs = (0..config.adcs).map(|_| imperfections.adc(&mut rng));
        let adcs = adcs.collect();
        Self {
            converting: vec![0; pins.codes.len()],
            pins,
            cells,
            held: vec![0.0; config.columns as usize],
            adcs,
            noise: imperfections.noise,
            rng,
            columns_per_adc: config.columns_per_adc() as usize,
            code_bits: config.adc_bits,
            shown: false,
        }
    }

    /// All columns take the sums of the cells on the driven word lines.
    fn sample(&mut self, lines: &Rows) {
        self.held.fill(0.0);
        let columns = self.held.len();
        for line in lines.iter() {
            let cells = &self.cells[line * columns..][..columns];
            for (held, cell) in self.held.iter_mut().zip(cells) {
                *held += cell;
            }
        }
    }

    /// Every ADC starts to convert one of its columns at this resolution.
    fn convert(&mut self, column: usize, bits: u32) {
        self.converting.fill(0);
        let most = ((1_u64 << bits) - 1) as f64;
        for (at, adc) in self.adcs.iter().enumerate() {
            let held = self.held.get(at * self.columns_per_adc + column);
            let value = adc.gain * held.copied().unwrap_or(0.0) + adc.offset;
            let noise = match self.noise {
                0.0 => 0.0,
                sigma => sigma * normal(&mut self.rng),
            };
            let code = (value + noise + 0.5).floor().clamp(0.0, most) as u64;
            set_field(&mut self.converting, at, self.code_bits, code);
        }
    }
}

impl Device for Crossbar {
    #[inline]
    fn drive(&self, inputs: &mut [u64]) {
        if self.shown {
            inputs[self.pins.codes.clone()].copy_from_slice(&self.converting);
        }
    }

    #[inline]
    fn clock(&mut self, outputs: &[u64]) {
        let enable = outputs[self.pins.enable];
        // A conversion takes the value held when it begins: columns may be sampled anew in its last
        // cycle.
        if outputs[self.pins.start] != 0 {
            let bits = u64::BITS - enable.leading_zeros();
            self.convert(outputs[self.pins.col] as usize, bits);
        }
        self.shown = enable & 1 == 1;
        if outputs[self.pins.sample] != 0 {
            self.sample(&Rows::from_words(&outputs[self.pins.wl.clone()]));
        }
    }
}
