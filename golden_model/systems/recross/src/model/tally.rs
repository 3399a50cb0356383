//! What a controller does, counted at its pins.

use blocks::adc_switch::AdcKind;
use contract::PortLayout;

/// Resolutions that the pins can name, 0 unused.
const RESOLUTIONS: usize = 11;

/// What the pins did. Wider than the controller's own counters, which wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cycles in which a query was in flight.
    pub cycles: u64,
    /// Array accesses by the resolution of their conversions.
    pub accesses: [u64; RESOLUTIONS],
}

/// Words of an output frame that a [`Tally`] looks at.
#[derive(Clone, Debug)]
pub struct TallyPins {
    busy: usize,
    start: usize,
    column: usize,
    enable: usize,
}

impl TallyPins {
    /// In a controller's frames.
    pub fn new(layout: &PortLayout) -> Self {
        let at = |name: &str| layout.slot(name).word;
        Self {
            busy: at("busy_o"),
            start: at("adc_start_o"),
            column: at("adc_col_o"),
            enable: at("adc_en_o"),
        }
    }
}

impl Tally {
    /// Counts a cycle.
    #[inline]
    pub fn cycle(&mut self, pins: &TallyPins, outputs: &[u64]) {
        self.cycles += outputs[pins.busy] & 1;
        if outputs[pins.start] & 1 == 1 && outputs[pins.column] == 0 {
            let resolution = u64::BITS - outputs[pins.enable].leading_zeros();
            // A design that is wrong may drive anything, or nothing.
            self.accesses[resolution as usize % RESOLUTIONS] += 1;
        }
    }

    /// One conversion for each access: comparators powered, or bit cycles.
    pub fn work(&self, adc: AdcKind) -> u64 {
        let work = |(bits, count): (u64, u64)| match adc {
            AdcKind::Flash => ((1 << bits) - 1) * count,
            AdcKind::Sar => bits * count,
        };
        (0..).zip(self.accesses).map(work).sum()
    }
}
