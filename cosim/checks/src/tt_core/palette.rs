//! Words for tables, drawn by palettes.

use contract::SplitMix64;
use serde::{Deserialize, Serialize};

/// What the words of a table look like. All are finite; infinities come of products alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// From -1 to 1; int8: of all sizes.
    Plain,
    /// Any bits that are a finite number.
    Bits,
    /// Whole numbers of one digit.
    Small,
    /// Powers of two and their negatives.
    Powers,
    /// Half of them subnormal, so that products are, too; int8: nearly all 0.
    Subnormal,
    /// Few numbers, their neighbours and their negatives: sums cancel.
    Cancel,
    /// Near overflow; int8: both extremes.
    Huge,
    /// Each word of any of the others.
    Mixed,
}

impl Palette {
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Bits,
        Self::Small,
        Self::Powers,
        Self::Subnormal,
        Self::Cancel,
        Self::Huge,
        Self::Mixed,
    ];

    /// A binary32 number.
    pub(super) fn float(self, rng: &mut SplitMix64, few: &[u32; 2]) -> u32 {
        let random = rng.next_u64();
        let (bits, choice) = (random as u32, (random >> 32) as u32);
        let sign = bits & 0x8000_0000;
        match self {
            Self::Plain => ((choice as i32) as f32 / (1_u32 << 31) as f32).to_bits(),
            Self::Bits => finite(bits),
            Self::Small => ((choice % 19) as f32 - 9.0).to_bits(),
            Self::Powers => sign | (121 + choice % 13) << 23,
            // Subnormal in either format.
            Self::Subnormal if choice & 1 == 0 => bits & 0x807f_ffff,
            Self::Subnormal => sign | (125 + (choice >> 1) % 4) << 23 | bits & 0x7f_ffff,
            // The neighbours differ in the last bit of bf16 or of binary32.
            Self::Cancel => {
                let by = [0, 0, 1, 0x1_0000][(choice >> 1 & 3) as usize];
                finite(few[(choice & 1) as usize] ^ sign ^ by)
            }
            Self::Huge => sign | (175 + choice % 80) << 23 | bits & 0x7f_ffff,
            Self::Mixed => Self::ALL[choice as usize % 7].float(rng, few),
        }
    }

    pub(super) fn int8(self, rng: &mut SplitMix64, few: &[u32; 2]) -> u32 {
        let random = rng.next_u64();
        let (bits, choice) = (random as u8, (random >> 32) as u32);
        let value = match self {
            Self::Plain | Self::Bits => bits as i8,
            Self::Small => (choice % 7) as i8 - 3,
            Self::Powers => {
                [1, 2, 4, 8, 16, 32, 64, -1, -2, -4, -16, -64, -128][choice as usize % 13]
            }
            Self::Subnormal => [0, 0, 0, 1, -1, 0, 0, 0][choice as usize % 8],
            Self::Cancel => {
                let value = (few[(choice & 1) as usize] as i8).max(-126);
                [value, -value, value.wrapping_add(1), -value][(choice >> 1 & 3) as usize]
            }
            Self::Huge => [-128, 127, -128, -127][choice as usize % 4],
            Self::Mixed => return Self::ALL[choice as usize % 7].int8(rng, few),
        };
        u32::from(value as u8)
    }
}

/// The bits, or those of a smaller number if they are not a finite one.
fn finite(bits: u32) -> u32 {
    match bits & 0x7f80_0000 {
        0x7f80_0000 => bits & !0x4000_0000,
        _ => bits,
    }
}
