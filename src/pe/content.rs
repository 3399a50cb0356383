//! What the vectors hold.

use golden_model::trace::SplitMix64;
use hdl_gen::pe::{Element, PeConfig};

use super::command::{element_mask, elements};

/// The content of vector `id`, the same in every run: finite numbers of mixed magnitude, a few of
/// them subnormal, so that sums round, cancel and lose bits as real ones do.
pub fn vector(config: &PeConfig, salt: u64, id: u64) -> Vec<u32> {
    let mut rng = SplitMix64::new(salt ^ id.wrapping_mul(0xff51_afd7_ed55_8ccd));
    (0..elements(config))
        .map(|_| finite(&mut rng, config.element))
        .collect()
}

/// A finite element in memory format.
fn finite(rng: &mut SplitMix64, element: Element) -> u32 {
    let bits = rng.next_u64();
    let float = |mantissa_bits: u32| {
        let mantissa = bits as u32 & (u32::MAX >> (32 - mantissa_bits));
        let exponent = match bits >> 32 & 31 {
            0 => 0,
            1 => 1 + (bits >> 40 & 15) as u32,
            2 => 150 + (bits >> 40 & 15) as u32,
            _ => 117 + (bits >> 40 & 15) as u32,
        };
        ((bits >> 63) as u32) << (mantissa_bits + 8) | exponent << mantissa_bits | mantissa
    };
    match element {
        Element::Fp32 => float(23),
        Element::Bf16 => float(7),
        Element::Int8 | Element::Int32 => bits as u32 & element_mask(element),
    }
}

/// An element for the random tests: anything at all, often a special value, often close to others.
pub fn wild(rng: &mut SplitMix64, element: Element) -> u32 {
    let sign = (rng.next_u64() as u32) << 31;
    let value = match rng.below(8) {
        0 => SPECIAL[rng.below(SPECIAL.len() as u64) as usize] ^ sign,
        1 => rng.next_u64() as u32,
        2 => (rng.below(16) as f32).to_bits() ^ sign,
        // One binade: sums cancel.
        3 => (127 << 23 | rng.next_u64() as u32 >> 9) ^ sign,
        4 => (rng.next_u64() as u32 >> 9) ^ sign,
        _ => return finite(rng, element),
    };
    match element {
        Element::Fp32 => value,
        Element::Bf16 => value >> 16,
        Element::Int8 | Element::Int32 => value & element_mask(element),
    }
}

/// Zero, the smallest and largest subnormal, the smallest normal, one and its neighbours, the
/// largest finite number, infinity, quiet and signalling NaN.
const SPECIAL: [u32; 11] = [
    0,
    1,
    0x007f_ffff,
    0x0080_0000,
    0x3f7f_ffff,
    0x3f80_0000,
    0x3f80_0001,
    0x7f7f_ffff,
    0x7f80_0000,
    0x7fc0_0000,
    0x7f80_0001,
];
