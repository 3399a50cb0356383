//! Cores in the element types of the hardware.
//!
//! bf16: each element rounded to nearest even. int8: each core has a scale of its own, largest
//! absolute element / 127, and elements are rounded to nearest, ties away from zero. Between stages
//! an int8 core requantises exact 32-bit sums,
//!
//! ```text
//! y = clamp(floor((sum * mult + 2^(15 + shift)) / 2^(16 + shift)), -128, 127),
//! ```
//!
//! `mult` and `shift` chosen so that the largest sum over the table's prefixes becomes 127.

use super::arith::{Stages, requantised};
use super::quantised::{QuantisedCores, Requant};
use super::{Element, TtCores, TtError};
use contract::SplitMix64;
use models::num::f32_to_bf16;

/// Multiplications that a calibration may take before it samples prefixes.
const CALIBRATION_MACS: u64 = 2_000_000_000;
/// Seed of that sample.
const CALIBRATION_SEED: u64 = 1;

/// Cores in this element type. int8 needs ranks of at most 1024: sums then stay within 24 bits, and
/// far within the hardware's 32.
///
/// # Errors
/// If ranks are too large for int8.
pub fn quantise(cores: &TtCores, element: Element) -> Result<QuantisedCores, TtError> {
    let shape = cores.shape().clone();
    let to = |convert: &dyn Fn(f32) -> u32| {
        let core = |core: &Vec<f32>| core.iter().map(|&element| convert(element)).collect();
        cores.cores().iter().map(core).collect()
    };
    let mut quantised = QuantisedCores {
        element,
        rows: cores.rows(),
        cores: match element {
            Element::Fp32 => to(&f32::to_bits),
            Element::Bf16 => to(&|element| u32::from(f32_to_bf16(element.to_bits()))),
            Element::Int8 => Vec::new(),
        },
        shape,
        requant: Vec::new(),
        scale: 1.0,
    };
    if element == Element::Int8 {
        if let Some(rank) = quantised.shape.r().iter().find(|&&rank| rank > 1024) {
            return Err(TtError::value(
                "ranks",
                rank,
                "int8 takes ranks of at most 1024",
            ));
        }
        for core in cores.cores() {
            let (scale, core) = int8(core);
            quantised.scale *= scale;
            quantised.cores.push(core);
        }
        calibrate(&mut quantised);
    }
    Ok(quantised)
}

/// Scale and elements of one core.
fn int8(core: &[f32]) -> (f64, Vec<u32>) {
    let largest = core.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let scale = if largest == 0.0 {
        1.0
    } else {
        f64::from(largest) / 127.0
    };
    let element = |&x: &f32| {
        let steps = (f64::from(x) / scale).round().clamp(-127.0, 127.0);
        u32::from((steps as i8).cast_unsigned())
    };
    (scale, core.iter().map(element).collect())
}

/// Chooses the requantisations, boundary after boundary, as each depends on those before.
fn calibrate(quantised: &mut QuantisedCores) {
    let d = quantised.shape.cores();
    for boundary in 0..d - 2 {
        let largest = largest_sum(quantised, boundary);
        let requant = Requant::for_largest(largest);
        quantised.scale /= requant.gain();
        quantised.requant.push(requant);
    }
}

/// Largest absolute sum of stage `boundary` over the prefixes of the table's rows: all of them, or
/// a seeded sample where that took too long.
fn largest_sum(quantised: &QuantisedCores, boundary: usize) -> u32 {
    let shape = &quantised.shape;
    let step: u64 = shape.p()[boundary + 2..]
        .iter()
        .map(|&p| p as u64)
        .product();
    let prefixes = (quantised.rows as u64).div_ceil(step);
    let macs: u64 = (0..=boundary).map(|k| shape.stage_macs(k)).sum();
    let mut stages = Stages::new(quantised);
    let mut largest = 0;
    let mut look_at = |prefix: u64| {
        let sums = stages.integers(prefix * step, boundary + 1);
        let here = sums.iter().map(|sum| sum.unsigned_abs()).max();
        largest = largest.max(here.unwrap_or(0));
    };
    if prefixes * macs <= CALIBRATION_MACS {
        (0..prefixes).for_each(&mut look_at);
    } else {
        let mut rng = SplitMix64::new(CALIBRATION_SEED);
        let sample = CALIBRATION_MACS / macs;
        (0..sample).for_each(|_| look_at(rng.below(prefixes)));
    }
    largest
}

/// `sum` requantised, see the module.
#[must_use]
pub fn requantise(sum: i32, by: Requant) -> i32 {
    requantised(i64::from(sum), by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requantisation_by_hand() {
        let by = Requant::for_largest(127 * 3);
        assert_eq!((by.mult, by.shift), (43691, 1));
        let y = |sum| requantise(sum, by);
        assert_eq!(
            [y(381), y(-381), y(4), y(5), y(-4), y(-5)],
            [127, -127, 1, 2, -1, -2]
        );
        assert_eq!([y(100_000), y(-100_000)], [127, -128]);
        // Ties go up, as floor of a sum does.
        let half = Requant {
            mult: 0x8000,
            shift: 0,
        };
        assert_eq!(
            [-3, -1, 1, 3].map(|sum| requantise(sum, half)),
            [-1, 0, 1, 2]
        );
    }

    #[test]
    fn multipliers_use_their_bits() {
        for largest in [128, 1000, 65_535, 1 << 20, 127 * 128 * 512] {
            let by = Requant::for_largest(largest);
            assert!(by.mult >= 1 << 15, "{largest}: {by:?}");
            assert_eq!(requantise(largest as i32, by), 127);
        }
        for small in [0, 1, 127] {
            assert_eq!(
                Requant::for_largest(small),
                Requant {
                    mult: 65535,
                    shift: 0
                }
            );
        }
        assert_eq!(requantise(127, Requant::for_largest(127)), 127);
    }

    #[test]
    fn an_int8_core_has_its_own_scale() {
        let (scale, core) = int8(&[0.5, -1.27, 0.004, -0.006]);
        assert!((scale - 0.01).abs() < 1e-9);
        assert_eq!(core, [50, 0x81, 0, 0xff]);
        assert_eq!(int8(&[0.0, 0.0]), (1.0, vec![0, 0]));
    }
}
