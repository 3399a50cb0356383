//! Energy of a conversion. ReCross publishes no component energies: all figures are defaults, from
//! other papers' ADCs at 32 nm.

use hdl_gen::adc_switch::AdcKind;

/// Energy of one comparator firing in fJ. Inferred: the 4-bit flash ADC of FORMS (ISCA'21), 226 fJ
/// per conversion, divided by its 15 comparators.
const COMPARATOR_FJ: f64 = 15.1;
/// Energy in fJ of a SAR conversion of 4 to 10 bits. ISAAC's ADC (ISCA'16; Kull, ISSCC'13), scaled
/// over resolution after Saberi.
const SAR_FJ: [f64; 7] = [790.0, 990.0, 1200.0, 1420.0, 1670.0, 1970.0, 2380.0];
/// Energy of one SAR bit cycle in fJ, for fewer bits. Inferred from the figures above.
const SAR_BIT_FJ: f64 = 200.0;

/// Energy in pJ of one conversion of `bits` bits, at most 10.
pub fn conversion_pj(kind: AdcKind, bits: u32) -> f64 {
    let femto = match kind {
        AdcKind::Flash => COMPARATOR_FJ * f64::from((1_u32 << bits) - 1),
        AdcKind::Sar => match bits.checked_sub(4) {
            Some(above) => SAR_FJ[above as usize],
            None => SAR_BIT_FJ * f64::from(bits),
        },
    };
    femto / 1000.0
}

/// Source of the energies of this kind, for tables.
pub fn source(kind: AdcKind) -> &'static str {
    match kind {
        AdcKind::Flash => {
            "default, not ReCross's: 15.1 fJ a comparator firing (2^b - 1 of them), \
             inferred from FORMS' 4-bit ADC"
        }
        AdcKind::Sar => {
            "default, not ReCross's: 4 to 10 bits ISAAC's ADC (8 bits 1.67 pJ), \
             below that 0.2 pJ a bit, inferred"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_figures() {
        let near = |pj: f64, to: f64| assert!((pj / to - 1.0).abs() < 0.01, "{pj}, not {to}");
        near(conversion_pj(AdcKind::Flash, 4), 0.226);
        near(conversion_pj(AdcKind::Flash, 8), 3.85);
        near(conversion_pj(AdcKind::Sar, 8), 1.67);
        near(conversion_pj(AdcKind::Sar, 10), 2.38);
        near(conversion_pj(AdcKind::Sar, 2), 0.4);
    }

    #[test]
    fn more_bits_cost_more() {
        for kind in [AdcKind::Flash, AdcKind::Sar] {
            let costs = (1..=10).map(|bits| conversion_pj(kind, bits));
            assert!(
                costs
                    .clone()
                    .zip(costs.skip(1))
                    .all(|(low, high)| low < high)
            );
        }
    }
}
