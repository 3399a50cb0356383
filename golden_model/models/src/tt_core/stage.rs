//! Section 7: the ops of one stage, and when they take their steps.

use std::collections::VecDeque;

use super::decode::Row;
use super::shape::StageShape;

/// A product to make, of some digits of the row that requested it first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Op {
    pub row: Row,
    /// Entry of the boundary before; in the first stage, or with a bad row, it means nothing.
    pub from: usize,
    /// Entry of the boundary behind; in the last stage it means nothing.
    pub to: usize,
}

impl Op {
    /// A row that no boundary has seen.
    #[inline]
    pub fn of(row: Row) -> Self {
        Self {
            row,
            from: 0,
            to: 0,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Stage {
    ops: VecDeque<Op>,
    places: usize,
    /// Steps that the current op has taken: `c_q * G + g_q`.
    steps: u32,
    /// Entries whose last words are on their way, and bit i: one is written i cycles from now.
    made: VecDeque<usize>,
    writes: u64,
}

/// A stage's signals in one cycle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Now {
    /// There is an op of which no step was taken yet.
    pub first: bool,
    /// What it multiplies is there.
    pub source: bool,
    pub step: bool,
    pub end: bool,
    /// The left operand is read: for the first stage from core 1.
    pub reads_a: bool,
    /// The right operand is read from its core.
    pub reads_b: bool,
}

impl Stage {
    /// A stage whose FIFO has this many places.
    pub fn new(places: usize) -> Self {
        Self {
            ops: VecDeque::with_capacity(places),
            places,
            steps: 0,
            made: VecDeque::new(),
            writes: 0,
        }
    }

    pub fn reset(&mut self) {
        self.ops.clear();
        self.made.clear();
        (self.steps, self.writes) = (0, 0);
    }

    /// The current op.
    #[inline]
    pub fn op(&self) -> Option<&Op> {
        self.ops.front()
    }

    #[inline]
    pub fn has_room(&self) -> bool {
        self.ops.len() < self.places
    }

    /// `may`: an op whose source is there may begin.
    #[inline]
    pub fn now(&self, shape: &StageShape, op: &Op, source: bool, may: bool) -> Now {
        let first = self.steps == 0;
        let step = !first || source && may;
        let reads_a = step && !op.row.bad;
        Now {
            first,
            source,
            step,
            end: step && self.steps == shape.steps - 1,
            reads_a,
            reads_b: reads_a && self.steps & (shape.groups - 1) == 0,
        }
    }

    /// The edge. Gives the entry whose last words are written in this cycle.
    #[inline]
    pub fn advance(&mut self, shape: &StageShape, now: Now) -> Option<usize> {
        self.steps = (self.steps + u32::from(now.step)) & (shape.steps - 1);
        if now.end
            && let Some(op) = self.ops.pop_front()
        {
            self.made.push_back(op.to);
            self.writes |= 1 << shape.delay;
        }
        let written = self.writes & 1 != 0;
        self.writes >>= 1;
        if written { self.made.pop_front() } else { None }
    }

    #[inline]
    pub fn push(&mut self, op: Op) {
        self.ops.push_back(op);
    }
}
