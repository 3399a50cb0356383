//! Issue: when an operation starts, and what it computes.
//!
//! The hazard rules make every read of the reduction buffer see all writes of earlier operations
//! and none of later ones. So the model computes a whole slice in the cycle of issue; only the
//! beats' times are kept, as bits of a shift register.

use super::arith;
use super::op::{Kind, Op};
use super::output::OutputBuffer;
use super::shape::Shape;
use super::status::{Counter, Status};
use super::vectors::VectorBuffer;
use hdl_gen::pe::Element;

/// One executor.
#[derive(Clone, Copy, Debug, Default)]
struct Executor {
    /// Cycles that it is still active, this one included.
    left: u32,
}

impl Executor {
    /// Passes a cycle: frees the executor in its last one.
    #[inline]
    fn step(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}

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
    main: Executor,
    side: Executor,
    /// Cycles in which each bank is taken, bit k is k cycles from now.
    reserved: [u64; 2],
    /// Cycles of an access's even and odd beats, bit b is b cycles after its first beat.
    pattern: [u64; 2],
    /// Cycle of the last emitting issue.
    emitted: u64,
    /// Cycle of the last ADD with wr: any, and to each slot.
    added: u64,
    added_to: Vec<u64>,
    slice: usize,
    sums: Vec<u32>,
    scratch: Vec<u32>,
}

/// `now` starts late enough for cycle 0 to be out of every rule's reach.
const FIRST_CYCLE: u64 = 64;

impl Issue {
    pub fn new(shape: &Shape) -> Self {
        let slice = shape.slice_lanes();
        let all = (1_u64 << shape.beats) - 1;
        Self {
            element: shape.element,
            beats: shape.beats,
            add_delay: shape.add_delay,
            mul_delay: shape.mul_delay,
            now: FIRST_CYCLE,
            main: Executor::default(),
            side: Executor::default(),
            reserved: [0; 2],
            pattern: [all & 0x5555, all & 0xaaaa],
            emitted: 0,
            added: 0,
            added_to: vec![0; shape.slots as usize],
            slice,
            sums: vec![0; slice * shape.slots as usize],
            scratch: vec![0; slice],
        }
    }

    /// Drops everything in flight.
    pub fn reset(&mut self) {
        // Later than any rule looks back.
        self.now += FIRST_CYCLE;
        (self.main, self.side) = (Executor::default(), Executor::default());
        self.reserved = [0; 2];
    }

    /// Neither executor is active and no sum is still to be written.
    #[inline]
    pub fn drained(&self) -> bool {
        self.main.left == 0
            && self.side.left == 0
            && self.now - self.added > u64::from(self.add_delay)
    }

    /// A cycle: issues `head`, the operation in the issue register, if it can. Returns
    /// whether it did.
    #[inline]
    pub fn run(
        &mut self,
        head: Option<&Op>,
        lr: u32,
        vectors: &VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) -> bool {
        self.main.step();
        self.side.step();
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
        self.reserved[0] >>= 1;
        self.reserved[1] >>= 1;
        self.now += 1;
        verdict == Verdict::Issue
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
        if executor.left > 0 {
            return Verdict::Wait;
        }
        let port_free = !op.emits() || self.now - self.emitted >= u64::from(self.beats);
        if port_free && self.slots_free(op) {
            Verdict::Issue
        } else {
            Verdict::Stall(Counter::StallIssue)
        }
    }

    /// The operation's accesses to the reduction buffer meet no other one and no hazard.
    #[inline]
    fn slots_free(&self, op: &Op) -> bool {
        let first = match op.kind {
            Kind::Pass if !op.wr => return true,
            Kind::Pass => op.d,
            _ => op.p,
        };
        let settled = self.now - self.added_to[first as usize] > u64::from(self.add_delay);
        let mut wanted = self.access(first, 0);
        if op.kind == Kind::Add && op.wr {
            let written = self.access(op.d, self.add_delay);
            wanted = [wanted[0] | written[0], wanted[1] | written[1]];
        }
        settled && (wanted[0] & self.reserved[0] | wanted[1] & self.reserved[1]) == 0
    }

    /// Cycles in which an access to `slot` takes each bank, its first beat in executor cycle
    /// `delay`.
    #[inline]
    fn access(&self, slot: u32, delay: u32) -> [u64; 2] {
        let [even, odd] = self.pattern;
        let swap = self.beats == 1 && slot & 1 == 1;
        let [even, odd] = if swap { [odd, even] } else { [even, odd] };
        [even << (1 + delay), odd << (1 + delay)]
    }

    #[inline]
    fn reserve(&mut self, slot: u32, delay: u32) {
        let [even, odd] = self.access(slot, delay);
        self.reserved[0] |= even;
        self.reserved[1] |= odd;
    }

    /// Starts `op` and computes its result.
    #[inline]
    fn issue(
        &mut self,
        op: &Op,
        lr: u32,
        vectors: &VectorBuffer,
        output: &mut OutputBuffer,
        status: &mut Status,
    ) {
        if op.kind == Kind::End {
            return;
        }
        let vector = vectors.vector();
        let (p, d) = (self.range(op.p), self.range(op.d));
        // First cycle in which a result beat can be pushed.
        let pushed = 1 + self.add_delay;
        if op.emits() {
            self.emitted = self.now;
            status.count(Counter::Results, op.emit.count_ones());
        }
        let executor = Executor { left: self.beats };
        if op.kind == Kind::Pass {
            self.side = executor;
            if op.wr {
                self.reserve(op.d, 0);
                self.sums[d].copy_from_slice(vector);
                status.count(Counter::Fills, 1);
            }
            if op.emits() {
                output.emit_result(pushed, op.row, op.emit, vector);
            }
            return;
        }
        self.main = executor;
        self.reserve(op.p, 0);
        match op.kind {
            Kind::Add => {
                status.count(Counter::AdderBeats, self.beats);
                self.scratch.copy_from_slice(&self.sums[p]);
                arith::accumulate(self.element, vector, &mut self.scratch);
                if op.wr {
                    self.reserve(op.d, self.add_delay);
                    self.added = self.now;
                    self.added_to[op.d as usize] = self.now;
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
            _ => output.emit_result(pushed, op.row, op.emit, &self.sums[p]),
        }
    }

    #[inline]
    fn range(&self, slot: u32) -> std::ops::Range<usize> {
        let first = slot as usize * self.slice;
        first..first + self.slice
    }
}
