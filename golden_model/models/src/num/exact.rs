//! Test oracle: arithmetic without any rounding on integers of unbounded size, then one rounding
//! to nearest even into a format of any exponent and mantissa width (at most 64 bits together).

use num_bigint::BigInt;
use num_bigint::Sign::Minus;

/// A binary interchange format: sign, `exp_bits` of biased exponent, `man_bits` of fraction.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub exp_bits: u32,
    pub man_bits: u32,
}

/// A decoded value. `Finite` is `magnitude * 2^exponent` with an explicit sign, for the zeros' sake.
#[derive(Clone, Debug)]
pub enum Value {
    Nan,
    Infinite {
        negative: bool,
    },
    Finite {
        negative: bool,
        magnitude: BigInt,
        exponent: i64,
    },
}

impl Format {
    fn sign_bit(self) -> u64 {
        1 << (self.exp_bits + self.man_bits)
    }

    fn infinity(self) -> u64 {
        ((1 << self.exp_bits) - 1) << self.man_bits
    }

    fn canonical_nan(self) -> u64 {
        self.infinity() | 1 << (self.man_bits - 1)
    }

    /// Exponent of the smallest subnormal, in powers of two.
    fn min_exponent(self) -> i64 {
        2 - (1 << (self.exp_bits - 1)) - i64::from(self.man_bits)
    }

    pub fn decode(self, bits: u64) -> Value {
        let negative = bits & self.sign_bit() != 0;
        let absolute = bits & (self.sign_bit() - 1);
        if absolute > self.infinity() {
            return Value::Nan;
        }
        if absolute == self.infinity() {
            return Value::Infinite { negative };
        }
        let fraction = absolute & ((1 << self.man_bits) - 1);
        let (magnitude, above_min) = match absolute >> self.man_bits {
            0 => (fraction, 0),
            biased => (fraction | 1 << self.man_bits, biased as i64 - 1),
        };
        Value::Finite {
            negative,
            magnitude: magnitude.into(),
            exponent: self.min_exponent() + above_min,
        }
    }

    pub fn round(self, value: &Value) -> u64 {
        let with_sign = |negative, bits| {
            if negative {
                bits | self.sign_bit()
            } else {
                bits
            }
        };
        match value {
            Value::Nan => self.canonical_nan(),
            Value::Infinite { negative } => with_sign(*negative, self.infinity()),
            Value::Finite {
                negative,
                magnitude,
                exponent,
            } => with_sign(*negative, self.round_magnitude(magnitude, *exponent)),
        }
    }

    fn round_magnitude(self, magnitude: &BigInt, exponent: i64) -> u64 {
        if *magnitude == BigInt::ZERO {
            return 0;
        }
        let top = exponent + magnitude.bits() as i64 - 1;
        let unit = (top - i64::from(self.man_bits)).max(self.min_exponent());
        let steps = if unit <= exponent {
            magnitude << (exponent - unit)
        } else {
            let dropped = unit - exponent;
            let floor: BigInt = magnitude >> dropped;
            let rest: BigInt = (magnitude - (&floor << dropped)) << 1;
            let half: BigInt = BigInt::from(1) << dropped;
            let up = rest > half || rest == half && floor.bit(0);
            floor + i32::from(up)
        };
        let steps = u64::try_from(steps).expect("a significand has at most 64 bits");
        // The hidden bit adds one to the exponent field, and so does a carry out of rounding.
        let below = unit - self.min_exponent();
        if below >= 1 << self.exp_bits {
            return self.infinity();
        }
        (((below as u64) << self.man_bits) + steps).min(self.infinity())
    }

    pub fn add(self, a: u64, b: u64) -> u64 {
        use Value::{Finite, Infinite, Nan};
        let sum = match (self.decode(a), self.decode(b)) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinite { negative: x }, Infinite { negative: y }) if x != y => Nan,
            (Infinite { negative }, _) | (_, Infinite { negative }) => Infinite { negative },
            (
                Finite {
                    negative: x,
                    magnitude: m,
                    exponent: e,
                },
                Finite {
                    negative: y,
                    magnitude: n,
                    exponent: f,
                },
            ) => {
                let exponent = e.min(f);
                let m = m << (e - exponent);
                let n = n << (f - exponent);
                let total = if x { -m } else { m } + if y { -n } else { n };
                let zero = total == BigInt::ZERO;
                Finite {
                    negative: if zero { x && y } else { total.sign() == Minus },
                    magnitude: if total.sign() == Minus { -total } else { total },
                    exponent,
                }
            }
        };
        self.round(&sum)
    }

    pub fn sub(self, a: u64, b: u64) -> u64 {
        self.add(a, b ^ self.sign_bit())
    }

    pub fn mul(self, a: u64, b: u64) -> u64 {
        use Value::{Finite, Infinite, Nan};
        let negative = (a ^ b) & self.sign_bit() != 0;
        let product = match (self.decode(a), self.decode(b)) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinite { .. }, Infinite { .. }) => Infinite { negative },
            (Infinite { .. }, Finite { magnitude, .. })
            | (Finite { magnitude, .. }, Infinite { .. }) => {
                if magnitude == BigInt::ZERO {
                    Nan
                } else {
                    Infinite { negative }
                }
            }
            (
                Finite {
                    magnitude: m,
                    exponent: e,
                    ..
                },
                Finite {
                    magnitude: n,
                    exponent: f,
                    ..
                },
            ) => Finite {
                negative,
                magnitude: m * n,
                exponent: e + f,
            },
        };
        self.round(&product)
    }
}

/// One or more members of every class where rounding, range or sign rules change, both signs:
/// zeros, the ends of the subnormals and normals, values around one, halves and neighbours that
/// make ties and cancellations, infinities and both kinds of NaN.
pub fn special_values(format: Format) -> Vec<u64> {
    let one_in_exponent = 1_u64 << format.man_bits;
    let bias = (1_u64 << (format.exp_bits - 1)) - 1;
    let one = bias << format.man_bits;
    let infinity = format.infinity();
    let precision = u64::from(format.man_bits) + 1;
    let mut values = vec![
        0,
        1,
        2,
        3,
        one_in_exponent / 2,
        one_in_exponent - 1,
        one_in_exponent,
        one_in_exponent + 1,
        2 * one_in_exponent - 1,
        2 * one_in_exponent,
        infinity - one_in_exponent,
        infinity - 1,
        infinity,
        infinity + 1,
        format.canonical_nan(),
        format.canonical_nan() + 1,
    ];
    // One, its neighbours and one and a half, scaled so that pairs differ by up to a rounding bit
    // and more.
    for power in [
        0,
        1,
        2,
        precision - 1,
        precision,
        precision + 1,
        precision + 2,
    ] {
        for exponent in [one - power * one_in_exponent, one + power * one_in_exponent] {
            values.extend([
                exponent - 1,
                exponent,
                exponent + 1,
                exponent + one_in_exponent / 2,
                exponent + one_in_exponent / 2 + 1,
            ]);
        }
    }
    // Square roots of the range ends: their products sit at the smallest normal and at overflow.
    for exponent in [bias / 2, bias / 2 + 1, bias + bias / 2, bias + bias / 2 + 1] {
        let base = exponent << format.man_bits;
        values.extend([base, base + 1, base + one_in_exponent - 1]);
    }
    let negative: Vec<u64> = values.iter().map(|v| v | format.sign_bit()).collect();
    values.extend(negative);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    // The oracle itself, on hand-worked cases of a tiny format: 3 exponent bits, 2 mantissa bits,
    // so bias 3, smallest subnormal 1/16, largest finite 14.
    #[test]
    fn rounds_a_tiny_format_as_worked_by_hand() {
        let tiny = Format {
            exp_bits: 3,
            man_bits: 2,
        };
        let value = |exponent: u64, fraction: u64| exponent << 2 | fraction;
        let infinity = value(7, 0);
        let one = value(3, 0);
        assert_eq!(
            tiny.add(one, value(3, 1)),
            value(4, 0),
            "1 + 1.25 ties to 2"
        );
        assert_eq!(
            tiny.add(one, value(3, 3)),
            value(4, 2),
            "1 + 1.75 ties to 3"
        );
        assert_eq!(tiny.add(one, 1), one, "1 + 1/16 rounds down");
        assert_eq!(
            tiny.add(value(6, 3), one),
            infinity,
            "14 + 1 ties to infinity"
        );
        assert_eq!(tiny.add(value(6, 2), one), value(6, 2), "12 + 1 ties to 12");
        assert_eq!(tiny.mul(1, value(2, 0)), 0, "1/16 * 1/2 ties to zero");
        assert_eq!(tiny.mul(3, value(2, 0)), 2, "3/16 * 1/2 ties to 1/8");
        assert_eq!(tiny.mul(1, value(2, 1)), 1, "1/16 * 5/8 rounds up");
        assert_eq!(tiny.sub(one, one), 0, "x - x is +0");
        assert_eq!(
            tiny.mul(infinity | 1 << 5, 0),
            value(7, 2),
            "infinity * 0 is NaN"
        );
    }
}
