//! Issue: when an operation starts, and what it computes.
//!
//! The hazard rules make every read of the reduction buffer see all writes of earlier operations
//! and none of later ones. So the model computes a whole slice in the cycle of issue; only the
//! beats' times are kept, as bits of a shift register.

use super::arith;
use super::banks::{Banks, Cycles};
use super::op::{Kind, Op};
use super::output::OutputBuffer;
use super::shape::Shape;
use super::status::{Counter, Status};
use super::vectors::VectorBuffer;
use hdl_gen::pe::Element;

/// Executor cycles from a PASS's read of a beat to its write.
const FILL_DELAY: u32 = 2;

/// What becomes of the operation in the issue register in one cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Issue,
    /// Waits, and this is the counter of the cause.
    Stall(Counter),
    /// Waits for its executor.
    Wait,
}

/// Issue stage, executors' times and the reduction buffer.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    element: Element,
    beats: u32,
    add_delay: u32,
    mul_delay: u32,
    /// Cycle number since reset.
    now: u64,
    /// Cycle of each executor's last beat.
    main: u64,
    side: u64,
    /// Accesses to the reduction buffer.
    banks: Banks,
    /// Cycle of the last emitting issue.
    emitted: u64,
    /// First cycle without a hazard: on any slot, and on each.
    settled: u64,
    settled_at: Vec<u64>,
    slice: usize,
    sums: Vec<u32>,
    scratch: Vec<u32>,
}

/// `now` starts late enough for cycle 0 to be out of every rule's reach.
const FIRST_CYCLE: u64 = 64;

impl Issue {
    pub fn new(shape: &Shape) -> Self {
        let slice = shape.slice_lanes();
        Self {
            element: shape.element,
            beats: shape.beats,
            add_delay: shape.add_delay,
            mul_delay: shape.mul_delay,
            now: FIRST_CYCLE,
            main: 0,
            side: 0,
            banks: Banks::new(shape.beats),
            emitted: 0,
            settled: 0,
            settled_at: vec![0; shape.slots as usize],
            slice,
            sums: vec![0; slice * shape.slots as usize],
            scratch: vec![0; slice],
        }
    }

    /// Drops everything in flight.
    pub fn reset(&mut self) {
        // Later than any rule looks back.
        self.now += FIRST_CYCLE;
        self.banks.reset();
    }

    /// Neither executor is active and there is no hazard.
    #[inline]
    pub fn drained(&self) -> bool {
        self.now > self.main && self.now > self.side && self.now >= self.settled
    }

    /// A cycle: issues `head`, the operation in the issue register, if it can. Returns
    /// whether it did.
    #[inline]
    pub fn run(
        &mut self,
        head: Option<&Op>,
        lr: u32,
        vectors: &mut VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) -> bool {
        let verdict = match head {
            Some(op) => self.judge(op, vectors, output),
            None => Verdict::Stall(Counter::StallEmpty),
        };
        match (verdict, head) {
            (Verdict::Stall(cause), _) => status.count(cause, 1),
            (Verdict::Issue, Some(op)) => {
                self.issue(op, lr, vectors, output, status);
            }
            _ => {}
        }
        verdict == Verdict::Issue
    }

    /// The rising edge, in every state.
    #[inline]
    pub fn step(&mut self) {
        self.banks.step();
        self.now += 1;
    }

    /// Whether `op` can issue in this cycle, else which stall counter it is for.
    #[inline]
    fn judge(&self, op: &Op, vectors: &VectorBuffer, output: &OutputBuffer) -> Verdict {
        if op.kind != Kind::Rd && !vectors.usable() {
            return Verdict::Stall(Counter::StallVector);
        }
        if op.kind == Kind::End {
            return Verdict::Issue;
        }
        if op.emits() && !output.has_credit() {
            return Verdict::Stall(Counter::StallCredit);
        }
        let executor = if op.kind == Kind::Pass {
            self.side
        } else {
            self.main
        };
        if self.now < executor {
            return Verdict::Wait;
        }
        let port_free = !op.emits() || self.now - self.emitted >= u64::from(self.beats);
        let vector_free = op.kind == Kind::Rd || vectors.readable();
        if port_free && vector_free && self.slots_free(op) {
            Verdict::Issue
        } else {
            Verdict::Stall(Counter::StallIssue)
        }
    }

    /// The operation's accesses to the reduction buffer meet no other one and no hazard.
    #[inline]
    fn slots_free(&self, op: &Op) -> bool {
        let slot = match op.kind {
            Kind::Pass if !op.wr => return true,
            Kind::Pass => op.d,
            _ => op.p,
        };
        self.now >= self.settled_at[slot as usize] && self.banks.free(self.accesses(op))
    }

    /// All accesses to the reduction buffer of an operation that issues in this cycle.
    #[inline]
    fn accesses(&self, op: &Op) -> Cycles {
        let mut all = [0; 2];
        if op.kind != Kind::Pass {
            all = self.access(op.p, 0);
        }
        if op.wr {
            let [even, odd] = self.access(op.d, self.write_delay(op));
            all = [all[0] | even, all[1] | odd];
        }
        all
    }

    /// An access to `slot`, its first beat in executor cycle `delay`.
    #[inline]
    fn access(&self, slot: u32, delay: u32) -> Cycles {
        let first = if self.beats == 1 { slot } else { 0 };
        self.banks.access(first, 1 + delay)
    }

    /// Executor cycle in which the operation writes its first beat to slot d.
    #[inline]
    fn write_delay(&self, op: &Op) -> u32 {
        if op.kind == Kind::Pass {
            FILL_DELAY
        } else {
            self.add_delay
        }
    }

    /// Starts `op` and computes its result.
    #[inline]
    fn issue(
        &mut self,
        op: &Op,
        lr: u32,
        vectors: &mut VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) {
        if op.kind == Kind::End {
            return;
        }
        let last_beat = self.now + u64::from(self.beats);
        if op.kind == Kind::Pass {
            self.side = last_beat;
        } else {
            self.main = last_beat;
        }
        if op.kind != Kind::Rd {
            vectors.read();
        }
        self.banks.take(self.accesses(op));
        if op.wr {
            let settled = self.now + 1 + u64::from(self.write_delay(op));
            self.settled = self.settled.max(settled);
            self.settled_at[op.d as usize] = settled;
        }
        if op.emits() {
            self.emitted = self.now;
            status.count(Counter::Results, op.emit.count_ones());
        }
        self.compute(op, lr, vectors, output, status);
    }

    /// Computes the result of `op`, which issues in this cycle.
    #[inline]
    fn compute(
        &mut self,
        op: &Op,
        lr: u32,
        vectors: &VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) {
        let vector = vectors.vector();
        let (p, d) = (self.range(op.p), self.range(op.d));
        // First cycle in which a result beat can be pushed.
        let pushed = 1 + self.add_delay;
        match op.kind {
            Kind::End => {}
            Kind::Pass => {
                if op.wr {
                    status.count(Counter::Fills, 1);
                    self.sums[d].copy_from_slice(vector);
                }
                if op.emits() {
                    output.emit_result(pushed, op.row, op.emit, vector);
                }
            }
            Kind::Add => {
                status.count(Counter::AdderBeats, self.beats);
                self.scratch.copy_from_slice(&self.sums[p]);
                arith::accumulate(self.element, vector, &mut self.scratch);
                if op.wr {
                    self.sums[d].copy_from_slice(&self.scratch);
                }
                if op.emits() {
                    output.emit_result(pushed, op.row, op.emit, &self.scratch);
                }
            }
            Kind::Upd => {
                status.count(Counter::Updates, 1);
                self.scratch.copy_from_slice(&self.sums[p]);
                arith::update(self.element, lr, vector, &mut self.scratch);
                output.emit_row(pushed + self.mul_delay, vectors.id(), &self.scratch);
            }
            Kind::Rd => output.emit_result(pushed, op.row, op.emit, &self.sums[p]),
        }
    }

    #[inline]
    fn range(&self, slot: u32) -> std::ops::Range<usize> {
        let first = slot as usize * self.slice;
        first..first + self.slice
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::named;
    use super::*;

    /// Cycles in which `ops` issue one after the other on `tiny` (D = 5) with slices of `beats`
    /// beats and two vectors at hand, and the first cycle that finds the issue stage drained.
    fn cycles(beats: u32, ops: &[Op]) -> (Vec<u64>, u64) {
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
        let (mut issued, mut cycle) = (Vec::new(), 0);
        while issued.len() < ops.len() || !issue.drained() {
            let op = ops.get(issued.len());
            let issues = issue.run(op, 0, &mut vectors, &mut output, &mut status);
            if issues {
                issued.push(cycle);
            }
            vectors.step(issues && op.is_some_and(|op| op.kind == Kind::End));
            issue.step();
            output.step(false);
            cycle += 1;
        }
        (issued, cycle)
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
            assert_eq!(cycles(beats, &ops).0, [0, 3], "{beats}");
        }
    }

    #[test]
    fn a_copy_waits_for_a_sum_on_its_way_to_the_slot() {
        let ops = [op(Kind::Add, true, 0, 2), op(Kind::Pass, true, 0, 2)];
        assert_eq!(cycles(1, &ops).0, [0, 6]);
    }

    #[test]
    fn executors_share_the_vector_banks() {
        let sum = op(Kind::Add, true, 0, 2);
        let copy = op(Kind::Pass, false, 0, 0);
        assert_eq!(cycles(4, &[sum, copy]).0, [0, 1]);
        // In cycle 3 the sum still reads the bank in which the next vector starts.
        assert_eq!(cycles(4, &[sum, Op::default(), copy]).0, [0, 1, 3]);
    }

    #[test]
    fn a_run_lasts_until_no_hazard_is_left() {
        let copy = op(Kind::Pass, true, 0, 2);
        assert_eq!(cycles(1, &[copy]).1, 3);
        assert_eq!(cycles(4, &[copy]).1, 5);
        assert_eq!(cycles(1, &[op(Kind::Add, true, 0, 2)]).1, 6);
    }
}
