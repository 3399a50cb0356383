//! Misuse, abort and clear.

use super::super::Rows;
use super::driver::{Act, Driver};
use super::named;
use contract::Clocked;

fn act(rows: impl IntoIterator<Item = usize>, tag: u64, last: bool) -> Act {
    let rows = rows.into_iter().collect();
    Act { rows, tag, last }
}

/// After a halt: everything is taken and dropped, the complete queries come out, the bad one stays.
fn halted(driver: &mut Driver, error: u64, answers: usize) {
    driver.send(act([1], 9, true));
    driver.send(act([2], 9, false));
    (0..500).for_each(|_| driver.tick());
    assert_eq!(driver.output("err_o"), error);
    assert_eq!(driver.answers.len(), answers);
    assert_eq!(driver.output("busy_o"), 1);
    *driver.input("abort_i") = 1;
    driver.tick();
    *driver.input("abort_i") = 0;
    driver.settle();
    assert_eq!(driver.output("busy_o"), 0);
    assert_eq!(driver.output("err_o"), error);
    assert_ne!(driver.counter(0), 0);
    // It works again, with the error still shown.
    let activations: [Rows; 1] = [[3, 4].into_iter().collect()];
    driver.query(9, &activations);
    driver.drain();
    let expected = (9, driver.expected(&activations));
    assert_eq!(driver.answers.last(), Some(&expected));
    *driver.input("clear_i") = 1;
    driver.tick();
    *driver.input("clear_i") = 0;
    driver.settle();
    assert_eq!(driver.output("err_o"), 0);
    assert!((0..16).all(|select| driver.counter(select) == 0));
}

#[test]
fn a_tag_changes_within_a_query() {
    let mut driver = Driver::new(&named("tiny"), 1);
    driver.send(act([0], 1, true));
    driver.send(act([1], 2, false));
    driver.send(act([2], 3, true));
    halted(&mut driver, 1, 1);
}

#[test]
fn a_tag_is_in_flight() {
    let mut driver = Driver::new(&named("tiny"), 1);
    driver.send(act([0], 1, true));
    driver.send(act([1], 2, false));
    driver.send(act([1], 2, true));
    driver.send(act([2], 1, true));
    // Both earlier queries are complete; nothing of the wrong one is in flight.
    (0..500).for_each(|_| driver.tick());
    assert_eq!(driver.answers.len(), 2);
    assert_eq!(driver.output("err_o"), 2);
    assert_eq!(driver.output("busy_o"), 0);
    driver.send(act([2], 1, true));
    (0..100).for_each(|_| driver.tick());
    assert_eq!(driver.output("busy_o"), 0, "a halted controller drops");
}

#[test]
fn a_query_overflows() {
    let mut driver = Driver::new(&named("tiny"), 1);
    driver.send(act([0], 7, true));
    // 64 rows are the most; 16 rows are 4 accesses.
    (0..4).for_each(|_| driver.send(act(0..16, 1, false)));
    driver.send(act([], 1, false));
    driver.send(act([2], 1, true));
    halted(&mut driver, 4, 1);
}

#[test]
fn as_many_rows_as_fit() {
    let mut driver = Driver::new(&named("tiny"), 1);
    let all: Rows = (0..16).collect();
    driver.query(1, &[all; 4]);
    driver.drain();
    let expected = (1, driver.expected(&[all; 4]));
    assert_eq!(driver.answers, [expected]);
    assert_eq!(driver.output("err_o"), 0);
}

#[test]
fn codes_out_of_range_are_told_and_do_not_halt() {
    let mut driver = Driver::new(&named("tiny"), 1);
    driver.send(act([0], 1, true));
    let codes = driver.model.layout().word("adc_code_i");
    for _ in 0..100 {
        driver.settle();
        driver.inputs[codes] = 0xf0;
        driver.model.eval(&driver.inputs, &mut driver.outputs);
        driver.model.clock(&driver.inputs);
    }
    driver.settle();
    assert_eq!(driver.output("err_o"), 8);
    assert_eq!(driver.output("busy_o"), 0);
}

#[test]
fn activations_are_counted_by_kind() {
    let mut driver = Driver::new(&named("tiny"), 1);
    // Empty, one row, two, and 6 rows of which 5 go in one access and 1 in the next.
    let of = |rows: &[usize]| rows.iter().copied().collect::<Rows>();
    driver.query(
        1,
        &[of(&[]), of(&[3]), of(&[1, 2]), of(&[0, 1, 2, 3, 4, 5])],
    );
    driver.query(2, &[of(&[])]);
    driver.drain();
    assert_eq!(
        [1, 2, 3, 4].map(|select| driver.counter(select)),
        [2, 1, 2, 4]
    );
    // Resolutions 2, 3, 4, 2.
    assert_eq!(driver.counter(5), 11);
    assert_eq!(
        [6, 7, 8, 9].map(|select| driver.counter(select)),
        [2, 1, 1, 0]
    );
}

/// A fifth query waits for the first result.
#[test]
fn four_queries_are_in_flight() {
    let mut driver = Driver::new(&named("tiny"), 1);
    *driver.input("res_ready_i") = 0;
    (0..4).for_each(|tag| driver.send(act([tag as usize], tag, true)));
    (0..200).for_each(|_| driver.tick());
    assert_eq!(driver.output("act_ready_o"), 0);
    *driver.input("res_ready_i") = 1;
    driver.drain();
    assert_eq!(driver.answers.len(), 4);
}
