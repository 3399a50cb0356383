//! The clocked model of one PE.

use super::control::{Command, Control, State};
use super::issue::Issue;
use super::match_front::ListBeat;
use super::op::{Kind, OpQueue};
use super::output::OutputBuffer;
use super::request::Request;
use super::requests::Requests;
use super::shape::Shape;
use super::status::{Counter, Fault, Status};
use super::tracker::Renamer;
use super::vectors::VectorBuffer;
use blocks::pe::{LookUpPins, PeConfig, Pins};
use contract::Clocked;
use contract::{BlockConfig, PortLayout};

/// Golden model of one PE.
#[derive(Clone, Debug)]
pub struct PeModel {
    layout: PortLayout,
    pins: Pins,
    shape: Shape,
    control: Control,
    pub(super) status: Status,
    requests: Requests,
    pub(super) tracker: Renamer,
    ops: OpQueue,
    pub(super) vectors: VectorBuffer,
    issue: Issue,
    output: OutputBuffer,
}

impl PeModel {
    /// The PE of a configuration that [`BlockConfig::validate`] accepts, after reset.
    pub fn new(config: &PeConfig) -> Self {
        let shape = Shape::new(config);
        let layout = PortLayout::new(config.ports());
        Self {
            pins: Pins::new(config),
            layout,
            control: Control::new(&shape),
            status: Status::default(),
            requests: Requests::new(&shape),
            tracker: Renamer::new(&shape),
            ops: OpQueue::new(shape.op_queue),
            vectors: VectorBuffer::new(&shape),
            issue: Issue::new(&shape),
            output: OutputBuffer::new(&shape),
            shape,
        }
    }

    /// Everything but counters and error to its reset value.
    fn restart(&mut self) {
        self.control.reset();
        self.requests.reset();
        self.tracker.reset();
        self.ops.reset();
        self.vectors.reset();
        self.issue.reset();
        self.output.reset();
    }

    /// RUN ends in this cycle.
    #[inline]
    fn finished(&self) -> bool {
        self.control.command.visits == 0
            && self.tracker.drained()
            && self.ops.is_empty()
            && self.issue.drained()
            && self.output.is_empty()
    }

    /// A cycle in RUN. Returns whether an END issues.
    #[inline]
    fn run(&mut self) -> bool {
        let finished = self.finished();
        let queue_full = self.ops.is_full();
        self.status.count(Counter::Cycles, 1);

        let ends = self.ops.at_issue().is_some_and(|op| op.kind == Kind::End);
        let leaving = self.issue.run(
            &self.ops,
            self.control.command.lr,
            &mut self.vectors,
            &mut self.output,
            &mut self.status,
        );
        let pushed = self.tracker.run(
            &mut self.control.command,
            &mut self.requests,
            queue_full,
            &mut self.status,
        );
        self.ops.step(leaving, self.vectors.at_hand(), pushed);
        if finished {
            self.finish();
        }
        leaving.issue && ends
    }

    /// The edge that ends RUN.
    fn finish(&mut self) {
        let command = &self.control.command;
        if !command.update && !command.retain && self.tracker.live != 0 {
            self.status.raise(Fault::Unfinished);
            self.tracker.forget();
            self.control.enter_clear(false);
        } else {
            self.control.state = State::Idle;
        }
    }

    /// The `vec` stream is ready.
    #[inline]
    fn takes_beats(&self) -> bool {
        let aside = self.ops.aside().map(|pass| pass.first);
        self.vectors.ready(aside) && self.requests.takes_id()
    }

    /// The edge of the request source. What transfers in this cycle: a beat of `req`, one of `vec`,
    /// a command.
    #[inline]
    fn step_requests(&mut self, inputs: &[u64], request: bool, beat: bool, started: bool) {
        let p = &self.pins;
        let end = inputs[p.req_end] != 0;
        match (&mut self.requests, &p.look_ups) {
            (Requests::Queue(queue), LookUpPins::Rows { row, mask }) if request => {
                queue.push(Request {
                    row: inputs[*row] as u32,
                    mask: inputs[*mask] as u32,
                    last: inputs[p.req_last] as u32,
                    end,
                });
            }
            (Requests::Match(front), LookUpPins::Lists { query, id }) => {
                let list = request.then(|| ListBeat {
                    query: inputs[*query] as u32,
                    id: inputs[*id],
                    last: inputs[p.req_last] != 0,
                    end,
                });
                let first = beat && self.vectors.at_first();
                let id = p.vec_id.filter(|_| first).map(|at| inputs[at]);
                front.step(list, id, &mut self.status);
                if started {
                    front.start(self.control.command.visits);
                }
            }
            _ => {}
        }
    }

    /// The edge of a `cmd` transfer.
    fn start(&mut self, inputs: &[u64]) {
        let p = &self.pins;
        let command = Command::new(
            &self.shape,
            inputs[p.cmd_op],
            inputs[p.cmd_retain] != 0,
            inputs[p.cmd_queries] as u32,
            inputs[p.cmd_visits] as u32,
            p.cmd_lr.map_or(0, |at| inputs[at] as u32),
        );
        if command.drop {
            self.status.raise(Fault::BadCommand);
        }
        if !command.update && self.tracker.live != 0 {
            self.status.raise(Fault::RetainedLost);
            self.tracker.forget();
            self.control.enter_clear(true);
        } else {
            self.control.state = State::Run;
        }
        self.control.command = command;
    }
}

impl Clocked for PeModel {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        self.restart();
        self.status = Status::default();
    }

    #[inline]
    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        let p = &self.pins;
        let visible = self.output.visible();
        let update = self.control.command.update;
        outputs[p.cmd.ready] = u64::from(self.control.state == State::Idle);
        outputs[p.req.ready] = u64::from(self.requests.ready());
        outputs[p.vec.ready] = u64::from(self.takes_beats());
        outputs[p.res.stream.valid] = u64::from(visible && !update);
        if let Some(wb) = &p.wb {
            outputs[wb.stream.valid] = u64::from(visible && update);
            if visible && update {
                self.output.drive_row(wb, outputs);
            }
        }
        if visible && !update {
            self.output.drive_result(&p.res, outputs);
        }
        outputs[p.ctr] = u64::from(self.status.counter(inputs[p.ctr_sel]));
        outputs[p.err] = u64::from(self.status.error());
        outputs[p.busy] = u64::from(self.control.state != State::Idle);
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64]) {
        let clear = inputs[self.pins.clear] != 0;
        if clear || inputs[self.pins.abort] != 0 {
            self.restart();
            if clear {
                self.status = Status::default();
            } else {
                self.status.forget();
            }
            return;
        }
        self.status.take();

        // Handshakes, from the registers as they stand.
        let takes_request = self.requests.ready() && inputs[self.pins.req.valid] != 0;
        let takes_beat = self.takes_beats() && inputs[self.pins.vec.valid] != 0;
        let drain = match &self.pins.wb {
            Some(wb) if self.control.command.update => wb.stream.ready,
            _ => self.pins.res.stream.ready,
        };
        let leaves = self.output.visible() && inputs[drain] != 0;

        let mut end = false;
        let mut started = false;
        match self.control.state {
            State::Run => end = self.run(),
            State::Clear => {
                let at = self.control.clear();
                self.tracker.clear_words(at);
            }
            State::Idle => {
                self.tracker.idle();
                started = inputs[self.pins.cmd.valid] != 0;
                if started {
                    self.start(inputs);
                }
            }
        }

        self.step_requests(inputs, takes_request, takes_beat, started);
        let p = &self.pins;
        if takes_beat {
            let id = p.vec_id.map_or(0, |at| inputs[at]);
            let words = &inputs[p.vec_data.clone()];
            self.vectors.accept(id, words);
        }
        self.vectors.step(end);
        self.issue.step();
        self.output.step(leaves);
    }
}
