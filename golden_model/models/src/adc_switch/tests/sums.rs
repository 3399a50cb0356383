//! Pooled results are plain integer sums, bit for bit.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use contract::BlockConfig;

use super::super::Rows;
use super::driver::{Driver, rows};
use super::named;
use contract::SplitMix64;

/// One query of one activation for each number of rows, and one that ends with an empty activation.
fn all_counts(name: &str, config: &AdcSwitchConfig) {
    let mut rng = SplitMix64::new(7);
    let mut driver = Driver::new(config, 11);
    let mut expected = Vec::new();
    let (mut accesses, mut full) = (0, 0);
    let steps = (1 << config.cell_bits) - 1;
    let most = config.rows.min(((1 << config.adc_bits) - 1) / steps);
    for count in 0..=config.rows {
        let tag = u64::from(count) & 3;
        let once = vec![rows(config, count, &mut rng)];
        let closed = vec![rows(config, count, &mut rng), Rows::default()];
        for (activations, tag) in [(once, tag), (closed, tag ^ 2)] {
            driver.query(tag, &activations);
            driver.drain();
            expected.push((tag, driver.expected(&activations)));
        }
        accesses += 2 * u64::from(count.div_ceil(most));
        full += u64::from(count >= most);
    }
    assert_eq!(driver.answers, expected, "{name}");
    assert_eq!(driver.output("err_o"), 0, "{name}");
    assert!(full > 0);
    let wrapped = |count: u64| count % (1 << config.counter_bits);
    assert_eq!(driver.counter(4), wrapped(accesses), "{name}");
    let histogram: u64 = (6..16).map(|select| driver.counter(select)).sum();
    let expected = if config.histogram { accesses } else { 0 };
    assert_eq!(wrapped(histogram), wrapped(expected), "{name}");
}

#[test]
fn every_number_of_rows_on_every_named_configuration() {
    for (name, config) in AdcSwitchConfig::named() {
        all_counts(name, &config);
    }
}

#[test]
fn every_number_of_rows_on_unusual_shapes() {
    let tiny = named("tiny");
    let shapes = [
        // One digit per element, one column per ADC, one beat per result.
        AdcSwitchConfig {
            cell_bits: 4,
            adcs: 8,
            acc_bits: 14,
            ..tiny.clone()
        },
        // An ADC that resolves one row: everything is split.
        AdcSwitchConfig {
            adc_bits: 2,
            ..tiny.clone()
        },
        AdcSwitchConfig {
            rows: 256,
            columns: 48,
            element_bits: 16,
            cell_bits: 1,
            adcs: 3,
            adc_bits: 10,
            acc_bits: 27,
            adc: AdcKind::Flash,
            array_latency: 2,
            counter_bits: 10,
            ..tiny.clone()
        },
        // Codes and results of several words.
        AdcSwitchConfig {
            columns: 512,
            adcs: 32,
            adc_bits: 10,
            acc_bits: 32,
            counter_bits: 16,
            ..tiny.clone()
        },
        AdcSwitchConfig {
            switching: false,
            ..tiny
        },
    ];
    for (at, config) in shapes.iter().enumerate() {
        assert_eq!(config.validate(), Ok(()), "shape {at}");
        all_counts(&format!("shape {at}"), config);
    }
}

/// Queries of several activations, one right behind the other, the sink ready now and then.
#[test]
fn streams_of_queries_under_back_pressure() {
    for (name, config) in AdcSwitchConfig::named() {
        let mut rng = SplitMix64::new(13);
        let mut driver = Driver::new(&config, 17);
        let mut expected = Vec::new();
        let mut acts = Vec::new();
        for query in 0..60_u64 {
            let activations: Vec<Rows> = (0..1 + rng.below(3))
                .map(|_| {
                    let count = match rng.below(4) {
                        0 => 0,
                        1 => 1,
                        _ => rng.below(u64::from(config.rows) + 1) as u32,
                    };
                    rows(&config, count, &mut rng)
                })
                .collect();
            expected.push((query & 7, driver.expected(&activations)));
            acts.push((query & 7, activations));
        }
        for (tag, activations) in acts {
            // Never for so long that nothing can be taken.
            *driver.input("res_ready_i") = 1;
            if rng.chance(0.5) {
                *driver.input("res_ready_i") = 0;
                (0..rng.below(200)).for_each(|_| driver.tick());
                *driver.input("res_ready_i") = 1;
            }
            driver.query(tag, &activations);
        }
        driver.drain();
        assert_eq!(driver.answers, expected, "{name}");
        assert_eq!(driver.output("err_o"), 0, "{name}");
    }
}
