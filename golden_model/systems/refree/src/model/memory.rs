//! A rank's memory as its PE sees it: lines read ahead and handed out in order, and writes.

use std::collections::VecDeque;

use dram::{Completion, Config, Controller, Request};

/// Marks the ids of writes.
const WRITE: u64 = 1 << 63;

/// One rank behind its controller.
#[derive(Clone, Debug)]
pub struct Memory {
    controller: Controller,
    /// The next DRAM cycle.
    now: u64,
    /// Lines requested or waiting to be taken, at most.
    window: usize,
    /// Addresses of the reads of the phase, in the order in which they are taken.
    reads: Vec<u64>,
    asked: usize,
    taken: usize,
    /// Of the reads requested and not taken: has it arrived?
    arrived: VecDeque<bool>,
    writes: VecDeque<u64>,
    written: u64,
    unfinished_writes: u64,
    last_write: u64,
    lines_read: u64,
}

impl Memory {
    /// An idle rank. `config` is one channel with one rank.
    pub fn new(config: &Config, window: usize) -> Self {
        Self {
            controller: Controller::new(config),
            now: 1,
            window,
            reads: Vec::new(),
            asked: 0,
            taken: 0,
            arrived: VecDeque::with_capacity(window),
            writes: VecDeque::new(),
            written: 0,
            unfinished_writes: 0,
            last_write: 0,
            lines_read: 0,
        }
    }

    /// The DRAM cycle.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The reads of a phase, all earlier ones having been taken.
    pub fn begin(&mut self, reads: Vec<u64>) {
        debug_assert_eq!(self.taken, self.reads.len());
        self.reads = reads;
        (self.asked, self.taken) = (0, 0);
    }

    /// Takes the next `lines` lines, if they have all arrived.
    pub fn take(&mut self, lines: usize) -> bool {
        let arrived = self.arrived.len() >= lines && self.arrived.range(..lines).all(|&line| line);
        if arrived {
            self.arrived.drain(..lines);
            self.taken += lines;
        }
        arrived
    }

    /// Whether another line to be written finds room.
    pub fn takes_write(&self) -> bool {
        self.writes.len() < self.window
    }

    /// Queues a line to be written.
    pub fn write(&mut self, address: u64) {
        self.writes.push_back(address);
        self.unfinished_writes += 1;
    }

    /// Whether every write is in the devices.
    pub fn is_drained(&self) -> bool {
        self.unfinished_writes == 0
    }

    /// The cycle of the last write.
    pub fn last_write(&self) -> u64 {
        self.last_write
    }

    /// Reads and writes that went to the controller so far.
    pub fn lines(&self) -> (u64, u64) {
        (self.lines_read, self.written)
    }

    /// The controller.
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    /// Lets `cycles` DRAM cycles pass; one request is offered in each, writes first.
    pub fn pass(&mut self, cycles: u64) {
        let end = self.now + cycles;
        for now in self.now..end {
            if !self.offer(now) {
                break;
            }
        }
        self.now = end;
        self.advance(end - 1);
    }

    /// Offers a request; false if there is none or it found no room.
    fn offer(&mut self, now: u64) -> bool {
        if let Some(&address) = self.writes.front() {
            let request = Request {
                id: WRITE,
                address,
                write: true,
            };
            if self.controller.try_push(request, now) {
                self.writes.pop_front();
                self.written += 1;
                return true;
            }
        }
        if self.arrived.len() == self.window || self.asked == self.reads.len() {
            return false;
        }
        let request = Request {
            id: self.asked as u64,
            address: self.reads[self.asked],
            write: false,
        };
        let pushed = self.controller.try_push(request, now);
        if pushed {
            self.arrived.push_back(false);
            self.asked += 1;
            self.lines_read += 1;
        }
        pushed
    }

    fn advance(&mut self, cycle: u64) {
        let Self {
            controller,
            arrived,
            taken,
            unfinished_writes,
            last_write,
            ..
        } = self;
        controller.advance_to(cycle, &mut |done: Completion| {
            if done.id == WRITE {
                *unfinished_writes -= 1;
                *last_write = done.cycle;
            } else {
                arrived[done.id as usize - *taken] = true;
            }
        });
    }
}
