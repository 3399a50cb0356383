//! Which products are computed, and which are reused.

use super::driver::{Driver, Row, single};
use super::named;
use super::reference::{Table, expected};
use contract::SplitMix64;

/// Distinct numbers among the rows' ids divided by this.
fn distinct(rows: &[Row], by: u64) -> u64 {
    let mut all: Vec<_> = rows.iter().map(|row| row.id / by).collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}

fn shuffled(rows: &[Row], rng: &mut SplitMix64) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for at in (1..rows.len()).rev() {
        rows.swap(at, rng.below(at as u64 + 1) as usize);
    }
    rows
}

#[test]
fn sorted_rows_compute_each_prefix_once() {
    let config = named("paper");
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    let mut rng = SplitMix64::new(1);
    let mut ids: Vec<_> = (0..300).map(|_| rng.below(250 * 60)).collect();
    ids.sort_unstable();
    let rows: Vec<_> = ids.into_iter().map(|id| single(id, 0)).collect();
    let prefixes = distinct(&rows, 250);
    let tables = std::slice::from_ref(&table);
    assert!(driver.answers(&rows) == expected(tables, &rows));
    assert_eq!(driver.counter(9), prefixes);
    assert_eq!(driver.counter(10), 300);
    assert_eq!(driver.counter(12), 300 - prefixes);
    driver.pulse("clear_i");
    let rows = shuffled(&rows, &mut rng);
    assert!(driver.answers(&rows) == expected(tables, &rows));
    assert!(driver.counter(9) > prefixes * 3 / 2);
    assert_eq!(driver.counter(9) + driver.counter(12), 300);
}

#[test]
fn four_cores_reuse_at_both_boundaries() {
    let config = named("deep");
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    let mut rng = SplitMix64::new(2);
    let mut ids: Vec<_> = (0..300).map(|_| rng.below(60 * 60 * 20)).collect();
    ids.sort_unstable();
    let rows: Vec<_> = ids.into_iter().map(|id| single(id, 0)).collect();
    assert!(driver.answers(&rows) == expected(&[table], &rows));
    let (short, long) = (distinct(&rows, 3600), distinct(&rows, 60));
    let counts: Vec<_> = [9, 10, 11, 12, 13].map(|at| driver.counter(at)).into();
    assert_eq!(counts, [short, long, 300, long - short, 300 - long]);
}

/// A prefix that stays within E entries is found again however it is mixed with others.
#[test]
fn entries_are_found_in_any_order() {
    let config = named("paper");
    let table = Table::random(&config, 1);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    let mut rng = SplitMix64::new(3);
    let rows: Vec<_> = (0..200)
        .map(|_| single(rng.below(4) * 250 + rng.below(250), rng.below(64)))
        .collect();
    assert!(driver.answers(&rows) == expected(&[table], &rows));
    assert_eq!(driver.counter(9), 4);
}

/// The same digits in two tables are two prefixes.
#[test]
fn prefixes_belong_to_their_table() {
    let config = named("tiny");
    let tables = [Table::random(&config, 1), Table::random(&config, 2)];
    let mut driver = Driver::loaded(&config, &tables);
    let rows = [0, 1, 0, 1].map(|table| Row {
        table,
        ..single(5, 0)
    });
    let answers = driver.answers(&rows);
    assert!(answers == expected(&tables, &rows));
    assert_ne!(answers[0], answers[1]);
    assert_eq!((driver.counter(9), driver.counter(12)), (2, 2));
}
