//! Cores as a hardware core holds them.

use super::{Element, TtShape};

/// Largest shift of a requantisation.
pub const MAX_SHIFT: u8 = 15;
/// How sums become int8 between two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Requant {
    /// Multiplier, 2^15 or more unless sums are so small that they need no scaling.
    pub mult: u16,
    /// Shift beyond 16, 0 to 15.
    pub shift: u8,
}

impl Requant {
    /// What makes `largest` 127, or as near as 16 bits of multiplier come.
    #[must_use]
    pub fn for_largest(largest: u32) -> Self {
        let gain = 127.0 / f64::from(largest.max(1));
        let scaled =
            |shift: u8| (gain * f64::from(1_u32 << 16) * f64::from(1_u32 << shift)).round();
        let fits = (0..=MAX_SHIFT)
            .rev()
            .find(|&shift| scaled(shift) <= 65535.0);
        let shift = fits.unwrap_or(0);
        Self {
            mult: scaled(shift).min(65535.0) as u16,
            shift,
        }
    }

    /// Real factor from sum to int8.
    #[must_use]
    pub fn gain(self) -> f64 {
        f64::from(self.mult) / f64::from(1_u32 << (16 + self.shift))
    }
}

/// Cores as a hardware core holds them.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantisedCores {
    /// Element type.
    pub element: Element,
    /// Shape of the cores.
    pub shape: TtShape,
    /// Rows of the table.
    pub rows: usize,
    /// Bit patterns in the order of [`TtCores`]: binary32, bf16 in the low 16 bits, or int8 in two's
    /// complement in the low 8.
    pub cores: Vec<Vec<u32>>,
    /// int8: one a boundary between two stages, d - 2 of them. Else empty.
    pub requant: Vec<Requant>,
    /// Real value of a result of 1 (int8: of the last stage's 32-bit sum; else 1).
    pub scale: f64,
}

impl QuantisedCores {
    /// Real value of one element of a result.
    #[must_use]
    pub fn real(&self, bits: u32) -> f64 {
        match self.element {
            Element::Int8 => f64::from(bits.cast_signed()) * self.scale,
            Element::Bf16 | Element::Fp32 => f64::from(f32::from_bits(bits)),
        }
    }
}
