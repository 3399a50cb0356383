//! Abort, clear and reset in mid-flight.

use super::super::status::Counter;
use super::driver::{Driver, Row, single};
use super::reference::{Table, expected};
use super::{named, random_rows, shapes};
use contract::Clocked;
use contract::SplitMix64;

/// Whatever was in progress, afterwards all results are right and no bag is open.
#[test]
fn results_after_abort_and_clear() {
    for config in shapes().into_iter().chain([named("paper")]) {
        let tables = [Table::random(&config, 1)];
        let mut driver = Driver::loaded(&config, &tables);
        let mut rng = SplitMix64::new(41);
        for round in 0..12 {
            for row in random_rows(&config, 1, 5, &mut rng) {
                driver.send(row);
            }
            if config.pooling {
                // Rows that leave their bags open.
                let last = false;
                driver.send(Row {
                    last,
                    ..single(1, 0)
                });
            }
            driver.ticks(rng.below(80));
            driver.pulse(["abort_i", "clear_i"][round % 2]);
            assert_eq!(driver.output("busy_o"), 0);
            assert_eq!(driver.output("res_valid_o"), 0);
            assert_eq!(driver.output("tables_o"), 1);
            driver.answers.clear();
            let rows = random_rows(&config, 1, 10, &mut rng);
            assert!(driver.run(&rows, &[], 2) == expected(&tables, &rows));
        }
    }
}

#[test]
fn abort_keeps_what_clear_does_not() {
    let config = named("tiny");
    let mut driver = Driver::loaded(&config, &[Table::random(&config, 1)]);
    driver.answers(&[single(99, 0), single(1, 0)]);
    driver.pulse("abort_i");
    assert_eq!(driver.output("err_o"), 2);
    assert_eq!(driver.count(Counter::Results), 2);
    assert_eq!(driver.count(Counter::Lines), 26);
    driver.pulse("clear_i");
    assert_eq!(driver.output("err_o"), 0);
    assert!((0..16).all(|select| driver.counter(select) == 0));
    assert_eq!(driver.output("tables_o"), 1);
    driver.model.reset();
    driver.settle();
    assert_eq!(driver.output("tables_o"), 0);
}

/// A load in progress is aborted.
#[test]
fn abort_in_a_load() {
    let config = named("tiny");
    let table = Table::random(&config, 1);
    let beats = table.beats(0);
    for at in 1..beats.len() {
        let mut driver = Driver::new(&config);
        driver.load(&beats[..at]);
        driver.pulse("abort_i");
        driver.load(&beats[at..]);
        driver.drain();
        let seen = (driver.output("tables_o"), driver.output("err_o"));
        assert_eq!(seen, (0, 4), "{at}");
        driver.load(&beats);
        driver.drain();
        assert_eq!(driver.output("tables_o"), 1);
    }
}

/// The transfers of a cycle with abort are lost.
#[test]
fn transfers_of_the_same_cycle() {
    let config = named("tiny");
    let table = Table::random(&config, 1);
    let beats = table.beats(0);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    // A start beat makes nothing unusable; a bad row is no error.
    driver.offer_beat(&beats[0]);
    driver.offer_row(single(99, 0));
    driver.pulse("abort_i");
    *driver.input("load_valid_i") = 0;
    *driver.input("row_valid_i") = 0;
    driver.settle();
    let seen = ["tables_o", "busy_o", "err_o"].map(|pin| driver.output(pin));
    assert_eq!(seen, [1, 0, 0]);
    // The final line makes nothing usable in the cycle in which it would.
    driver.load(&beats);
    driver.pulse("abort_i");
    driver.drain();
    assert_eq!(driver.output("tables_o"), 0);
}
