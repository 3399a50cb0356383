//! Rows that cannot be served.

use super::super::status::Counter;
use super::driver::{Driver, Row, single};
use super::reference::{Table, expected};
use super::{named, random_rows, shapes};
use contract::SplitMix64;

const NOT_LOADED: u64 = 1;
const ROW_RANGE: u64 = 2;

#[test]
fn not_loaded() {
    for config in shapes() {
        let tables = [Table::random(&config, 1)];
        let mut driver = Driver::loaded(&config, &tables);
        let rows = [
            single(3, 0),
            Row {
                table: 1,
                ..single(3, 1)
            },
            single(4, 0),
        ];
        let answers = driver.answers(&rows);
        assert!(answers == expected(&tables, &rows));
        assert_eq!(answers[1].sums, None);
        assert_eq!(driver.output("err_o"), NOT_LOADED);
        assert_eq!(driver.count(Counter::Rows), 2);
        assert_eq!(driver.count(Counter::BadRows), 1);
        assert_eq!(driver.count(Counter::Results), 3);
    }
}

#[test]
fn out_of_range() {
    for config in shapes() {
        let mut table = Table::random(&config, 1);
        table.rows = 7;
        let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
        let top = (1 << config.id_bits()) - 1;
        let rows: Vec<_> = [6, 7, top, 0].map(|id| single(id, 1)).into();
        let answers = driver.answers(&rows);
        assert!(answers == expected(&[table], &rows));
        assert!(answers[1].sums.is_none() && answers[2].sums.is_none());
        assert_eq!(driver.output("err_o"), ROW_RANGE);
    }
}

/// A bad row anywhere in a bag flags its result, and nothing else; the bag's next use is clean.
#[test]
fn bad_rows_poison_their_bag_alone() {
    for name in ["tiny", "lean", "deep"] {
        let config = named(name);
        let mut table = Table::random(&config, 1);
        table.rows = config.row_space() - 3;
        let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
        let mut rng = SplitMix64::new(31);
        let mut rows = random_rows(&config, 1, 200, &mut rng);
        for row in &mut rows {
            if rng.chance(0.1) {
                row.id = table.rows + rng.below(3);
            }
        }
        let answers = driver.run(&rows, &[], 3);
        assert!(answers == expected(&[table], &rows), "{name}");
        let flagged = answers.iter().filter(|a| a.sums.is_none()).count();
        assert!(flagged > 3 && flagged < answers.len() - 3);
        assert_eq!(driver.output("err_o"), ROW_RANGE);
    }
}

/// No input frame whatever makes the model panic.
#[test]
fn any_input_frame() {
    for config in shapes() {
        let table = Table::random(&config, 1);
        let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
        let mut rng = SplitMix64::new(37);
        for _ in 0..3000 {
            for word in &mut driver.inputs {
                *word = rng.next_u64() >> rng.below(64);
            }
            *driver.input("abort_i") = u64::from(rng.below(200) == 0);
            *driver.input("clear_i") = 0;
            contract::Clocked::eval(&driver.model, &driver.inputs, &mut driver.outputs);
            contract::Clocked::clock(&mut driver.model, &driver.inputs);
        }
    }
}
