//! bfloat16 on bit patterns: 8 exponent bits as in binary32, 7 mantissa bits.

use super::fp::encode;

/// The NaN every bf16 operation returns: positive, quiet, empty payload.
pub const CANONICAL_NAN_BF16: u16 = 0x7fc0;

/// Widens to binary32. Exact; a NaN keeps its bits.
#[inline]
#[must_use]
pub fn bf16_to_f32(a: u16) -> u32 {
    u32::from(a) << 16
}

/// Rounds a binary32 to the nearest bf16, ties to even; any NaN becomes [`CANONICAL_NAN_BF16`].
#[inline]
#[must_use]
pub fn f32_to_bf16(a: u32) -> u16 {
    if f32::from_bits(a).is_nan() {
        return CANONICAL_NAN_BF16;
    }
    // A carry out of the mantissa raises the exponent, and past the largest finite value it yields
    // infinity: both are the right encodings. It cannot overflow, NaNs being gone.
    ((a + 0x7fff + (a >> 16 & 1)) >> 16) as u16
}

// An operation rounds to binary32 and then to bf16, and still equals a single rounding. Both
// formats have one exponent range. 24 >= 2*8 + 2 bits make the second rounding harmless for normal
// results. A bf16 sum below the normal range is exact, and a product that binary32 has to round
// there has at most 16 bits, all of them below half of the smallest bf16, so it is zero either way.
#[inline]
fn rounded(value: f32) -> u16 {
    f32_to_bf16(encode(value))
}

#[inline]
fn widened(a: u16) -> f32 {
    f32::from_bits(bf16_to_f32(a))
}

/// `a + b`, rounded once.
#[inline]
#[must_use]
pub fn bf16_add(a: u16, b: u16) -> u16 {
    rounded(widened(a) + widened(b))
}

/// `a - b`, rounded once.
#[inline]
#[must_use]
pub fn bf16_sub(a: u16, b: u16) -> u16 {
    rounded(widened(a) - widened(b))
}

/// `a * b`, rounded once.
#[inline]
#[must_use]
pub fn bf16_mul(a: u16, b: u16) -> u16 {
    rounded(widened(a) * widened(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::exact::{Format, special_values};
    use proptest::prelude::*;

    const BF16: Format = Format {
        exp_bits: 8,
        man_bits: 7,
    };

    fn check(a: u16, b: u16) {
        let (x, y) = (u64::from(a), u64::from(b));
        let pair = format!("{a:#06x}, {b:#06x}");
        assert_eq!(u64::from(bf16_add(a, b)), BF16.add(x, y), "add {pair}");
        assert_eq!(u64::from(bf16_sub(a, b)), BF16.sub(x, y), "sub {pair}");
        assert_eq!(u64::from(bf16_mul(a, b)), BF16.mul(x, y), "mul {pair}");
    }

    #[test]
    fn special_pairs_match_exact_arithmetic() {
        let values = special_values(BF16);
        for &a in &values {
            for &b in &values {
                check(a as u16, b as u16);
            }
        }
    }

    // The only products that the way through binary32 rounds twice below the normal range.
    #[test]
    fn tiny_products_match_exact_arithmetic() {
        for significand in 0..=0xff_u16 {
            for other in (0..=0xff_u16).step_by(3) {
                for exponent in [0, 1, 2, 3] {
                    let a = exponent << 7 | significand & 0x7f;
                    for partner in [0x3e00, 0x3e80, 0x3f00, 0x3b80, 0x3c00] {
                        check(a, partner | other & 0x7f);
                    }
                }
            }
        }
    }

    #[test]
    fn every_bf16_survives_widening() {
        for a in 0..=u16::MAX {
            let nan = a & 0x7fff > 0x7f80;
            let back = f32_to_bf16(bf16_to_f32(a));
            assert_eq!(back, if nan { CANONICAL_NAN_BF16 } else { a });
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_pair_matches_exact_arithmetic(a: u16, b: u16) {
            check(a, b);
        }

        #[test]
        fn close_exponents_match_exact_arithmetic(a: u16, b: u16, distance in -10_i32..=10) {
            let exponent = ((a >> 7 & 0xff) as i32 + distance).clamp(0, 254) as u16;
            check(a, b & 0x807f | exponent << 7);
        }

        #[test]
        fn narrowing_matches_exact_rounding(a: u32, tie: bool) {
            let a = if tie { a & 0xffff_0000 | 0x8000 } else { a };
            let f32 = Format { exp_bits: 8, man_bits: 23 };
            prop_assert_eq!(u64::from(f32_to_bf16(a)), BF16.round(&f32.decode(u64::from(a))));
        }
    }
}
