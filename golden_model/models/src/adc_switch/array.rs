//! Section 4: word lines are driven until the columns have settled and can be sampled.

use super::front::Op;
use super::out::Outputs;
use super::rows::Rows;

#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    op: Option<Op>,
    /// First cycle with `a_cnt_q == A-1`.
    pub settled: u64,
}

impl Array {
    /// The op that goes on in this cycle: columns are sampled if it is an access.
    #[inline]
    pub fn out(&self, cycle: u64, convert_free: bool) -> Option<Op> {
        self.op
            .filter(|op| convert_free && (op.close || cycle >= self.settled))
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.op.is_none()
    }

    /// The edge of a cycle in which an op enters or leaves.
    #[inline]
    pub fn step(&mut self, entering: Option<(Op, Rows)>, settled: u64, out: &mut Outputs) {
        let lines = entering.map_or(Rows::default(), |(_, lines)| lines);
        self.op = entering.map(|(op, _)| op);
        self.settled = settled;
        let pins = out.words[out.at.wl.clone()].iter_mut();
        for (pin, &line) in pins.zip(lines.words()) {
            *pin = line;
        }
    }
}
