//! What an episode can be played on: a design and its model in lock-step, or either alone.

use contract::Clocked;
use contract::{Dir, PortLayout};

use crate::dut::Dut;
use crate::streams::Streams;

/// Something that settles and clocks.
pub trait Target {
    /// Settles with these inputs and returns the outputs.
    ///
    /// # Errors
    /// What is wrong with them.
    fn settle(
        &mut self,
        inputs: &[u64],
        in_reset: bool,
        disturbed: bool,
        outputs: &mut [u64],
    ) -> Result<(), Wrong>;

    /// The rising edge.
    fn clock(&mut self, inputs: &[u64], in_reset: bool);
}

/// What is wrong with the outputs of a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// They differ from the model's; here is the model's frame.
    Differs(Box<[u64]>),
    /// A stream broke its protocol.
    Protocol {
        stream: &'static str,
        what: &'static str,
    },
    /// The design itself reported an assertion failure.
    AssertionFailure(String),
}

/// A design compared with its model in every cycle.
pub struct Pair<D, M> {
    pub dut: D,
    pub model: M,
    streams: Streams,
    /// Output streams: payload is compared while `valid`, and held while stalled.
    guards: Vec<Guard>,
    expected: Vec<u64>,
    was_reset: bool,
    clocks: u32,
}

/// The protocol state of one output stream.
struct Guard {
    index: usize,
    /// Valid without ready in the previous cycle, undisturbed.
    stalled: bool,
    held: Vec<u64>,
}

/// The design is polled for assertion failures once in this many cycles.
const COMPLAINT_PERIOD: u32 = 1 << 6;

impl<D: Dut, M: Clocked> Pair<D, M> {
    pub fn new(dut: D, mut model: M) -> Self {
        model.reset();
        let streams = Streams::new(dut.layout());
        let guard = |index: usize| {
            let words = streams.streams[index].payload.len();
            Guard {
                index,
                stalled: false,
                held: vec![0; words],
            }
        };
        let guards = streams.indices(Dir::Output).map(guard).collect();
        let expected = vec![0; dut.layout().output_words];
        Self {
            dut,
            model,
            streams,
            guards,
            expected,
            was_reset: true,
            clocks: 0,
        }
    }

    /// Bits that differ, ignoring payload that is not valid.
    #[inline]
    fn difference(&self, outputs: &[u64]) -> u64 {
        let expected = &self.expected[..outputs.len()];
        let mut difference = 0;
        for &word in &self.streams.control {
            difference |= outputs[word] ^ expected[word];
        }
        for guard in &self.guards {
            let stream = &self.streams.streams[guard.index];
            if outputs[stream.valid] & 1 == 1 {
                for word in stream.payload.clone() {
                    difference |= outputs[word] ^ expected[word];
                }
            }
        }
        difference
    }

    /// Protocol of the output streams.
    #[inline]
    fn guard(&mut self, inputs: &[u64], disturbed: bool, outputs: &[u64]) -> Result<(), Wrong> {
        for guard in &mut self.guards {
            let stream = &self.streams.streams[guard.index];
            let valid = outputs[stream.valid] & 1 == 1;
            let wrong = |what| {
                Err(Wrong::Protocol {
                    stream: stream.name,
                    what,
                })
            };
            let payload = &outputs[stream.payload.clone()];
            if guard.stalled && !valid {
                return wrong("valid fell without a transfer");
            }
            if guard.stalled && payload != guard.held {
                return wrong("payload changed while stalled");
            }
            let stalled = valid && !disturbed && inputs[stream.ready] & 1 == 0;
            if stalled && !guard.stalled {
                guard.held.copy_from_slice(payload);
            }
            guard.stalled = stalled;
        }
        Ok(())
    }
}

impl<D: Dut, M: Clocked> Target for Pair<D, M> {
    #[inline]
    fn settle(
        &mut self,
        inputs: &[u64],
        in_reset: bool,
        disturbed: bool,
        outputs: &mut [u64],
    ) -> Result<(), Wrong> {
        reset_edge(&mut self.dut, &mut self.was_reset, in_reset, self.clocks);
        if in_reset {
            self.model.reset();
        }
        self.dut.respond(inputs, outputs);
        self.model.eval(inputs, &mut self.expected);
        if self.difference(outputs) != 0 {
            return Err(Wrong::Differs(self.expected.clone().into()));
        }
        if in_reset {
            self.guards
                .iter_mut()
                .for_each(|guard| guard.stalled = false);
        } else {
            self.guard(inputs, disturbed, outputs)?;
        }
        if self.clocks.is_multiple_of(COMPLAINT_PERIOD)
            && let Some(text) = self.dut.assertion_failure()
        {
            return Err(Wrong::AssertionFailure(text));
        }
        Ok(())
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64], in_reset: bool) {
        self.clocks = self.clocks.wrapping_add(1);
        self.dut.clock();
        if !in_reset {
            self.model.clock(inputs);
        }
    }
}

#[inline]
fn reset_edge<D: Dut>(dut: &mut D, was_reset: &mut bool, in_reset: bool, clocks: u32) {
    if in_reset != *was_reset || clocks == 0 {
        dut.reset(in_reset);
        *was_reset = in_reset;
    }
}

/// A design alone: no model, no checks.
pub struct Alone<D> {
    pub dut: D,
    was_reset: bool,
    clocks: u32,
}

impl<D: Dut> Alone<D> {
    pub fn new(dut: D) -> Self {
        Self {
            dut,
            was_reset: true,
            clocks: 0,
        }
    }
}

impl<D: Dut> Target for Alone<D> {
    #[inline]
    fn settle(
        &mut self,
        inputs: &[u64],
        in_reset: bool,
        _: bool,
        outputs: &mut [u64],
    ) -> Result<(), Wrong> {
        reset_edge(&mut self.dut, &mut self.was_reset, in_reset, self.clocks);
        self.dut.respond(inputs, outputs);
        Ok(())
    }

    #[inline]
    fn clock(&mut self, _: &[u64], _: bool) {
        self.clocks |= 1;
        self.dut.clock();
    }
}

/// A model alone.
pub struct ModelAlone<M>(pub M);

impl<M: Clocked> Target for ModelAlone<M> {
    #[inline]
    fn settle(
        &mut self,
        inputs: &[u64],
        in_reset: bool,
        _: bool,
        outputs: &mut [u64],
    ) -> Result<(), Wrong> {
        if in_reset {
            self.0.reset();
        }
        self.0.eval(inputs, outputs);
        Ok(())
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64], in_reset: bool) {
        if !in_reset {
            self.0.clock(inputs);
        }
    }
}

/// The frames of a layout, all zero.
pub(crate) fn frames(layout: &PortLayout) -> (Vec<u64>, Vec<u64>) {
    (vec![0; layout.input_words], vec![0; layout.output_words])
}
