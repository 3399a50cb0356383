//! Number formats on bit patterns: what the arithmetic units compute, to the last bit.
//!
//! Every operation takes and returns encodings, rounds once to nearest even, honours subnormals and
//! yields one canonical NaN. Copies (a value that is moved, not computed) keep their bits and do
//! not come through here.

mod bf16;
mod fp;

#[cfg(test)]
mod exact;

pub use bf16::{CANONICAL_NAN_BF16, bf16_add, bf16_mul, bf16_sub, bf16_to_f32, f32_to_bf16};
pub use fp::{CANONICAL_NAN_F32, f32_add, f32_mul, f32_sub};
