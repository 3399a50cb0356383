//! The near-memory PE (REFREE, DAC'24, section 4.2), from its specification `docs/pe.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The model
//! keeps one copy of each register, so what depends on the old state is computed first, in this
//! order: the end of RUN, issue, tracker, then the buffers at both ends.

mod arith;
mod banks;
mod control;
mod groups;
mod issue;
mod match_front;
mod op;
mod output;
mod ports;
mod requests;
mod serve;
mod shape;
mod slot_table;
mod stage_c;
mod status;
mod tracker;
mod vectors;

#[cfg(test)]
mod tests;

use blocks::pe::PeConfig;
use contract::Clocked;
use contract::{BlockConfig, PortLayout};
use control::{Command, Control, State};
use issue::Issue;
use match_front::ListBeat;
use op::{Kind, OpQueue};
use output::OutputBuffer;
use ports::{Ports, ReqPorts};
use requests::{Request, Requests};
use shape::Shape;
use status::{Counter, Fault, Status};
use tracker::Renamer;
use vectors::VectorBuffer;

/// Golden model of one PE.
#[derive(Clone, Debug)]
pub struct PeModel {
    layout: PortLayout,
    ports: Ports,
    shape: Shape,
    control: Control,
    status: Status,
    requests: Requests,
    tracker: Renamer,
    ops: OpQueue,
    vectors: VectorBuffer,
    issue: Issue,
    output: OutputBuffer,
}

impl PeModel {
    /// The PE of a configuration that [`BlockConfig::validate`] accepts, after reset.
    pub fn new(config: &PeConfig) -> Self {
        let shape = Shape::new(config);
        let layout = PortLayout::new(config.ports());
        Self {
            ports: Ports::new(&layout, &shape),
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
        let p = &self.ports;
        let end = inputs[p.req_end] != 0;
        match (&mut self.requests, &p.req) {
            (Requests::Queue(queue), ReqPorts::Rows { row, mask }) if request => {
                queue.push(Request {
                    row: inputs[*row] as u32,
                    mask: inputs[*mask] as u32,
                    last: inputs[p.req_last] as u32,
                    end,
                });
            }
            (Requests::Match(front), ReqPorts::Lists { query, id }) => {
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
        let p = &self.ports;
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
        let p = &self.ports;
        let visible = self.output.visible();
        let update = self.control.command.update;
        outputs[p.cmd_ready] = u64::from(self.control.state == State::Idle);
        outputs[p.req_ready] = u64::from(self.requests.ready());
        outputs[p.vec_ready] = u64::from(self.takes_beats());
        outputs[p.res.valid] = u64::from(visible && !update);
        if let Some(wb) = &p.wb {
            outputs[wb.valid] = u64::from(visible && update);
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
        let clear = inputs[self.ports.clear] != 0;
        if clear || inputs[self.ports.abort] != 0 {
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
        let takes_request = self.requests.ready() && inputs[self.ports.req_valid] != 0;
        let takes_beat = self.takes_beats() && inputs[self.ports.vec_valid] != 0;
        let drain = match self.ports.wb_ready {
            Some(wb_ready) if self.control.command.update => wb_ready,
            _ => self.ports.res_ready,
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
                started = inputs[self.ports.cmd_valid] != 0;
                if started {
                    self.start(inputs);
                }
            }
        }

        self.step_requests(inputs, takes_request, takes_beat, started);
        let p = &self.ports;
        if takes_beat {
            let id = p.vec_id.map_or(0, |at| inputs[at]);
            let words = &inputs[p.vec_data..p.vec_data + p.vec_words];
            self.vectors.accept(id, words);
        }
        self.vectors.step(end);
        self.issue.step();
        self.output.step(leaves);
    }
}
