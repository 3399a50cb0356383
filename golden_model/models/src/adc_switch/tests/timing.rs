//! The worked timings of the specification (section 11).

use super::super::Rows;
use super::driver::{Act, Driver};
use super::named;

/// The cycles, counted from the transfer of one activation, in which each pin is high.
#[derive(Debug, PartialEq, Eq)]
struct Times {
    lines: Vec<u64>,
    sample: Vec<u64>,
    starts: Vec<u64>,
    steps: Vec<u64>,
    beats: Vec<u64>,
    busy: Vec<u64>,
}

fn times(config: &str, rows: impl IntoIterator<Item = usize>) -> Times {
    let mut driver = Driver::new(&named(config), 1);
    let rows: Rows = rows.into_iter().collect();
    let (tag, last) = (3, true);
    driver.send(Act { rows, tag, last });
    assert_eq!(driver.taken, 0);
    let mut seen = vec![Vec::new(); 6];
    for cycle in 1..80 {
        driver.tick();
        let pins = [
            "wl_o",
            "sample_o",
            "adc_start_o",
            "adc_en_o",
            "res_valid_o",
            "busy_o",
        ];
        for (seen, pin) in seen.iter_mut().zip(pins) {
            if driver.output(pin) != 0 {
                seen.push(cycle);
            }
        }
    }
    let mut seen = seen.into_iter();
    let mut next = || seen.next().unwrap();
    Times {
        lines: next(),
        sample: next(),
        starts: next(),
        steps: next(),
        beats: next(),
        busy: next(),
    }
}

fn range(from: u64, to: u64) -> Vec<u64> {
    (from..=to).collect()
}

#[test]
fn one_row_on_paper64() {
    let expected = Times {
        lines: range(17, 41),
        sample: vec![41],
        starts: range(42, 57),
        steps: range(42, 57),
        beats: vec![48, 52, 56, 60],
        busy: range(1, 60),
    };
    assert_eq!(times("paper64", [5]), expected);
    // Flash: a step is one cycle, whatever the resolution.
    assert_eq!(times("paper64", [1, 5, 9, 33]), expected);
    assert_eq!(times("fixed", [5]), expected);
}

#[test]
fn one_row_on_tiny() {
    let expected = Times {
        lines: range(9, 18),
        sample: vec![18],
        starts: vec![19, 21, 23, 25],
        steps: range(19, 26),
        beats: vec![25, 29],
        busy: range(1, 29),
    };
    assert_eq!(times("tiny", [5]), expected);
}

#[test]
fn three_rows_on_tiny() {
    let expected = Times {
        lines: range(9, 18),
        sample: vec![18],
        starts: vec![19, 23, 27, 31],
        steps: range(19, 34),
        beats: vec![29, 37],
        busy: range(1, 37),
    };
    assert_eq!(times("tiny", [0, 5, 15]), expected);
}

#[test]
fn an_empty_query() {
    let none = Vec::new;
    let expected = |beats: u64| Times {
        lines: none(),
        sample: none(),
        starts: none(),
        steps: none(),
        beats: range(4, 3 + beats),
        busy: range(1, 3 + beats),
    };
    assert_eq!(times("paper64", []), expected(4));
    assert_eq!(times("tiny", []), expected(2));
}

/// One access follows another after max(A, M * d) cycles.
#[test]
fn accesses_follow_each_other() {
    for (config, count, period) in [
        ("paper64", 1, 25),
        ("isaac128", 1, 100),
        ("isaac128", 21, 100),
        ("isaac128", 22, 112),
        ("isaac128", 85, 128),
        ("tiny", 1, 10),
        ("tiny", 2, 12),
        ("tiny", 5, 16),
    ] {
        let mut driver = Driver::new(&named(config), 1);
        let mut samples = Vec::new();
        for at in 0..12 {
            let (rows, last) = ((0..count).collect(), at == 11);
            let from = driver.cycle;
            driver.send(Act { rows, tag: 1, last });
            samples.push(driver.cycle - from);
        }
        // Once the pipeline is full, an activation is taken for each access.
        assert!(
            samples[6..].iter().all(|&took| took == period),
            "{config} {count}: {samples:?}"
        );
    }
}
