//! binary32 on bit patterns.

/// The NaN every operation returns: positive, quiet, empty payload.
pub const CANONICAL_NAN_F32: u32 = 0x7fc0_0000;

/// Encoding of an operation's result. The host's NaN payload and sign are not portable, so they
/// are replaced here and nowhere else.
#[inline]
pub(super) fn encode(value: f32) -> u32 {
    if value.is_nan() {
        CANONICAL_NAN_F32
    } else {
        value.to_bits()
    }
}

/// `a + b`.
#[inline]
#[must_use]
pub fn f32_add(a: u32, b: u32) -> u32 {
    encode(f32::from_bits(a) + f32::from_bits(b))
}

/// `a - b`.
#[inline]
#[must_use]
pub fn f32_sub(a: u32, b: u32) -> u32 {
    encode(f32::from_bits(a) - f32::from_bits(b))
}

/// `a * b`.
#[inline]
#[must_use]
pub fn f32_mul(a: u32, b: u32) -> u32 {
    encode(f32::from_bits(a) * f32::from_bits(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::exact::{Format, special_values};
    use proptest::prelude::*;

    const F32: Format = Format {
        exp_bits: 8,
        man_bits: 23,
    };

    fn check(a: u32, b: u32) {
        let (x, y) = (u64::from(a), u64::from(b));
        let pair = format!("{a:#010x}, {b:#010x}");
        assert_eq!(u64::from(f32_add(a, b)), F32.add(x, y), "add {pair}");
        assert_eq!(u64::from(f32_sub(a, b)), F32.sub(x, y), "sub {pair}");
        assert_eq!(u64::from(f32_mul(a, b)), F32.mul(x, y), "mul {pair}");
    }

    #[test]
    fn special_pairs_match_exact_arithmetic() {
        let values = special_values(F32);
        for &a in &values {
            for &b in &values {
                check(a as u32, b as u32);
            }
        }
    }

    #[test]
    fn signalling_and_payload_nans_become_canonical() {
        for nan in [0x7f80_0001, 0xffc0_0000, 0x7fff_ffff, 0xff80_1234] {
            for other in [0, 0x3f80_0000, 0x7f80_0000, nan] {
                for op in [f32_add, f32_sub, f32_mul] {
                    assert_eq!(op(nan, other), CANONICAL_NAN_F32);
                    assert_eq!(op(other, nan), CANONICAL_NAN_F32);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_pair_matches_exact_arithmetic(a: u32, b: u32) {
            check(a, b);
        }

        // Uniform pairs rarely overlap: keep the exponents close so that bits cancel and round.
        #[test]
        fn close_exponents_match_exact_arithmetic(a: u32, b: u32, distance in -26_i32..=26) {
            let exponent = ((a >> 23 & 0xff) as i32 + distance).clamp(0, 254) as u32;
            check(a, b & 0x807f_ffff | exponent << 23);
        }

        // Products around the smallest normal and around overflow.
        #[test]
        fn products_at_the_range_ends_match(a: u32, b: u32, sum in prop::sample::select(vec![
            100_i32, 103, 104, 105, 110, 120, 125, 126, 127, 128, 129, 379, 380, 381, 382, 383,
        ])) {
            let exponent = (sum - (a >> 23 & 0xff) as i32).clamp(0, 254) as u32;
            check(a, b & 0x807f_ffff | exponent << 23);
        }
    }
}
