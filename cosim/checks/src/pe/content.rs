//! What the vectors hold.

use blocks::pe::{Element, PeConfig};
use contract::SplitMix64;

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

/// What the vectors of a random command hold.
pub enum Palette {
    /// Anything at all.
    Mixed,
    /// Floats of a few binades from this exponent on, with few or special bits: sums cancel, tie,
    /// round up into the next binade, overflow or stay subnormal.
    Narrow { exponent: u32, binades: u64 },
}

impl Palette {
    pub fn new(rng: &mut SplitMix64) -> Self {
        if rng.below(3) == 0 {
            return Self::Mixed;
        }
        let exponent = match rng.below(6) {
            0 => 0,
            1 => rng.below(32),
            2 => 224 + rng.below(31),
            3 => rng.below(255),
            _ => 96 + rng.below(48),
        };
        Self::Narrow {
            exponent: exponent as u32,
            // A tie needs two numbers as far apart as a mantissa is long.
            binades: [1, 2, 4, 27, 40][rng.below(5) as usize],
        }
    }

    /// An element in memory format.
    pub fn element(&self, rng: &mut SplitMix64, element: Element) -> u32 {
        match *self {
            Self::Narrow { exponent, binades } if element.is_float() && rng.below(64) != 0 => {
                let exponent = (exponent + rng.below(binades) as u32).min(254);
                let bits = element.bits() - 9;
                let sign = rng.below(2) as u32;
                sign << (bits + 8) | exponent << bits | mantissa(rng, bits)
            }
            _ => wild(rng, element),
        }
    }

    /// A learning rate: the products with gradients of this palette overflow, are subnormal, or lie
    /// half way between two numbers.
    pub fn rate(&self, rng: &mut SplitMix64) -> u32 {
        let gradient = match *self {
            Self::Mixed => 127,
            Self::Narrow { exponent, .. } => u64::from(exponent),
        };
        let of_product = |product: u64| (127 + product).saturating_sub(gradient).min(254);
        let exponent = match rng.below(7) {
            0 => return wild(rng, Element::Fp32),
            1 => 0,
            2 => rng.below(255),
            3 => of_product(rng.below(32)),
            4 => of_product(224 + rng.below(32)),
            _ => 127,
        } as u32;
        (rng.below(2) as u32) << 31 | exponent << 23 | mantissa(rng, 23)
    }
}

/// A mantissa with few bits, few zeros, or any.
fn mantissa(rng: &mut SplitMix64, bits: u32) -> u32 {
    let mask = (1 << bits) - 1;
    let mut bit = || 1 << rng.below(bits.into());
    let (one, other) = (bit(), bit());
    let any = rng.next_u64() as u32 & mask;
    let half = 1 << (bits / 2 + rng.below(2) as u32);
    match rng.below(14) {
        0 => 0,
        1 => mask,
        2 | 3 => one,
        4 => one | other,
        5 => mask ^ one,
        6 => one - 1,
        7 => mask ^ (one - 1),
        8 | 9 => one | any & (one - 1),
        // Half as long: the product of two is a bit too long.
        10 | 11 => half | any & !(half - 1),
        _ => any,
    }
}

/// Anything at all, often a special value, often close to others.
fn wild(rng: &mut SplitMix64, element: Element) -> u32 {
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
