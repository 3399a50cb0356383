//! Section 5: steps through the columns.

use super::front::Op;
use super::out::Outputs;
use super::shape::{Conversion, Shape};

#[derive(Clone, Debug, Default)]
pub(super) struct Convert {
    valid: bool,
    pub op: Op,
    pub conversion: Conversion,
    column: u32,
    bit: u32,
    /// Cycles of steps after this one.
    left: u32,
    /// There is a step in this cycle: an access that isn't on hold.
    pub stepping: bool,
    /// A result has beats to leave. Set at the end of an access rather than in it: what asks for it
    /// comes later.
    due: bool,
    /// First cycle in which nothing of a past access is on its way to the accumulators.
    pub drained: u64,
}

/// What happens at the edge that ends a cycle with a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stepped {
    /// First cycle of an access.
    pub first: bool,
    /// The column whose step ends.
    pub column: Option<u32>,
    /// Last cycle of an access.
    pub last: bool,
}

impl Convert {
    #[inline]
    pub fn is_empty(&self) -> bool {
        !self.valid
    }

    /// `close` of the specification.
    #[inline]
    pub fn closes(&self, cycle: u64) -> bool {
        self.valid && self.op.close && !self.due && cycle >= self.drained
    }

    /// `step_end` of the last column.
    #[inline]
    pub fn ends(&self) -> bool {
        self.stepping && self.left == 0
    }

    /// The edge of a cycle with a step.
    #[inline]
    pub fn step(&mut self, shape: &Shape) -> Stepped {
        let mut stepped = Stepped {
            first: self.column == 0 && self.bit == 0,
            column: None,
            last: self.left == 0,
        };
        self.left = self.left.wrapping_sub(1);
        self.bit += 1;
        if self.bit == self.conversion.step {
            stepped.column = Some(self.column);
            (self.bit, self.column) = (0, self.column + 1);
            self.stepping = !self.holds(shape);
        }
        stepped
    }

    /// The edge that ends an access.
    #[inline]
    pub fn end(&mut self, cycle: u64) {
        self.due |= self.op.emit;
        // The last column is on its way for two cycles.
        self.drained = cycle + 3;
        (self.valid, self.column, self.stepping) = (false, 0, false);
    }

    /// The edge of a cycle with `close`.
    #[inline]
    pub fn close(&mut self) {
        self.due = true;
        self.valid = false;
    }

    /// The edge at which an op enters.
    #[inline]
    pub fn enter(&mut self, shape: &Shape, op: Op) {
        (self.valid, self.op) = (true, op);
        if !op.close {
            self.conversion = shape.conversion(op.rows);
            self.left = shape.columns * self.conversion.step - 1;
            self.stepping = !self.holds(shape);
        }
    }

    /// The edge at which the last beat of a result is transferred, behind that of a step: what is on
    /// hold goes on.
    #[inline]
    pub fn sent(&mut self) {
        self.due = false;
        self.stepping = self.valid && !self.op.close;
    }

    /// `hold` of the specification, in the first cycle of a step.
    #[inline]
    fn holds(&self, shape: &Shape) -> bool {
        self.due && self.op.first && self.column == shape.digits - 1
    }

    /// The pins of the converters, into the output frame.
    #[inline]
    pub fn show(&self, out: &Outputs, words: &mut [u64]) {
        let step = u64::from(self.stepping);
        words[out.at.start] = step & u64::from(self.bit == 0);
        words[out.at.col] = u64::from(self.column);
        words[out.at.enable] = self.conversion.enable >> self.bit & step.wrapping_neg();
    }
}
