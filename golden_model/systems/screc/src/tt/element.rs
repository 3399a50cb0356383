//! Element types of the core.

use serde::Serialize;

/// What the elements of TT cores and of intermediate products are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// bfloat16 with binary32 sums.
    Bf16,
    /// Signed 8-bit integers with 32-bit sums.
    Int8,
    /// binary32.
    Fp32,
}

impl Element {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bf16, Self::Int8, Self::Fp32];

    /// Bytes of an element in a core's memory.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Bf16 => 2,
            Self::Int8 => 1,
            Self::Fp32 => 4,
        }
    }

    /// As the command line has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
            Self::Fp32 => "fp32",
        }
    }
}
