//! The PE as a rank drives it, and where its signals are.

use contract::Clocked;
use contract::{PortLayout, Stream};

/// A PE, model or simulated RTL.
pub trait Pe {
    /// Layout of its frames.
    fn layout(&self) -> &PortLayout;
    /// Outputs for these inputs.
    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]);
    /// The rising edge.
    fn edge(&mut self, inputs: &[u64]);
}

impl<M: Clocked> Pe for M {
    fn layout(&self) -> &PortLayout {
        Clocked::layout(self)
    }

    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.eval(inputs, outputs);
    }

    fn edge(&mut self, inputs: &[u64]) {
        self.clock(inputs);
    }
}

/// Where the PE's streams and levels are in its frames.
pub(super) struct Ports {
    /// Payload: op, retain, queries, visits, learning rate.
    pub cmd: Stream,
    /// Payload: row, mask, last, end.
    pub req: Stream,
    /// Payload: id, data.
    pub vec: Stream,
    pub res: Stream,
    pub res_mask: usize,
    pub res_last: usize,
    pub wb: Stream,
    pub wb_last: usize,
    pub ctr_sel: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
    /// Bits of a beat of `req`.
    pub request_bits: u64,
}

impl Ports {
    /// Of a PE with update hardware and the rename tracker.
    pub fn new(layout: &PortLayout) -> Self {
        let request = ["req_row_i", "req_mask_i", "req_last_i", "req_end_i"];
        let width = |name: &str| u64::from(layout.slot(name).width);
        Self {
            cmd: layout.stream("cmd"),
            req: layout.stream("req"),
            vec: layout.stream("vec"),
            res: layout.stream("res"),
            res_mask: layout.word("res_mask_o"),
            res_last: layout.word("res_last_o"),
            wb: layout.stream("wb"),
            wb_last: layout.word("wb_last_o"),
            ctr_sel: layout.word("ctr_sel_i"),
            ctr: layout.word("ctr_o"),
            err: layout.word("err_o"),
            busy: layout.word("busy_o"),
            request_bits: request.into_iter().map(width).sum(),
        }
    }
}
