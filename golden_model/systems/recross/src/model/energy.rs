//! What a conversion costs. ReCross publishes no component energies: all figures are defaults, from
//! other papers' ADCs at 32 nm ([`tech::adc`]).

use blocks::adc_switch::AdcKind;
use tech::{Unit, adc};

/// Energy in pJ of one conversion of `bits` bits.
///
/// # Panics
/// If there are more than 10.
pub fn conversion_pj(kind: AdcKind, bits: u32) -> f64 {
    let femto = match kind {
        AdcKind::Flash => adc::flash_fj(bits),
        AdcKind::Sar => adc::sar_fj(bits),
    };
    femto.expect("an ADC of adc_switch has at most 10 bits") / 1000.0
}

/// Where the energies of this kind come from, for whoever reads a table.
pub fn source(kind: AdcKind) -> String {
    let femto = |figure: tech::Figure| figure.in_unit(Unit::Femtojoule);
    match kind {
        AdcKind::Flash => format!(
            "default, not ReCross's: {:.1} fJ a comparator firing (2^b - 1 of them), \
             inferred from FORMS' 4-bit ADC",
            femto(adc::FLASH_COMPARATOR)
        ),
        AdcKind::Sar => format!(
            "default, not ReCross's: 4 to 10 bits ISAAC's ADC (8 bits {:.2} pJ), \
             below that {:.1} pJ a bit, inferred",
            femto(adc::SAR_8) / 1000.0,
            femto(adc::SAR_BIT) / 1000.0
        ),
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
