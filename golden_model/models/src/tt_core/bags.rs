//! Section 8: what the last stage's rows go to.
//!
//! A bag's sums are computed whole when a row begins. Nobody can see that they are early: they leave
//! only as a result.

use super::arith;
use super::decode::Row;
use super::results::{Label, Results};
use super::shape::Shape;

/// The row that the last stage works on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begun {
    copy: bool,
    pub err: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Bags {
    pub results: Results,
    /// The row that begins, to be computed before it is pooled.
    pub row: Vec<f32>,
    /// Elements of all bags; without pooling only of the row that begins.
    sums: Vec<u32>,
    open: Vec<bool>,
    poison: Vec<bool>,
    phase: bool,
    gap: u32,
    room: u32,
    alive: u32,
    /// Bit i: a row that is not the last of its bag is pooled i cycles from now.
    pooled: u64,
}

impl Bags {
    pub fn new(shape: &Shape) -> Self {
        let bags = if shape.pooling {
            shape.bags as usize
        } else {
            1
        };
        Self {
            results: Results::new(shape),
            row: vec![0.0; shape.elements],
            sums: vec![0; bags * shape.elements],
            open: vec![false; bags],
            poison: vec![false; bags],
            phase: false,
            gap: 0,
            room: shape.out_beats,
            alive: 0,
            pooled: 0,
        }
    }

    pub fn reset(&mut self, shape: &Shape) {
        self.results.reset();
        self.open.fill(false);
        self.poison.fill(false);
        (self.phase, self.gap, self.room) = (false, 0, shape.out_beats);
        (self.alive, self.pooled) = (0, 0);
    }

    /// Rows are in flight.
    #[inline]
    pub fn alive(&self) -> bool {
        self.alive != 0
    }

    /// The result buffer has room for what this row completes, if it does.
    #[inline]
    pub fn has_room(&self, shape: &Shape, row: &Row) -> bool {
        !row.emit || self.room >= shape.beats
    }

    /// The last stage may begin this row.
    #[inline]
    pub fn may(&self, shape: &Shape, row: &Row) -> bool {
        self.gap == 0 && !self.phase && self.has_room(shape, row)
    }

    /// Where a bag's state is: without pooling all rows are of one bag that is never open.
    #[inline]
    fn place(shape: &Shape, row: &Row) -> usize {
        if shape.pooling { row.bag as usize } else { 0 }
    }

    /// The last stage begins a row, the edge of its registers. The row is wanted if nothing is wrong.
    #[inline]
    pub fn start(&mut self, shape: &Shape, row: &Row) -> Begun {
        let bag = Self::place(shape, row);
        let begun = Begun {
            copy: !self.open[bag],
            err: row.bad || self.poison[bag],
        };
        self.open[bag] = !row.emit;
        self.poison[bag] = begun.err && !row.emit;
        // One more than what it is to be: this edge takes one off.
        self.gap = shape.row_cycles;
        if row.emit {
            self.room -= shape.beats;
        }
        begun
    }

    /// Pools the row that has begun, and issues the result that it completes.
    #[inline]
    pub fn pool(&mut self, shape: &Shape, row: &Row, begun: Begun) {
        let size = shape.elements;
        let sums = &mut self.sums[Self::place(shape, row) * size..][..size];
        if !begun.err {
            arith::pool(shape.element, begun.copy, &self.row, sums);
        }
        if row.emit {
            let (bag, err) = (row.bag, begun.err);
            self.results.begin(shape, Label { bag, err }, sums);
        }
    }

    /// The last stage takes a step of this row.
    #[inline]
    pub fn follow(&mut self, shape: &Shape, row: &Row, end: bool) {
        if row.emit {
            self.results.enter(shape.row_delay);
        } else if end {
            self.pooled |= 1 << shape.row_delay;
        }
    }

    /// The edge. `taken`: a row is; `leaves`: a result beat does.
    #[inline]
    pub fn step(&mut self, shape: &Shape, taken: bool, leaves: bool) {
        let retires = leaves && self.results.last();
        let pooled = self.pooled & 1 != 0;
        self.pooled >>= 1;
        self.alive += u32::from(taken);
        self.alive -= u32::from(retires) + u32::from(pooled);
        self.room += u32::from(leaves);
        self.gap = self.gap.saturating_sub(1);
        self.phase = shape.pooling && !self.phase;
        self.results.step(leaves);
    }
}
