//! Section 4: word lines are driven until the columns have settled and can be sampled.

use super::front::Op;
use super::rows::Rows;

#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    op: Option<Op>,
    /// Word lines driven.
    pub lines: Rows,
    count: u32,
}

impl Array {
    /// The op that goes on in this cycle: columns are sampled if it is an access.
    #[inline]
    pub fn out(&self, latency: u32, convert_free: bool) -> Option<Op> {
        self.op
            .filter(|op| convert_free && (op.close || self.count == latency - 1))
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.op.is_none()
    }

    #[inline]
    pub fn step(&mut self, entering: Option<(Op, Rows)>, out: bool, latency: u32) {
        match entering {
            Some((op, lines)) => (self.op, self.lines, self.count) = (Some(op), lines, 0),
            None if out => (self.op, self.lines) = (None, Rows::default()),
            None => self.count = (self.count + 1).min(latency - 1),
        }
    }
}
