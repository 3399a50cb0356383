//! The block that the harness tests itself on: a packet accumulator and its model.
#![allow(dead_code, reason = "each test program uses a part")]

use contract::Clocked;
use contract::{Dir, Port, PortLayout};

pub const SV: &str = include_str!("acc.sv");

pub fn ports() -> Vec<Port> {
    let mut ports = Port::clock_and_reset();
    ports.extend(Port::stream(
        "in",
        Dir::Input,
        &[("data", 100, ""), ("last", 1, "")],
    ));
    ports.extend(Port::stream(
        "out",
        Dir::Output,
        &[("sum", 100, ""), ("count", 9, "")],
    ));
    ports.push(Port::level("flush_i", Dir::Input, 1, ""));
    ports.push(Port::level("total_o", Dir::Output, 40, ""));
    ports.push(Port::level("busy_o", Dir::Output, 1, ""));
    ports
}

/// The model. Frames: inputs `in_valid, in_data (2), in_last, out_ready, flush`; outputs
/// `in_ready, out_valid, out_sum (2), out_count, total, busy`.
#[derive(Clone)]
pub struct Acc {
    layout: PortLayout,
    sum: u128,
    count: u64,
    out: Option<(u128, u64)>,
    total: u64,
}

const MASK: u128 = (1 << 100) - 1;

impl Acc {
    pub fn new() -> Self {
        Self {
            layout: PortLayout::new(ports()),
            sum: 0,
            count: 0,
            out: None,
            total: 0,
        }
    }

    fn ready(&self, inputs: &[u64]) -> bool {
        self.out.is_none() || inputs[4] == 1
    }
}

impl Clocked for Acc {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        (self.sum, self.count, self.out, self.total) = (0, 0, None, 0);
    }

    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        let (sum, count) = self.out.unwrap_or_default();
        let busy = self.out.is_some() || self.count != 0;
        let (ready, valid) = (self.ready(inputs).into(), self.out.is_some().into());
        let (low, high) = (sum as u64, (sum >> 64) as u64);
        outputs.copy_from_slice(&[ready, valid, low, high, count, self.total, busy.into()]);
    }

    fn clock(&mut self, inputs: &[u64]) {
        let ready = self.ready(inputs);
        if inputs[4] == 1 {
            self.out = None;
        }
        if inputs[0] == 1 && ready {
            self.total = (self.total + 1) % (1 << 40);
            let data = u128::from(inputs[1]) | u128::from(inputs[2]) << 64;
            self.sum = (self.sum + data) & MASK;
            self.count = (self.count + 1) % 512;
            if inputs[3] == 1 {
                self.out = Some((self.sum, self.count));
                (self.sum, self.count) = (0, 0);
            }
        }
        if inputs[5] == 1 {
            (self.sum, self.count, self.out) = (0, 0, None);
        }
    }
}
