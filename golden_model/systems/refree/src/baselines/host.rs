//! The CPU-GPU baseline: tables in host memory, gathered, reduced and updated by the CPU.
//!
//! The CPU is given all the cores it needs: what counts is the traffic to its DRAM, and to its
//! last-level cache if it has one. [`super::measured`] is what a real CPU takes. Backward is
//! DLRM's sparse path (Tensor Casting, HPCA'21, section 3): the gradient of each query is copied to
//! each of its look-ups (expand), copies are added up by row (coalesce), rows are updated.

use std::ops::AddAssign;

use serde::Serialize;

use super::super::model::LINE;
use super::super::model::scatter;
use super::super::params;
use super::cache::Cache;
use dram::{Access, Commands, Config, run};
use traces::batch::{Bags, backward};

/// The host's memory.
#[derive(Clone, Debug)]
pub struct Host {
    dram: Config,
    /// Last-level cache; none: every access goes to memory, as in the simulations of the papers.
    cache: Option<Cache>,
    row_bytes: u64,
    rows: u64,
}

/// One training step's embedding layer on the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct HostStep {
    pub forward: Traffic,
    pub backward: Traffic,
}

/// Traffic of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Traffic {
    /// DRAM cycles.
    pub cycles: u64,
    pub lines_read: u64,
    pub lines_written: u64,
    pub additions: u64,
    #[serde(skip)]
    pub commands: Commands,
}

impl Traffic {
    /// Lines on the channels.
    pub fn lines(&self) -> u64 {
        self.lines_read + self.lines_written
    }
}

impl HostStep {
    /// Of both directions.
    pub fn commands(&self) -> Commands {
        let mut commands = self.forward.commands;
        commands += self.backward.commands;
        commands
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.cycles += other.cycles;
        self.lines_read += other.lines_read;
        self.lines_written += other.lines_written;
        self.additions += other.additions;
        self.commands += other.commands;
    }
}

/// What a phase does, line by line, before the cache.
struct Phase<'a> {
    host: &'a mut Host,
    trace: Vec<Access>,
    /// Lines that the cores touch, cached or not.
    touched: u64,
}

/// Regions of the host's memory, behind the rows.
#[derive(Clone, Copy)]
enum Region {
    Gradients,
    Expanded,
    Coalesced,
}

impl Host {
    /// Tables of `rows` rows of `row_bytes` in four channels of two ranks.
    pub fn new(rows: u64, row_bytes: u64, cache: Option<Cache>) -> Self {
        Self {
            dram: Config::ddr5_4800(2, 4),
            cache,
            row_bytes,
            rows,
        }
    }

    /// A step with this batch of joint ids.
    pub fn step(&mut self, batch: &Bags) -> HostStep {
        HostStep {
            forward: self.forward(batch),
            backward: self.backward(batch),
        }
    }

    /// Every look-up reads its row. Sums stay in registers and leave for the GPU.
    pub fn forward(&mut self, batch: &Bags) -> Traffic {
        let mut phase = self.phase();
        for &id in batch.iter().flatten() {
            phase.row(id, false);
        }
        let additions = (batch.lookups() - batch.non_empty()) as u64;
        phase.serve(additions)
    }

    /// Expand, coalesce, update.
    pub fn backward(&mut self, batch: &Bags) -> Traffic {
        let work = backward(batch);
        let mut phase = self.phase();
        // Where in the expanded list each query's copies start.
        let mut starts = Vec::with_capacity(batch.len());
        let mut copies = 0;
        for (query, bag) in batch.iter().enumerate() {
            starts.push(copies);
            if !bag.is_empty() {
                phase.vector(Region::Gradients, query as u64, false);
            }
            for copy in 0..bag.len() as u64 {
                phase.vector(Region::Expanded, copies + copy, true);
            }
            copies += bag.len() as u64;
        }
        // A query's copies are taken one after the other: which row takes which doesn't matter.
        for (row, bag) in work.bags.iter().enumerate() {
            for &gradient in bag {
                let next = &mut starts[gradient as usize];
                phase.vector(Region::Expanded, *next, false);
                *next += 1;
            }
            phase.vector(Region::Coalesced, row as u64, true);
        }
        for (row, &id) in work.rows.iter().enumerate() {
            phase.vector(Region::Coalesced, row as u64, false);
            phase.row(id, false);
            phase.row(id, true);
        }
        let additions = (batch.lookups() - work.rows.len()) as u64;
        phase.serve(additions)
    }

    fn phase(&mut self) -> Phase<'_> {
        Phase {
            host: self,
            trace: Vec::new(),
            touched: 0,
        }
    }
}

impl Phase<'_> {
    fn row(&mut self, id: u32, write: bool) {
        let at = scatter(id.into(), self.host.rows) * self.host.row_bytes;
        self.bytes(at, write);
    }

    fn vector(&mut self, region: Region, index: u64, write: bool) {
        let Host {
            rows, row_bytes, ..
        } = *self.host;
        // Far enough apart for any batch.
        let base = (rows * row_bytes).next_multiple_of(4096) + ((region as u64) << 30);
        self.bytes(base + index * row_bytes, write);
    }

    fn bytes(&mut self, address: u64, write: bool) {
        for line in address / LINE..(address + self.host.row_bytes).div_ceil(LINE) {
            self.touched += 1;
            let Some(cache) = &mut self.host.cache else {
                self.push(line, write);
                continue;
            };
            let access = cache.access(line, write);
            if let Some(victim) = access.written_back {
                self.push(victim, true);
            }
            // Vectors are written whole: what was there needn't be read.
            if access.miss && !write {
                self.push(line, false);
            }
        }
    }

    fn push(&mut self, line: u64, write: bool) {
        let address = line * LINE;
        self.trace.push(Access { address, write });
    }

    fn serve(self, additions: u64) -> Traffic {
        let outcome = run(&self.host.dram, &self.trace);
        let cache_s = (self.touched * LINE) as f64 / params::HOST_CACHE_BYTES_PER_S;
        let cache_cycles = match self.host.cache {
            Some(_) => (cache_s / params::TCK) as u64,
            None => 0,
        };
        Traffic {
            cycles: outcome.cycles.max(cache_cycles),
            lines_read: outcome.reads,
            lines_written: outcome.requests - outcome.reads,
            additions,
            commands: outcome.commands,
        }
    }
}
