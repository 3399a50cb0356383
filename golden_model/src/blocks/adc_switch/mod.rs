//! The crossbar ADC switch controller, from its specification `docs/adc_switch.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The signals
//! of a cycle are made from the registers, last stage first, since each stage asks whether the
//! next one is free; then the edge moves all stages.

mod array;
mod back;
mod convert;
pub mod device;
mod front;
mod ports;
mod rows;
mod shape;
mod status;

#[cfg(test)]
mod tests;

use hdl_gen::adc_switch::AdcSwitchConfig;
use hdl_gen::{BlockConfig, PortLayout};

use crate::clocked::Clocked;
use array::Array;
use back::Back;
use convert::Convert;
use front::{Activation, Front, Op};
use ports::Ports;
use shape::Shape;
use status::{Counter, Fault, Status};

pub use rows::Rows;

/// Golden model of one controller.
#[derive(Clone, Debug)]
pub struct AdcSwitchModel {
    layout: PortLayout,
    ports: Ports,
    shape: Shape,
    front: Front,
    array: Array,
    convert: Convert,
    back: Back,
    status: Status,
}

/// The signals of a cycle.
struct Now {
    front: front::Now,
    /// The op that leaves the array stage.
    sampled: Option<Op>,
    convert: convert::Now,
}

impl AdcSwitchModel {
    /// The controller of a configuration that [`BlockConfig::validate`] accepts, after reset.
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let shape = Shape::new(config);
        let layout = PortLayout::new(config.ports());
        Self {
            ports: Ports::new(&layout),
            layout,
            front: Front::default(),
            array: Array::default(),
            convert: Convert::default(),
            back: Back::new(&shape),
            status: Status::default(),
            shape,
        }
    }

    /// Everything but counters and errors to its reset value.
    fn restart(&mut self) {
        self.front = Front::default();
        self.array = Array::default();
        self.convert = Convert::default();
        self.back.reset();
    }

    #[inline]
    fn now(&self) -> Now {
        let convert = self.convert.now(&self.shape, self.back.drained());
        let sampled = self.array.out(self.shape.array, convert.free);
        let array_free = self.array.is_empty() || sampled.is_some();
        Now {
            front: self.front.now(&self.shape, array_free),
            sampled,
            convert,
        }
    }

    #[inline]
    fn count(&mut self, now: &Now) {
        let status = &mut self.status;
        let resolution = now.convert.resolution;
        if self.front.oldest().is_some() {
            status.count(Counter::Busy, 1);
        }
        if now.convert.start && self.convert.column == 0 {
            let conversion = match self.shape.sar {
                true => resolution,
                false => (1 << resolution) - 1,
            };
            status.count(Counter::Accesses, 1);
            status.count(Counter::Conversion, conversion);
            if self.shape.histogram {
                status.count_resolution(resolution - self.shape.cell_bits);
            }
        }
    }
}

impl Clocked for AdcSwitchModel {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        self.restart();
        self.status = Status::default();
    }

    #[inline]
    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        let p = &self.ports;
        let now = self.now();
        let oldest = self.front.oldest();
        let valid = self.back.valid();
        outputs[p.act_ready] = u64::from(now.front.ready);
        outputs[p.res_valid] = u64::from(valid);
        if valid {
            let data = &mut outputs[p.res_data.clone()];
            self.back.drive(&self.shape, self.convert.zero, data);
            outputs[p.res_tag] = oldest.unwrap_or(0);
            outputs[p.res_last] = u64::from(self.back.last(&self.shape));
        }
        let lines = self.array.lines.words();
        let pins = &mut outputs[p.wl.clone()];
        pins.copy_from_slice(&lines[..pins.len()]);
        outputs[p.sample] = u64::from(now.sampled.is_some_and(|op| !op.close));
        outputs[p.start] = u64::from(now.convert.start);
        outputs[p.col] = u64::from(self.convert.column);
        outputs[p.enable] = now.convert.enable;
        outputs[p.ctr] = u64::from(self.status.counter(inputs[p.ctr_sel]));
        outputs[p.err] = self.status.errors();
        outputs[p.busy] = u64::from(oldest.is_some());
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64]) {
        let p = &self.ports;
        let clear = inputs[p.clear] != 0;
        if clear || inputs[p.abort] != 0 {
            self.restart();
            if clear {
                self.status = Status::default();
            }
            return;
        }
        let now = self.now();
        self.count(&now);
        let p = &self.ports;
        let sent = self.back.valid() && inputs[p.res_ready] != 0;
        let retires = sent && self.back.last(&self.shape);

        let op = self.convert.op.filter(|_| now.convert.step_end);
        let converted = op.map(|op| (op, self.convert.column));
        let codes = &inputs[p.codes.clone()];
        let close = now.convert.close;
        if self.back.step(&self.shape, codes, converted, close, sent) {
            self.status.raise(Fault::CodeRange);
        }
        let (shape, status) = (&self.shape, &mut self.status);
        self.convert.step(shape, now.convert, now.sampled, retires);
        let entering = self.front.step(shape, now.front, status);
        let out = now.sampled.is_some();
        self.array.step(entering, out, shape.array);
        if now.front.ready && inputs[p.act_valid] != 0 {
            let activation = Activation {
                rows: Rows::from_words(&inputs[p.act_rows.clone()]),
                tag: inputs[p.act_tag],
                last: inputs[p.act_last] != 0,
            };
            self.front.accept(activation, status);
        }
        if retires {
            self.front.retire();
        }
    }
}
