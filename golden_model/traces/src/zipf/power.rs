//! Powers from products and square roots alone: unlike a library's `powf` these round alike on
//! every host.

/// Binary places of an exponent.
pub(super) const EXPONENT_BITS: u32 = 16;

/// `base` to the power `exponent` / 2^16.
pub(super) fn power(base: f64, exponent: u32) -> f64 {
    let mut result = 1.0;
    for _ in 0..exponent >> EXPONENT_BITS {
        result *= base;
    }
    let mut root = base;
    for bit in (0..EXPONENT_BITS).rev() {
        root = root.sqrt();
        if exponent >> bit & 1 == 1 {
            result *= root;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_close_to_the_library() {
        for (base, exponent) in [
            (1.0, 0.75),
            (2.0, 0.5),
            (10.0, 1.05),
            (16e6, 8.0),
            (7.0, 0.0),
        ] {
            let scaled = (exponent * 65536.0) as u32;
            let expected = f64::powf(base, f64::from(scaled) / 65536.0);
            assert!(
                (power(base, scaled) / expected - 1.0).abs() < 1e-12,
                "{base}^{exponent}"
            );
        }
    }
}
