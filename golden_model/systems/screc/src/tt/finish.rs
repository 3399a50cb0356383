//! What each element type makes of tree sums, in the fast path.

use super::quantised::Requant;
use models::num::CANONICAL_NAN_F32;

/// What becomes of sums.
pub(super) trait Finish {
    /// Between stages, after stage `stage` (from 0).
    fn between(&self, stage: usize, sums: &mut [f32]);
    /// After the last stage.
    fn bits(&self, sum: f32) -> u32;
}

pub(super) struct Fp32;
pub(super) struct Bf16;
pub(super) struct Int8 {
    /// By stage: multiplier over 2^(16 + shift).
    gains: Vec<f64>,
}

#[inline(always)]
fn canonical(sum: f32) -> u32 {
    if sum.is_nan() {
        CANONICAL_NAN_F32
    } else {
        sum.to_bits()
    }
}

impl Finish for Fp32 {
    #[inline(always)]
    fn between(&self, _: usize, _: &mut [f32]) {}

    #[inline(always)]
    fn bits(&self, sum: f32) -> u32 {
        canonical(sum)
    }
}

impl Finish for Bf16 {
    /// As [`models::num::f32_to_bf16`], without a branch.
    #[inline(always)]
    fn between(&self, _: usize, sums: &mut [f32]) {
        for sum in sums {
            let bits = sum.to_bits();
            let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) & 0xffff_0000;
            let bits = if sum.is_nan() {
                CANONICAL_NAN_F32
            } else {
                rounded
            };
            *sum = f32::from_bits(bits);
        }
    }

    #[inline(always)]
    fn bits(&self, sum: f32) -> u32 {
        canonical(sum)
    }
}

impl Int8 {
    pub(super) fn new(requant: &[Requant]) -> Self {
        Self {
            gains: requant.iter().map(|by| by.gain()).collect(),
        }
    }
}

impl Finish for Int8 {
    /// Exact: a product of 24 and 16 bits and a power of two fit f64.
    #[inline(always)]
    fn between(&self, stage: usize, sums: &mut [f32]) {
        let gain = self.gains[stage];
        for sum in sums {
            let scaled = (f64::from(*sum) * gain + 0.5).floor();
            *sum = scaled.clamp(-128.0, 127.0) as f32;
        }
    }

    /// No sum is NaN or beyond 24 bits.
    #[inline(always)]
    fn bits(&self, sum: f32) -> u32 {
        (sum as i32).cast_unsigned()
    }
}
