//! The pooling unit's golden model.

use crate::PoolConfig;
use contract::frame::{pack, signed_fields};
use contract::{BlockConfig, Clocked, PortLayout, Stream};

/// Sums as rows come.
#[derive(Clone)]
pub struct PoolModel {
    bits: u32,
    layout: PortLayout,
    row: Stream,
    sum: Stream,
    sums: Vec<i64>,
    /// The bag is complete: no row is taken until its sum leaves.
    done: bool,
}

impl PoolModel {
    pub fn new(config: &PoolConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        Self {
            bits: config.bits,
            row: layout.stream("row"),
            sum: layout.stream("sum"),
            layout,
            sums: vec![0; config.lanes as usize],
            done: false,
        }
    }
}

impl Clocked for PoolModel {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        self.sums.fill(0);
        self.done = false;
    }

    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        outputs[self.row.ready] = u64::from(!self.done || inputs[self.sum.ready] == 1);
        outputs[self.sum.valid] = u64::from(self.done);
        outputs[self.sum.payload.clone()].copy_from_slice(&pack(&self.sums, self.bits));
    }

    fn clock(&mut self, inputs: &[u64]) {
        if self.done && inputs[self.sum.ready] == 1 {
            self.reset();
        }
        if !self.done && inputs[self.row.valid] == 1 {
            let row = &inputs[self.row.payload.clone()];
            let most = (1 << (self.bits - 1)) - 1;
            for (sum, element) in self.sums.iter_mut().zip(signed_fields(row, self.bits)) {
                *sum = (*sum + element).clamp(!most, most);
            }
            self.done = row.last() == Some(&1);
        }
    }
}
