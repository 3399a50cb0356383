//! When operations issue.

use super::super::issue::Issue;
use super::super::op::{Kind, Leaving, Op, OpQueue};
use super::super::output::OutputBuffer;
use super::super::shape::Shape;
use super::super::status::{Counter, Status};
use super::super::vectors::VectorBuffer;
use super::named;

/// Cycles in which each of `ops` issues on `tiny` (D = 5) with slices of `beats` beats and two
/// vectors in the buffer, the first in the issue register in cycle 0; the first cycle that finds
/// the issue stage drained; the cycles in which an operation is stalled there.
fn run(beats: u32, ops: &[Op]) -> (Vec<u64>, u64, u32) {
    let mut config = named("tiny");
    config.slice_bytes = 4 * beats;
    let shape = Shape::new(&config);
    let mut issue = Issue::new(&shape);
    let mut vectors = VectorBuffer::new(&shape);
    let mut output = OutputBuffer::new(&shape);
    let mut status = Status::default();
    for beat in 0..2 * beats {
        vectors.accept(0, &[beat.into()]);
    }
    let mut queue = OpQueue::new(8);
    let none = Leaving {
        issue: false,
        pass: false,
    };
    for (row, op) in (0..).zip(ops) {
        queue.step(none, 0, Some(Op { row, ..*op }));
    }
    queue.step(none, 0, None);
    let (mut issued, mut cycle) = (vec![0; ops.len()], 0);
    while !queue.is_empty() || !issue.drained() {
        let leaving = issue.run(&queue, 0, &mut vectors, &mut output, &mut status);
        let head = queue.at_issue().filter(|_| leaving.issue).copied();
        let pass = queue.aside().map(|pass| pass.op).or(head);
        let pass = pass.filter(|_| leaving.pass);
        for op in head.filter(|op| op.kind != Kind::Pass).iter().chain(&pass) {
            issued[op.row as usize] = cycle;
        }
        queue.step(leaving, vectors.at_hand(), None);
        vectors.step(head.is_some_and(|op| op.kind == Kind::End));
        issue.step();
        output.step(false);
        cycle += 1;
    }
    status.take();
    (issued, cycle, status.counter(Counter::StallIssue as u64))
}

fn cycles(beats: u32, ops: &[Op]) -> Vec<u64> {
    run(beats, ops).0
}

fn op(kind: Kind, wr: bool, p: u32, d: u32) -> Op {
    Op {
        kind,
        wr,
        p,
        d,
        emit: u32::from(kind == Kind::Rd),
        ..Op::default()
    }
}

#[test]
fn a_copy_can_be_read_three_cycles_later() {
    for beats in [1, 2] {
        let ops = [op(Kind::Pass, true, 0, 2), op(Kind::Rd, false, 2, 0)];
        assert_eq!(cycles(beats, &ops), [0, 3], "{beats}");
    }
}

#[test]
fn a_copy_waits_for_a_sum_on_its_way_to_the_slot() {
    let ops = [op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2)];
    assert_eq!(cycles(1, &ops), [0, 6]);
}

#[test]
fn additions_pass_a_waiting_copy() {
    let (sum, copy) = (op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2));
    let other = op(Kind::Add, true, 1, 3);
    assert_eq!(cycles(1, &[sum, copy, other]), [0, 6, 2]);
    // They go first where both could issue, in cycle 6 here; END goes with a copy.
    let all = [sum, copy, other, other, other, other, other];
    assert_eq!(cycles(1, &all), [0, 7, 2, 3, 4, 5, 6]);
    let all = [sum, copy, other, other, other, other, Op::default()];
    assert_eq!(cycles(1, &all), [0, 6, 2, 3, 4, 5, 6]);
}

#[test]
fn what_needs_the_slot_of_a_waiting_copy_stays_behind() {
    let (sum, copy) = (op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2));
    for (kind, wr, p, d, at) in [
        (Kind::Add, true, 2, 4, 9),
        (Kind::Rd, false, 2, 0, 9),
        (Kind::Upd, false, 2, 0, 9),
        (Kind::Add, true, 4, 2, 7),
        (Kind::Add, false, 4, 2, 2),
    ] {
        let next = op(kind, wr, p, d);
        assert_eq!(cycles(1, &[sum, copy, next]), [0, 6, at], "{next:?}");
    }
}

#[test]
fn the_next_visit_passes_a_waiting_copy() {
    let (sum, copy) = (op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2));
    let next = op(Kind::Add, true, 1, 3);
    assert_eq!(cycles(1, &[sum, copy, Op::default(), next]), [0, 6, 2, 3]);
}

#[test]
fn a_copy_waits_for_the_side_register() {
    let (sum, copy) = (op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2));
    let other = op(Kind::Pass, true, 0, 4);
    let (issued, _, stalled) = run(1, &[sum, copy, other]);
    // The second enters in cycle 6, in which the first issues.
    assert_eq!((issued, stalled), (vec![0, 6, 7], 4));
}

#[test]
fn executors_share_the_vector_banks() {
    let sum = op(Kind::Add, true, 0, 2);
    let copy = op(Kind::Pass, false, 0, 0);
    assert_eq!(cycles(4, &[sum, copy]), [0, 1]);
    // A cycle later they would meet.
    assert_eq!(cycles(4, &[sum, Op::default(), copy]), [0, 1, 3]);
}

#[test]
fn a_run_lasts_until_no_hazard_is_left() {
    let copy = op(Kind::Pass, true, 0, 2);
    assert_eq!(run(1, &[copy]).1, 3);
    assert_eq!(run(4, &[copy]).1, 5);
    assert_eq!(run(1, &[op(Kind::Add, true, 0, 2)]).1, 6);
}
