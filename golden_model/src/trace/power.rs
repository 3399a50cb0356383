//! Zipf's law over very many ids, without a table.

use super::SplitMix64;

/// Draws ids by Zipf's law, from the inverse of the continuous distribution: id of rank `k` has the
/// part of the density `x^-s` from `k + 1` to `k + 2`. For measurements; not the same to the last bit
/// on every host, as a [`Zipf`](super::zipf::Zipf) is.
#[derive(Clone, Copy, Debug)]
pub struct PowerLaw {
    ids: u32,
    /// `1 - s`
    power: f64,
    /// `(ids + 1)^(1 - s)`
    end: f64,
}

impl PowerLaw {
    /// Over ids below `ids` with exponent `s`, which must not be 1.
    pub fn new(ids: u32, s: f64) -> Self {
        let power = 1.0 - s;
        let end = (f64::from(ids) + 1.0).powf(power);
        Self { ids, power, end }
    }

    /// An id. Popular ones are spread over all of them, by a factor that has none in common with a
    /// power of two or of ten.
    pub fn draw(&self, rng: &mut SplitMix64) -> u32 {
        let at = 1.0 + rng.unit() * (self.end - 1.0);
        let rank = at.powf(1.0 / self.power) as u64 - 1;
        (rank * 2_654_435_761 % u64::from(self.ids.max(1))) as u32
    }
}
