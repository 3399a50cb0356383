//! Section 5: steps through the columns.

use super::front::Op;
use super::shape::Shape;

/// A column of an ADC, and the digit of the element that it holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub column: u32,
    pub digit: u32,
    pub element: u32,
}

impl Place {
    /// The column after this one, or the first.
    #[inline]
    fn next(self, shape: &Shape) -> Self {
        let column = self.column + 1;
        if column == shape.columns {
            return Self::default();
        }
        let (digit, element) = match self.digit + 1 {
            digit if digit == shape.digits => (0, self.element + 1),
            digit => (digit, self.element),
        };
        Self {
            column,
            digit,
            element,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Convert {
    pub op: Option<Op>,
    pub place: Place,
    bit: u32,
    /// A result has beats to leave.
    due: bool,
    /// That result is of a query without rows.
    pub zero: bool,
}

/// The stage's signals in one cycle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Now {
    pub start: bool,
    step: bool,
    pub step_end: bool,
    pub close: bool,
    pub free: bool,
    /// `adc_en_o`.
    pub enable: u64,
    /// Bits of this access; 0 without one.
    pub resolution: u32,
}

impl Convert {
    /// `drained`: nothing is on its way to the accumulators.
    #[inline]
    pub fn now(&self, shape: &Shape, drained: bool) -> Now {
        let mut now = Now::default();
        let Some(op) = &self.op else {
            now.free = true;
            return now;
        };
        if op.close {
            now.close = !self.due && drained;
            now.free = now.close;
            return now;
        }
        let hold = self.bit == 0 && self.place.column == shape.digits - 1 && op.first && self.due;
        now.resolution = shape.resolution(op.rows);
        now.step = !hold;
        now.start = now.step && self.bit == 0;
        now.step_end = now.step && self.bit == shape.step_cycles(now.resolution) - 1;
        now.free = now.step_end && self.place.column == shape.columns - 1;
        if now.step {
            now.enable = match shape.sar {
                true => 1 << (now.resolution - 1 - self.bit),
                false => (1 << now.resolution) - 1,
            };
        }
        now
    }

    /// The edge. `sent`: the last beat of a result is transferred.
    #[inline]
    pub fn step(&mut self, shape: &Shape, now: Now, entering: Option<Op>, sent: bool) {
        if sent {
            self.due = false;
        }
        if let Some(op) = &self.op {
            if now.start && op.emit && self.place.column == shape.digits - 1 {
                (self.due, self.zero) = (true, false);
            }
            if now.close {
                (self.due, self.zero) = (true, op.first);
            }
        }
        if now.step_end {
            self.bit = 0;
            self.place = self.place.next(shape);
        } else if now.step {
            self.bit += 1;
        }
        if entering.is_some() || now.free {
            self.op = entering;
        }
    }
}
