//! Issue: when an operation starts, and what it computes.
//!
//! The hazard rules make every read of the reduction buffer see all writes of earlier operations
//! and none of later ones. So the model computes a whole slice in the cycle of issue; only the
//! beats' times are kept, as bits of a shift register.

use super::arith;
use super::banks::{Banks, Cycles};
use super::op::{Aside, Kind, Leaving, Op, OpQueue};
use super::output::OutputBuffer;
use super::shape::Shape;
use super::status::{Counter, Status};
use super::vectors::VectorBuffer;
use blocks::pe::Element;

/// Executor cycles from a PASS's read of a beat to its write.
const FILL_DELAY: u32 = 2;

/// What becomes of the operation in the issue register in one cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Issues, or a PASS moves to the side register.
    Leave,
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

    /// A cycle: issues what can issue. Returns which registers' operations leave.
    #[inline]
    pub fn run(
        &mut self,
        ops: &OpQueue,
        lr: u32,
        vectors: &mut VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) -> Leaving {
        let (head, aside) = (ops.at_issue(), ops.aside());
        // The PASS that issues unless the main executor's operation does.
        let at_hand = head.filter(|op| op.kind == Kind::Pass && vectors.usable());
        let considered = aside.copied().or(at_hand.map(|&op| Aside {
            op,
            first: vectors.at_hand(),
        }));
        let pass = considered.filter(|pass| {
            let credit = !pass.op.emits() || output.has_credit();
            credit && self.now >= self.side && self.fits(&pass.op, pass.first, vectors)
        });
        let verdict = match head {
            None => Verdict::Stall(Counter::StallEmpty),
            Some(op) if op.kind != Kind::Rd && !vectors.usable() => {
                Verdict::Stall(Counter::StallVector)
            }
            Some(op) => match op.kind {
                Kind::End => Verdict::Leave,
                Kind::Pass if aside.is_none() || pass.is_some() => Verdict::Leave,
                Kind::Pass => Verdict::Stall(Counter::StallIssue),
                _ => self.judge(op, aside.map(|pass| &pass.op), vectors, output),
            },
        };
        if let Verdict::Stall(cause) = verdict {
            status.count(cause, 1);
        }
        let leaves = verdict == Verdict::Leave;
        let main = head.filter(|op| leaves && op.main());
        if let Some(op) = main {
            self.issue(op, vectors.at_hand(), lr, vectors, output, status);
        } else if let Some(pass) = pass {
            self.issue(&pass.op, pass.first, lr, vectors, output, status);
        }
        Leaving {
            issue: leaves,
            pass: main.is_none() && pass.is_some(),
        }
    }

    /// The rising edge, in every state.
    #[inline]
    pub fn step(&mut self) {
        self.banks.step();
        self.now += 1;
    }

    /// Whether `op`, an operation of the main executor whose vector is there, can issue in this
    /// cycle. `aside` is the PASS in the side register.
    #[inline]
    fn judge(
        &self,
        op: &Op,
        aside: Option<&Op>,
        vectors: &VectorBuffer,
        output: &OutputBuffer,
    ) -> Verdict {
        if op.emits() && !output.has_credit() {
            return Verdict::Stall(Counter::StallCredit);
        }
        if self.now < self.main {
            return Verdict::Wait;
        }
        let behind = aside.is_some_and(|pass| op.behind(pass));
        if !behind && self.fits(op, vectors.at_hand(), vectors) {
            Verdict::Leave
        } else {
            Verdict::Stall(Counter::StallIssue)
        }
    }

    /// `op` for the vector `first` meets no other operation's emission, accesses or hazard.
    #[inline]
    fn fits(&self, op: &Op, first: u32, vectors: &VectorBuffer) -> bool {
        let port_free = !op.emits() || self.now - self.emitted >= u64::from(self.beats);
        let vector_free = op.kind == Kind::Rd || vectors.readable(first);
        port_free && vector_free && self.slots_free(op)
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

    /// Starts `op` for the vector `first` and computes its result.
    #[inline]
    fn issue(
        &mut self,
        op: &Op,
        first: u32,
        lr: u32,
        vectors: &mut VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) {
        let last_beat = self.now + u64::from(self.beats);
        if op.kind == Kind::Pass {
            self.side = last_beat;
        } else {
            self.main = last_beat;
        }
        if op.kind != Kind::Rd {
            vectors.read(first);
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
        self.compute(op, first, lr, vectors, output, status);
    }

    /// Computes the result of `op`, which issues in this cycle for the vector `first`.
    #[inline]
    fn compute(
        &mut self,
        op: &Op,
        first: u32,
        lr: u32,
        vectors: &VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) {
        let vector = vectors.vector(first);
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
