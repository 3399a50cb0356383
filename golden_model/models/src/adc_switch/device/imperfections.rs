//! How a real device differs from an ideal one.

use serde::{Deserialize, Serialize};

use contract::SplitMix64;

/// Standard deviations and fractions; all 0 is the ideal device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imperfections {
    /// Everything that is drawn follows from it.
    pub seed: u64,
    /// Standard deviation of the logarithm of a cell's conductance.
    pub spread: f64,
    /// Fraction of cells that are stuck, half of them at 0, half at the highest value.
    pub stuck: f64,
    /// Standard deviation of an ADC's offset, in steps.
    pub offset: f64,
    /// Standard deviation of an ADC's gain around 1.
    pub gain: f64,
    /// Standard deviation of the noise of one conversion, in steps.
    pub noise: f64,
}

/// One ADC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adc {
    pub gain: f64,
    pub offset: f64,
}

impl Imperfections {
    /// Whether a device with them is an ideal one.
    pub fn is_ideal(&self) -> bool {
        let Self {
            seed: _,
            spread,
            stuck,
            offset,
            gain,
            noise,
        } = *self;
        [spread, stuck, offset, gain, noise] == [0.0; 5]
    }

    /// What a cell programmed to `digit` has become. A stuck cell has no spread.
    pub(super) fn cell(&self, rng: &mut SplitMix64, digit: u32, most: u32) -> f64 {
        if self.stuck > 0.0 && rng.chance(self.stuck) {
            return if rng.chance(0.5) {
                0.0
            } else {
                f64::from(most)
            };
        }
        let factor = match self.spread {
            0.0 => 1.0,
            sigma => (sigma * normal(rng)).exp(),
        };
        f64::from(digit) * factor
    }

    pub(super) fn adc(&self, rng: &mut SplitMix64) -> Adc {
        Adc {
            gain: 1.0 + self.gain * normal(rng),
            offset: self.offset * normal(rng),
        }
    }
}

/// A standard normal number (Box and Muller).
pub(super) fn normal(rng: &mut SplitMix64) -> f64 {
    let radius = (-2.0 * (1.0 - rng.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.unit()).cos()
}
