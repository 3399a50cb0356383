//! Analogue-to-digital converters of crossbars: energy per conversion.

use crate::{Basis, Figure, Unit};

const fn figure(name: &'static str, value: f64, basis: Basis, source: &'static str) -> Figure {
    Figure {
        name,
        value,
        unit: Unit::Femtojoule,
        node_nm: Some(32),
        basis,
        source,
    }
}

const fn sar(name: &'static str, value: f64, basis: Basis) -> Figure {
    let source = "ISAAC's ADC (ISCA'16; Kull, ISSCC'13), scaled over resolution after Saberi";
    figure(name, value, basis, source)
}

figures! {
    /// Energy of one comparator firing of a flash ADC.
    FLASH_COMPARATOR = figure(
        "flash ADC, comparator firing",
        15.1,
        Basis::Inferred,
        "inferred: the 4-bit flash ADC of FORMS (ISCA'21), 226 fJ per conversion, divided by its 15 comparators",
    );
    /// Energy of one bit cycle of a SAR ADC, for resolutions below those known.
    SAR_BIT = figure(
        "SAR ADC, bit cycle",
        200.0,
        Basis::Inferred,
        "inferred from the conversions of 4 to 10 bits of ISAAC's ADC",
    );
    /// Energy of a SAR conversion of 4 bits.
    SAR_4 = sar("SAR ADC, conversion of 4 bits", 790.0, Basis::Inferred);
    /// Energy of a SAR conversion of 5 bits.
    SAR_5 = sar("SAR ADC, conversion of 5 bits", 990.0, Basis::Inferred);
    /// Energy of a SAR conversion of 6 bits.
    SAR_6 = sar("SAR ADC, conversion of 6 bits", 1200.0, Basis::Inferred);
    /// Energy of a SAR conversion of 7 bits.
    SAR_7 = sar("SAR ADC, conversion of 7 bits", 1420.0, Basis::Inferred);
    /// Energy of a SAR conversion of 8 bits.
    SAR_8 = sar("SAR ADC, conversion of 8 bits", 1670.0, Basis::Published);
    /// Energy of a SAR conversion of 9 bits.
    SAR_9 = sar("SAR ADC, conversion of 9 bits", 1970.0, Basis::Inferred);
    /// Energy of a SAR conversion of 10 bits.
    SAR_10 = sar("SAR ADC, conversion of 10 bits", 2380.0, Basis::Inferred);
}

/// SAR conversions of 4 bits and more.
const SAR: [Figure; 7] = [SAR_4, SAR_5, SAR_6, SAR_7, SAR_8, SAR_9, SAR_10];

/// Highest resolution of which an energy is known, for both kinds.
pub const MAX_BITS: u32 = 10;

/// Energy in fJ of a flash conversion of `bits` bits: each of its 2^bits - 1 comparators fires. None
/// above [`MAX_BITS`].
pub fn flash_fj(bits: u32) -> Option<f64> {
    let comparator = FLASH_COMPARATOR.in_unit(Unit::Femtojoule);
    (bits <= MAX_BITS).then(|| comparator * f64::from((1_u32 << bits) - 1))
}

/// Energy in fJ of a SAR conversion of `bits` bits: ISAAC's from 4 bits on, [`SAR_BIT`] per bit below.
/// None above [`MAX_BITS`].
pub fn sar_fj(bits: u32) -> Option<f64> {
    let Some(above) = bits.checked_sub(4) else {
        return Some(SAR_BIT.in_unit(Unit::Femtojoule) * f64::from(bits));
    };
    let known = SAR.get(usize::try_from(above).ok()?)?;
    Some(known.in_unit(Unit::Femtojoule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_conversions() {
        let near = |fj: Option<f64>, to: f64| assert!((fj.unwrap() / to - 1.0).abs() < 0.01);
        near(flash_fj(4), 226.0);
        near(sar_fj(8), 1670.0);
        near(sar_fj(2), 400.0);
    }

    #[test]
    fn no_energy_beyond_the_known_resolutions() {
        assert!(flash_fj(MAX_BITS).is_some() && sar_fj(MAX_BITS).is_some());
        assert_eq!(flash_fj(MAX_BITS + 1), None);
        assert_eq!(sar_fj(MAX_BITS + 1), None);
        assert_eq!(flash_fj(u32::MAX), None);
    }
}
