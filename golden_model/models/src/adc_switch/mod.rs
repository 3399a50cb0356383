//! The crossbar ADC switch controller, from its specification `docs/adc_switch.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The signals
//! of a cycle are made from the registers, last stage first, since each stage asks whether the
//! next one is free; then the edge moves all stages. No output but `ctr_o` depends on an input of
//! its cycle, so signals and outputs of the next cycle are made at the edge, once.
//!
//! In most cycles only steps go on. Front and array wait for a cycle that is known when the wait
//! begins, so there is nothing to do for them before, and their signals stay as they are.

mod array;
mod back;
mod codes;
mod convert;
pub mod device;
mod front;
mod ports;
mod rows;
mod shape;
mod status;

#[cfg(test)]
mod tests;

use blocks::adc_switch::AdcSwitchConfig;
use contract::{BlockConfig, PortLayout};

use array::Array;
use back::Back;
use contract::Clocked;
use convert::Convert;
use front::{Activation, Front, Op};
use ports::{Inputs, Outputs};
use shape::Shape;
use status::{Counter, Fault, Status};

pub use rows::Rows;

/// Golden model of one controller.
#[derive(Clone, Debug)]
pub struct AdcSwitchModel {
    layout: PortLayout,
    inputs: Inputs,
    shape: Shape,
    front: Front,
    array: Array,
    convert: Convert,
    back: Back,
    status: Status,
    /// Number of the cycle.
    cycle: u64,
    now: Now,
    out: Outputs,
}

/// The signals of a cycle.
#[derive(Clone, Copy, Debug, Default)]
struct Now {
    front: front::Now,
    /// The op that leaves the array stage.
    sampled: Option<Op>,
    close: bool,
    /// An op moves, or an activation leaves.
    moves: bool,
    busy: bool,
    /// The next cycle with other signals, if nothing is transferred and no step ends an access.
    until: u64,
}

impl AdcSwitchModel {
    /// The controller of a configuration that [`BlockConfig::validate`] accepts, after reset.
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let shape = Shape::new(config);
        let layout = PortLayout::new(config.ports());
        let out = Outputs::new(&layout);
        let mut model = Self {
            inputs: Inputs::new(&layout),
            layout,
            front: Front::default(),
            array: Array::default(),
            convert: Convert::default(),
            back: Back::new(&shape, &out),
            status: Status::new(config.counter_bits),
            cycle: 0,
            now: Now::default(),
            out,
            shape,
        };
        model.restart();
        model
    }

    /// The edge of a cycle with `abort_i` or `clear_i`.
    #[cold]
    fn abort(&mut self, clear: bool) {
        if clear {
            self.status.clear();
        }
        self.restart();
    }

    /// Everything but counters and errors to its reset value.
    #[cold]
    fn restart(&mut self) {
        self.front = Front::default();
        self.array = Array::default();
        self.convert = Convert::default();
        self.back.reset();
        self.cycle = 0;
        self.out.words.fill(0);
        self.back.show(&self.shape, &mut self.out);
        self.signals();
    }

    /// Makes the signals of this cycle.
    #[inline]
    fn signals(&mut self) {
        let (shape, cycle) = (&self.shape, self.cycle);
        let close = self.convert.closes(cycle);
        let convert_free = self.convert.is_empty() || close || self.convert.ends();
        let sampled = self.array.out(cycle, convert_free);
        let array_free = self.array.is_empty() || sampled.is_some();
        let front = self.front.now(shape, cycle, array_free);
        let oldest = self.front.oldest();
        let waits = [
            self.front.counted(),
            self.array.settled,
            self.convert.drained,
        ];
        let ends = waits.map(|end| if end > cycle { end } else { u64::MAX });
        self.now = Now {
            front,
            sampled,
            close,
            moves: front.go || sampled.is_some() || close,
            busy: oldest.is_some(),
            until: ends[0].min(ends[1]).min(ends[2]),
        };
        let out = &mut self.out;
        out.words[out.act_ready] = u64::from(front.ready);
        out.words[out.res_tag] = oldest.unwrap_or(0);
        out.words[out.sample] = u64::from(sampled.is_some_and(|op| !op.close));
        out.words[out.err] = self.status.errors();
        out.words[out.busy] = u64::from(oldest.is_some());
    }

    /// The edge of section 6's first half. Whether signals change.
    #[inline]
    fn sum(&mut self, codes: &[u64]) -> bool {
        let wrong = self.back.sum(&self.shape, codes);
        if wrong {
            self.status.raise(Fault::CodeRange);
        }
        wrong
    }

    /// The edge of section 5's steps. Whether signals change.
    #[inline]
    fn step(&mut self) -> bool {
        if !self.convert.stepping {
            return false;
        }
        let op = self.convert.op;
        let stepped = self.convert.step(&self.shape);
        if let Some(column) = stepped.column {
            self.back.converted(column, op);
        }
        if stepped.first {
            self.count_access();
        }
        if stepped.last {
            self.convert.end(self.cycle);
        }
        stepped.last || self.convert.ends()
    }

    /// The edge of a cycle in which more goes on than steps. Whether signals change.
    #[inline(never)]
    fn events(&mut self, inputs: &[u64], sends: bool, accepts: bool) -> bool {
        let moves = self.now.moves;
        let pools = self.back.pool(&self.shape);
        let wrong = self.sum(&inputs[self.inputs.codes.clone()]);
        let retires = sends && self.back.send(&self.shape);
        if pools || sends {
            self.back.show(&self.shape, &mut self.out);
        }
        let stepped = self.step();
        if retires {
            self.convert.sent();
        }
        if moves {
            self.advance();
        }
        if accepts {
            self.accept(inputs);
        }
        if retires {
            self.front.retire();
        }
        wrong || stepped || moves || accepts || retires
    }

    #[inline]
    fn count_access(&mut self) {
        let conversion = self.convert.conversion;
        self.status.count(Counter::Accesses, 1);
        self.status.count(Counter::Conversion, conversion.work);
        if self.shape.histogram {
            let above = conversion.resolution - self.shape.cell_bits;
            self.status.count_resolution(above);
        }
    }

    /// The edge of a cycle in which ops move.
    #[inline]
    fn advance(&mut self) {
        let (now, shape, out) = (self.now, &self.shape, &mut self.out);
        if now.close {
            let empty = self.convert.op.first;
            self.back.close(shape, empty, out);
            self.convert.close();
        }
        if let Some(op) = now.sampled {
            self.convert.enter(shape, op);
        }
        let entering = match now.front.go {
            true => {
                let counted = self.cycle + u64::from(shape.counting);
                self.front.step(now.front, counted, &mut self.status)
            }
            false => None,
        };
        if entering.is_some() || now.sampled.is_some() {
            let settled = self.cycle + u64::from(shape.array);
            self.array.step(entering, settled, out);
        }
    }

    /// The edge of an `act` transfer.
    #[inline]
    fn accept(&mut self, inputs: &[u64]) {
        let p = &self.inputs;
        let activation = Activation {
            rows: Rows::from_words(&inputs[p.act_rows.clone()]),
            tag: inputs[p.act_tag],
            last: inputs[p.act_last] != 0,
        };
        let counted = self.cycle + u64::from(self.shape.counting);
        self.front.accept(activation, counted, &mut self.status);
    }
}

impl Clocked for AdcSwitchModel {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        self.status.clear();
        self.restart();
    }

    #[inline]
    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        outputs.copy_from_slice(&self.out.words);
        self.convert.show(&self.out, outputs);
        let select = inputs[self.inputs.ctr_sel];
        outputs[self.out.ctr] = u64::from(self.status.counter(select));
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64]) {
        let p = &self.inputs;
        if inputs[p.abort] | inputs[p.clear] != 0 {
            self.abort(inputs[p.clear] != 0);
            return;
        }
        let sends = self.back.valid() && inputs[p.res_ready] != 0;
        let accepts = self.now.front.ready && inputs[p.act_valid] != 0;
        let codes = &inputs[p.codes.clone()];
        self.status.count(Counter::Busy, u32::from(self.now.busy));
        let changed = match sends || accepts || self.now.moves || self.back.completes() {
            true => self.events(inputs, sends, accepts),
            false => self.sum(codes) | self.step(),
        };
        self.cycle += 1;
        if changed || self.cycle >= self.now.until {
            self.signals();
        }
    }
}
