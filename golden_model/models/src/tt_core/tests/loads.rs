//! Loading: what becomes usable, what does not, and beside which rows.

use super::super::status::Counter;
use super::driver::{Beat, Driver, Row, beat, single, start};
use super::reference::{Table, expected};
use super::{named, random_rows, shapes};
use contract::SplitMix64;

/// Bits of `err_o`.
const NOT_LOADED: u64 = 1;
const LOAD: u64 = 4;
const NONFINITE: u64 = 8;

/// A driver of `tiny`, and the load of one of its tables.
fn tiny() -> (Driver, Table, Vec<Beat>) {
    let config = named("tiny");
    let table = Table::random(&config, 4);
    let beats = table.beats(0);
    (Driver::new(&config), table, beats)
}

/// What `tables_o` and `err_o` are after these beats.
fn outcome(beats: &[Beat]) -> (u64, u64) {
    let (mut driver, ..) = tiny();
    driver.load(beats);
    driver.drain();
    (driver.output("tables_o"), driver.output("err_o"))
}

#[test]
fn whole_and_right() {
    let (_, _, beats) = tiny();
    // Cores of 3 * 2, 3 * 4 and 4 * 2 lines.
    assert_eq!(beats.len(), 1 + 6 + 12 + 8);
    assert_eq!(outcome(&beats), (1, 0));
    let (mut driver, ..) = tiny();
    driver.load(&beats);
    driver.drain();
    assert_eq!(driver.count(Counter::Lines), 26);
}

#[test]
fn short_long_and_out_of_order() {
    let (_, _, beats) = tiny();
    let mut short = beats.clone();
    short.remove(5);
    assert_eq!(outcome(&short), (0, LOAD));
    // What is missing comes after `last`: lines without a load, dropped.
    let mut late = short.clone();
    late.push(beats[5].clone());
    assert_eq!(outcome(&late), (0, LOAD));
    let mut long = beats.clone();
    long.insert(5, beats[5].clone());
    assert_eq!(outcome(&long), (0, LOAD));
    let mut early = beats.clone();
    early[26].last = false;
    early[25].last = true;
    assert_eq!(outcome(&early), (0, LOAD));
    // A load that another one cuts off; that one counts.
    let twice: Vec<_> = beats[..9].iter().chain(&beats).cloned().collect();
    assert_eq!(outcome(&twice), (1, LOAD));
    // A line before any load, then a load.
    let line: Vec<_> = beats[1..2].iter().chain(&beats).cloned().collect();
    assert_eq!(outcome(&line), (1, LOAD));
}

#[test]
fn wrong_numbers_of_rows() {
    let (driver, table, beats) = tiny();
    for (rows, usable, errors) in [
        (0, 0, LOAD),
        (1, 1, 0),
        (36, 1, 0),
        (37, 0, LOAD),
        (u64::from(u32::MAX), 0, LOAD),
    ] {
        let mut beats = beats.clone();
        beats[0] = start(&driver.config, 0, rows, &table.scales);
        assert_eq!(outcome(&beats), (usable, errors), "{rows} rows");
    }
}

#[test]
fn a_table_that_there_is_not() {
    let mut config = named("tiny");
    config.tables = 1;
    let table = Table::random(&config, 4);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    driver.load(&table.beats(1));
    driver.drain();
    assert_eq!(
        (driver.output("tables_o"), driver.output("err_o")),
        (1, LOAD)
    );
    // Nothing was written.
    let rows: Vec<_> = (0..36).map(|id| single(id, 0)).collect();
    assert!(driver.answers(&rows) == expected(&[table], &rows));
    let nowhere = Row {
        table: 1,
        ..single(0, 0)
    };
    assert_eq!(driver.answers(&[nowhere])[0].sums, None);
    assert_eq!(driver.output("err_o"), LOAD | NOT_LOADED);
}

#[test]
fn words_that_are_not_finite() {
    for config in shapes().into_iter().filter(|c| c.element.is_float()) {
        let table = Table::random(&config, 4);
        let shift = config.element.bits() - 16;
        for (line, word) in [(1, 0x7f80), (7, 0xff80), (9, 0x7f81), (12, 0xffff)] {
            let mut beats = table.beats(0);
            let mut words = vec![0; 2];
            words[1] = word << shift;
            let last = beats[line].last;
            beats[line] = Beat {
                last,
                ..beat(&config, &words)
            };
            let mut driver = Driver::new(&config);
            driver.load(&beats);
            driver.drain();
            let seen = (driver.output("tables_o"), driver.output("err_o"));
            assert_eq!(seen, (0, NONFINITE), "{word:x}");
            // The next load is none the worse.
            driver.load(&table.beats(0));
            driver.drain();
            assert_eq!(driver.output("tables_o"), 1);
        }
    }
}

/// Bits above a line's words are ignored.
#[test]
fn bits_above_the_words() {
    let config = named("tiny");
    let table = Table::random(&config, 4);
    let mut beats = table.beats(0);
    for line in &mut beats[1..] {
        line.data[0] |= 0xaa_aaaa_aaaa << 16;
    }
    let mut driver = Driver::new(&config);
    driver.load(&beats);
    driver.drain();
    let rows: Vec<_> = (0..36).map(|id| single(id, 0)).collect();
    assert!(driver.answers(&rows) == expected(&[table], &rows));
}

/// A table is loaded while rows of the other one keep the stages busy: both make progress.
#[test]
fn load_beside_rows_of_another_table() {
    let named = ["int8", "deep", "tiny"].map(named);
    for config in named.into_iter().chain(shapes()) {
        let mut tables = vec![Table::random(&config, 1), Table::random(&config, 2)];
        let mut driver = Driver::loaded(&config, &tables);
        driver.pulse("clear_i");
        let fresh = Table::random(&config, 3);
        let mut beats = fresh.beats(1);
        let lines = beats.len() as u64;
        beats.truncate(3000);
        let mut rng = SplitMix64::new(23);
        let rows = random_rows(&config, 1, 400, &mut rng);
        assert!(driver.run(&rows, &beats, 1) == expected(&tables, &rows));
        driver.load(&fresh.beats(1)[beats.len()..]);
        driver.drain();
        assert_eq!(driver.output("err_o"), 0);
        assert_eq!(driver.output("tables_o") & 2, 2);
        let mask = (1 << config.counter_bits) - 1;
        assert_eq!(driver.count(Counter::Lines), (lines - 1) & mask);
        tables[1] = fresh;
        let rows = random_rows(&config, 2, 60, &mut rng);
        assert!(driver.run(&rows, &[], 1) == expected(&tables, &rows));
    }
}

/// Rows in flight are served from the old table; the start beat waits for them.
#[test]
fn reload_with_rows_in_flight() {
    for config in shapes() {
        let (old, new) = (Table::random(&config, 1), Table::random(&config, 2));
        let mut driver = Driver::loaded(&config, std::slice::from_ref(&old));
        let mut rng = SplitMix64::new(29);
        let before = random_rows(&config, 1, 4, &mut rng);
        for &row in &before {
            driver.send(row);
        }
        driver.offer_beat(&new.beats(0)[0]);
        driver.tick();
        assert_eq!(driver.output("load_ready_o"), 1);
        *driver.input("load_valid_i") = 0;
        // Too late: the start beat has been taken, though it waits.
        let late = Row {
            bag: before[0].bag,
            ..single(0, 0)
        };
        driver.send(late);
        assert_eq!((driver.output("tables_o"), driver.output("busy_o")), (0, 1));
        driver.load(&new.beats(0)[1..]);
        driver.drain();
        let after = random_rows(&config, 1, 20, &mut rng);
        let answers = driver.answers(&after);
        let mut all = expected(&[old], &before);
        all.push(super::driver::Answer {
            bag: late.bag,
            sums: None,
        });
        all.extend(expected(&[new], &after));
        assert!(answers == all);
        assert_eq!(driver.output("err_o"), NOT_LOADED);
    }
}
