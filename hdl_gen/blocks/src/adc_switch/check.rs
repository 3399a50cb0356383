//! Which controllers can be built. Each rule gives one error that says what is accepted.

use super::params::AdcSwitchConfig;
use contract::ConfigError;
use contract::rules::{error, power_of_two, range};

/// Bit lines of the widest tile.
const COLUMNS: u32 = 512;

pub(super) fn validate(c: &AdcSwitchConfig) -> Result<(), ConfigError> {
    power_of_two("rows", c.rows, 16, 256, "")?;
    cells(c)?;
    columns(c)?;
    let meaning = format!(" (at least the {} bits of one cell)", c.cell_bits);
    range("adc_bits", c.adc_bits, c.cell_bits, 10, &meaning)?;
    adcs(c)?;
    range("array_latency", c.array_latency, 2, 1024, "")?;
    let meaning = format!(
        " (one access of {0}-bit codes, and {1} rows of {2}-bit elements)",
        c.adc_bits, c.rows, c.element_bits
    );
    range("acc_bits", c.acc_bits, c.least_acc_bits(), 32, &meaning)?;
    range("tag_bits", c.tag_bits, 2, 16, "")?;
    let meaning = format!(" (one conversion counts up to 2^{} - 1)", c.adc_bits);
    range(
        "counter_bits",
        c.counter_bits,
        c.adc_bits.max(8),
        32,
        &meaning,
    )?;
    range("clock_ps", c.clock_ps, 100, 100_000, "")
}

fn cells(c: &AdcSwitchConfig) -> Result<(), ConfigError> {
    let (cell, bits) = (c.cell_bits, c.element_bits);
    power_of_two("cell_bits", cell, 1, 4, "")?;
    range("element_bits", bits, 4, 16, "")?;
    if bits.is_multiple_of(cell) {
        return Ok(());
    }
    let why = format!("does not divide an element of {bits} bits");
    let (below, above) = around(bits, cell, 4, 16);
    let smaller = [2, 1]
        .into_iter()
        .find(|d| *d < cell && bits.is_multiple_of(*d));
    let remedy = format!(
        "use {}, or element_bits {}",
        choice(smaller, None),
        choice(below, above)
    );
    Err(error("cell_bits", cell, &why, &remedy))
}

fn columns(c: &AdcSwitchConfig) -> Result<(), ConfigError> {
    let digits = c.digits();
    let meaning = format!(" (whole elements of {digits} columns)");
    range("columns", c.columns, digits, COLUMNS, &meaning)?;
    if c.columns.is_multiple_of(digits) {
        return Ok(());
    }
    let why = format!("not a whole number of elements of {digits} columns");
    let (below, above) = around(c.columns, digits, digits, COLUMNS);
    Err(error(
        "columns",
        c.columns,
        &why,
        &format!("use {}", choice(below, above)),
    ))
}

fn adcs(c: &AdcSwitchConfig) -> Result<(), ConfigError> {
    let (adcs, elements) = (c.adcs, c.elements());
    let why = match adcs {
        0 => "no column would be converted".to_owned(),
        n if n > c.columns => format!("more than the {} columns", c.columns),
        n if !c.columns.is_multiple_of(n) => {
            format!("{} columns don't divide over them", c.columns)
        }
        n if !elements.is_multiple_of(n) => format!(
            "an element's {} columns would be spread over several",
            c.digits()
        ),
        _ => return Ok(()),
    };
    let divides = |n: &u32| elements.is_multiple_of(*n);
    let below = (1..adcs.min(elements + 1)).rev().find(divides);
    let above = (adcs.saturating_add(1)..=elements).find(divides);
    let remedy = format!(
        "use {} (a divisor of the {elements} elements of a row)",
        choice(below, above)
    );
    Err(error("adcs", adcs, &why, &remedy))
}

/// The multiples of `step` next to `value` that lie from `low` to `high`.
fn around(value: u32, step: u32, low: u32, high: u32) -> (Option<u32>, Option<u32>) {
    let below = value / step * step;
    let legal = |v: &u32| (low..=high).contains(v);
    (Some(below).filter(legal), Some(below + step).filter(legal))
}

/// What is accepted: at least one of the two is present.
fn choice(below: Option<u32>, above: Option<u32>) -> String {
    let both: Vec<_> = below.iter().chain(&above).map(u32::to_string).collect();
    both.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::BlockConfig;
    use contract::load::{ConfigSpec, changed, load};

    /// The message for `paper64` with these parameters changed on the command line.
    fn message(changes: &[(&str, &str)]) -> String {
        changed::<AdcSwitchConfig>(changes).unwrap_err().to_string()
    }

    #[test]
    fn named_configurations_can_be_built() {
        for (name, config) in AdcSwitchConfig::named() {
            assert_eq!(config.validate(), Ok(()), "{name}");
        }
    }

    #[test]
    fn every_field_has_its_documentation() {
        for (name, config) in AdcSwitchConfig::named() {
            let fields: Vec<_> = contract::load::table(&config).keys().cloned().collect();
            let mut params: Vec<_> = AdcSwitchConfig::params().iter().map(|p| p.name).collect();
            params.sort_unstable();
            assert_eq!(fields, params, "{name}");
        }
    }

    #[test]
    fn rows() {
        let remedy = "use a power of two from 16 to 256";
        for (value, why) in [
            ("0", "too small"),
            ("100", "not a power of two"),
            ("512", "too large"),
        ] {
            assert_eq!(
                message(&[("rows", value)]),
                format!("rows = {value}: {why}; {remedy}")
            );
        }
    }

    #[test]
    fn cells_divide_elements() {
        assert_eq!(
            message(&[("cell_bits", "4"), ("element_bits", "10")]),
            "cell_bits = 4: does not divide an element of 10 bits; use 2, or element_bits 8 or 12"
        );
        assert_eq!(
            message(&[("cell_bits", "4"), ("element_bits", "9")]),
            "cell_bits = 4: does not divide an element of 9 bits; use 1, or element_bits 8 or 12"
        );
        assert_eq!(
            message(&[("element_bits", "5")]),
            "cell_bits = 2: does not divide an element of 5 bits; use 1, or element_bits 4 or 6"
        );
        assert_eq!(
            message(&[("cell_bits", "3")]),
            "cell_bits = 3: not a power of two; use a power of two from 1 to 4"
        );
        assert_eq!(
            message(&[("cell_bits", "0")]),
            "cell_bits = 0: too small; use a power of two from 1 to 4"
        );
        assert_eq!(
            message(&[("element_bits", "17")]),
            "element_bits = 17: too large; use 4 to 16"
        );
    }

    #[test]
    fn columns_are_whole_elements() {
        assert_eq!(
            message(&[("columns", "66")]),
            "columns = 66: not a whole number of elements of 4 columns; use 64 or 68"
        );
        assert_eq!(
            message(&[("columns", "511"), ("element_bits", "6")]),
            "columns = 511: not a whole number of elements of 3 columns; use 510"
        );
        assert_eq!(
            message(&[("columns", "3")]),
            "columns = 3: too small; use 4 to 512 (whole elements of 4 columns)"
        );
        assert_eq!(
            message(&[("columns", "4294967295")]),
            "columns = 4294967295: too large; use 4 to 512 (whole elements of 4 columns)"
        );
    }

    #[test]
    fn columns_divide_over_adcs() {
        let of = "(a divisor of the 16 elements of a row)";
        for (value, why, choice) in [
            ("0", "no column would be converted", "1"),
            ("3", "64 columns don't divide over them", "2 or 4"),
            (
                "32",
                "an element's 4 columns would be spread over several",
                "16",
            ),
            ("4294967295", "more than the 64 columns", "16"),
        ] {
            assert_eq!(
                message(&[("adcs", value)]),
                format!("adcs = {value}: {why}; use {choice} {of}")
            );
        }
    }

    #[test]
    fn adcs_resolve_at_least_a_cell() {
        assert_eq!(
            message(&[("adc_bits", "1")]),
            "adc_bits = 1: too small; use 2 to 10 (at least the 2 bits of one cell)"
        );
        assert_eq!(
            message(&[("adc_bits", "11")]),
            "adc_bits = 11: too large; use 2 to 10 (at least the 2 bits of one cell)"
        );
        assert_eq!(
            message(&[("adc", "dual_slope")]),
            "adc = dual_slope: not one of its values; use flash or sar"
        );
    }

    #[test]
    fn accumulators_hold_any_access() {
        assert_eq!(
            message(&[("acc_bits", "15")]),
            "acc_bits = 15: too small; use 16 to 32 (one access of 8-bit codes, and 64 rows of \
             8-bit elements)"
        );
        assert_eq!(
            message(&[("acc_bits", "33")]),
            "acc_bits = 33: too large; use 16 to 32 (one access of 8-bit codes, and 64 rows of \
             8-bit elements)"
        );
        // A small ADC splits often: then all rows of an activation are more than one access.
        assert_eq!(
            message(&[("adc_bits", "2"), ("acc_bits", "13")]),
            "acc_bits = 13: too small; use 14 to 32 (one access of 2-bit codes, and 64 rows of \
             8-bit elements)"
        );
    }

    #[test]
    fn accumulators_follow_elements() {
        let changes = vec![("element_bits".to_owned(), "16".to_owned())];
        let request = ConfigSpec {
            changes,
            ..ConfigSpec::default()
        };
        let wide = load::<AdcSwitchConfig>(&request).unwrap().config;
        assert_eq!((wide.acc_bits, wide.beats()), (24, 2));
    }

    #[test]
    fn counters_hold_a_conversion() {
        for (adc_bits, value, why, least) in [
            ("4", "7", "too small", 8),
            ("10", "9", "too small", 10),
            ("4", "33", "too large", 8),
        ] {
            let changes = [("adc_bits", adc_bits), ("counter_bits", value)];
            let remedy =
                format!("use {least} to 32 (one conversion counts up to 2^{adc_bits} - 1)");
            assert_eq!(
                message(&changes),
                format!("counter_bits = {value}: {why}; {remedy}")
            );
        }
    }

    #[test]
    fn small_numbers() {
        assert_eq!(
            message(&[("array_latency", "1")]),
            "array_latency = 1: too small; use 2 to 1024"
        );
        assert_eq!(
            message(&[("tag_bits", "1")]),
            "tag_bits = 1: too small; use 2 to 16"
        );
        assert_eq!(
            message(&[("clock_ps", "99")]),
            "clock_ps = 99: too small; use 100 to 100000"
        );
        assert_eq!(
            message(&[("switching", "maybe")]),
            "switching = maybe: of the wrong kind; use true or false"
        );
    }

    #[test]
    fn ports_have_the_specified_widths() {
        let widths = |config: &AdcSwitchConfig| -> Vec<(String, u32)> {
            let data = config.ports().into_iter().skip(2);
            data.map(|p| (p.name, p.width)).collect()
        };
        let named = AdcSwitchConfig::named();
        let isaac: Vec<_> = widths(&named[1].1);
        let expected = [
            ("act_valid_i", 1),
            ("act_ready_o", 1),
            ("act_rows_i", 128),
            ("act_tag_i", 8),
            ("act_last_i", 1),
            ("res_valid_o", 1),
            ("res_ready_i", 1),
            ("res_data_o", 160),
            ("res_tag_o", 8),
            ("res_last_o", 1),
            ("wl_o", 128),
            ("sample_o", 1),
            ("adc_start_o", 1),
            ("adc_col_o", 4),
            ("adc_en_o", 8),
            ("adc_code_i", 64),
            ("abort_i", 1),
            ("clear_i", 1),
            ("ctr_sel_i", 4),
            ("ctr_o", 32),
            ("err_o", 4),
            ("busy_o", 1),
        ];
        let expected: Vec<_> = expected.map(|(n, w)| (n.to_owned(), w)).into();
        assert_eq!(isaac, expected);
        // One column an ADC still has a column select.
        let single = AdcSwitchConfig {
            cell_bits: 4,
            element_bits: 4,
            adcs: 64,
            ..named[0].1.clone()
        };
        assert_eq!(single.validate(), Ok(()));
        assert_eq!((single.columns_per_adc(), single.column_bits()), (1, 1));
    }
}
