//! The clocked model of one controller.

use blocks::adc_switch::{AdcSwitchConfig, Pins};
use contract::{BlockConfig, PortLayout};

use super::array::Array;
use super::back::Back;
use super::convert::Convert;
use super::front::{Activation, Front, Op};
use super::out::Outputs;
use super::rows::Rows;
use super::shape::Shape;
use super::status::{Counter, Fault, Status};
use contract::Clocked;

/// Golden model of one controller.
#[derive(Clone, Debug)]
pub struct AdcSwitchModel {
    layout: PortLayout,
    pins: Pins,
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
    front: super::front::Now,
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
        let pins = Pins::new(config);
        let out = Outputs::new(layout.output_words, &pins);
        let mut model = Self {
            pins,
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
        out.words[out.at.act.ready] = u64::from(front.ready);
        out.words[out.at.res_tag] = oldest.unwrap_or(0);
        out.words[out.at.sample] = u64::from(sampled.is_some_and(|op| !op.close));
        out.words[out.at.err] = self.status.errors();
        out.words[out.at.busy] = u64::from(oldest.is_some());
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
        let wrong = self.sum(&inputs[self.pins.codes.clone()]);
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
        let p = &self.pins;
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
        let select = inputs[self.pins.ctr_sel];
        outputs[self.out.at.ctr] = u64::from(self.status.counter(select));
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64]) {
        let p = &self.pins;
        if inputs[p.abort] | inputs[p.clear] != 0 {
            self.abort(inputs[p.clear] != 0);
            return;
        }
        let sends = self.back.valid() && inputs[p.res.ready] != 0;
        let accepts = self.now.front.ready && inputs[p.act.valid] != 0;
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
