//! The check of section 12, and how many cycles long batches take.

use super::driver::{Driver, single};
use super::named;
use super::reference::Table;

#[test]
fn two_rows_on_paper() {
    let config = named("paper");
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, &[table]);
    // Abort puts `phase_q` to 0 and keeps the table.
    driver.pulse("abort_i");
    driver.cycle = 0;
    let mut busy = Vec::new();
    let rows = [single(1000, 3), single(1001, 4)];
    for cycle in 0..120 {
        match rows.get(cycle) {
            Some(&row) => driver.offer_row(row),
            None => *driver.input("row_valid_i") = 0,
        }
        driver.tick();
        if driver.output("busy_o") == 1 {
            busy.push(cycle as u64);
        }
    }
    // The second row's steps are in 64 to 79, 16 cycles after the first one's.
    assert_eq!(driver.beats, (68..=99).collect::<Vec<_>>());
    assert_eq!(busy, (1..=99).collect::<Vec<_>>());
    assert_eq!(driver.counter(9), 1);
    assert_eq!(driver.counter(10), 2);
    assert_eq!(driver.counter(12), 1);
}

#[test]
fn one_row_on_paper() {
    let config = named("paper");
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, &[table]);
    driver.pulse("abort_i");
    driver.cycle = 0;
    driver.offer_row(single(0, 0));
    let mut busy = Vec::new();
    for cycle in 0..120 {
        driver.tick();
        *driver.input("row_valid_i") = 0;
        if driver.output("busy_o") == 1 {
            busy.push(cycle);
        }
    }
    assert_eq!(driver.beats, (68..=83).collect::<Vec<_>>());
    assert_eq!(busy, (1..=83).collect::<Vec<_>>());
}

/// Least beats between results, in steady state, of sorted rows of which `reuse` share each prefix.
fn cycles_per_row(name: &str, reuse: u64) -> f64 {
    let config = named(name);
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, &[table]);
    let (warm, rows) = (200, 4000);
    let rows: Vec<_> = (0..rows)
        .map(|at| single(at / reuse * 250 + at % reuse, at % 64))
        .collect();
    let answers = driver.run(&rows, &[], 1);
    assert_eq!(answers.len(), rows.len());
    assert_eq!(driver.counter(9), rows.len() as u64 / reuse);
    let beats = config.beats() as usize;
    let (first, last) = (driver.beats[warm * beats], driver.beats.last().unwrap() + 1);
    (last - first) as f64 / (rows.len() - warm) as f64
}

/// The last stage is never idle: 16 cycles per row (8 in `fast`), at most a hundredth more.
#[test]
fn long_batches() {
    for (name, reuse, least) in [
        ("paper", 1, 16.0),
        ("int8", 1, 16.0),
        ("lean", 4, 16.0),
        ("fast", 2, 8.0),
        ("fp32", 1, 16.0),
        ("fast", 1, 16.0),
        ("lean", 1, 64.0),
    ] {
        let cycles = cycles_per_row(name, reuse);
        assert!(cycles / least <= 1.01, "{name}: {cycles} cycles a row");
        assert!(cycles / least >= 0.99, "{name}: {cycles} cycles a row");
    }
}
