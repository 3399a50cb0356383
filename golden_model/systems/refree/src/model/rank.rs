//! A rank in closed loop: DRAM channel, link to the host and PE, cycle by cycle.

use std::ops::AddAssign;

use serde::Serialize;

use super::Link;
use super::memory::Memory;
use super::pe::Pe;
use super::placement::LINE;
use super::plan::{Job, Pass};
use blocks::pe::{PeConfig, Pins, WritePins};
use dram;

/// What a rank consists of besides its PE.
#[derive(Clone, Debug)]
pub struct RankConfig {
    /// One channel with one rank.
    pub dram: dram::Config,
    /// DRAM cycles of a PE cycle.
    pub ratio: u64,
    /// Lines that the rank's interface reads ahead, and lines it holds to be written.
    pub window: usize,
    /// Bits a DRAM cycle that the rank has of its channel towards the host.
    pub link_bits: u32,
}

/// Where a job's vectors come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The rank's DRAM.
    Memory,
    /// The host, over the link.
    Host,
}

/// What jobs took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// DRAM cycles from the command to the PE being idle and all writes being in the devices.
    pub cycles: u64,
    /// PE cycles in which a command ran.
    pub pe_cycles: u64,
    pub adder_beats: u64,
    pub fills: u64,
    pub updates: u64,
    /// PE cycles without an issue: no vector, no room for a result, blocked, no work.
    pub stalls: [u64; 4],
    pub vector_beats: u64,
    pub results: u64,
    pub lines_read: u64,
    pub lines_written: u64,
    /// Bits of requests and results on the link.
    pub link_bits: u64,
    /// FNV-1a over what left the PE: equal outputs have equal hashes.
    pub fnv: u64,
    /// The PE's error register, 0 if all is well.
    pub error: u64,
    /// The PE did not finish; the figures are void.
    pub hangs: bool,
}

impl AddAssign for Stats {
    fn add_assign(&mut self, other: Self) {
        self.cycles += other.cycles;
        self.pe_cycles += other.pe_cycles;
        self.adder_beats += other.adder_beats;
        self.fills += other.fills;
        self.updates += other.updates;
        (0..4).for_each(|cause| self.stalls[cause] += other.stalls[cause]);
        self.vector_beats += other.vector_beats;
        self.results += other.results;
        self.lines_read += other.lines_read;
        self.lines_written += other.lines_written;
        self.link_bits += other.link_bits;
        self.fnv = fnv(self.fnv, other.fnv);
        self.error = self.error.max(other.error);
        self.hangs |= other.hangs;
    }
}

/// A rank.
pub struct Rank<P> {
    pe: P,
    pins: Pins,
    wb: WritePins,
    ratio: u64,
    memory: Memory,
    link: Link,
    inputs: Vec<u64>,
    outputs: Vec<u64>,
    beats: u64,
    beat_bits: u64,
    id_mask: u64,
}

/// Counters of the PE (`docs/pe.md`, section 10).
const COUNTERS: usize = 10;
/// 0.01, DLRM's usual rate.
const LEARNING_RATE: u64 = 0x3c23_d70a;
/// More PE cycles than this without any transfer: the PE hangs.
const PATIENCE: u64 = 1 << 22;

impl<P: Pe> Rank<P> {
    /// An idle rank whose PE, of a configuration with update hardware and the rename tracker, has
    /// just been reset. Until it has cleared its tables no time passes.
    pub fn new(pe: P, pe_config: &PeConfig, config: &RankConfig) -> Self {
        let (layout, pins) = (pe.layout(), Pins::new(pe_config));
        let mut rank = Self {
            wb: pins.wb.clone().expect("the PE has update hardware"),
            pins,
            inputs: vec![0; layout.input_words],
            outputs: vec![0; layout.output_words],
            beat_bits: pe_config.width.into(),
            id_mask: u64::MAX >> (64 - pe_config.id_bits),
            beats: pe_config.beats().into(),
            ratio: config.ratio,
            memory: Memory::new(&config.dram, config.window),
            link: Link::new(config.link_bits),
            pe,
        };
        // One that never does hangs in its first job.
        for _ in 0..PATIENCE {
            rank.pe.settle(&rank.inputs, &mut rank.outputs);
            if rank.outputs[rank.pins.busy] == 0 {
                break;
            }
            rank.pe.edge(&rank.inputs);
        }
        rank
    }

    /// Commands that the DRAM took so far.
    pub fn commands(&self) -> dram::Commands {
        self.memory.controller().commands()
    }

    /// The host writes lines through the link. Returns the DRAM cycles that this takes.
    pub fn receive(&mut self, lines: &[u64]) -> u64 {
        let start = self.memory.now();
        let mut lines = lines.iter();
        let mut next = lines.next();
        while next.is_some() || !self.memory.is_drained() {
            self.link.pass(1);
            if let Some(&address) = next
                && self.link.is_free()
                && self.memory.takes_write()
            {
                self.link.take(LINE * 8);
                self.memory.write(address);
                next = lines.next();
            }
            self.memory.pass(1);
        }
        self.memory.now() - start
    }

    /// Does a job, to its end.
    pub fn run(&mut self, job: &Job, source: Source) -> Stats {
        if source == Source::Memory {
            let lines_of = |first: &u64| {
                let first = *first;
                (0..job.lines).map(move |line| first + line * LINE)
            };
            self.memory
                .begin(job.reads.iter().flat_map(lines_of).collect());
        }
        let before = self.counters();
        let (lines_before, link_before) = (self.memory.lines(), self.link.moved());
        let start = self.memory.now();
        let mut feed = Feed::new(source);
        let mut quiet = 0;
        self.offer_command(job);
        while quiet < PATIENCE {
            self.memory.pass(self.ratio);
            self.link.pass(self.ratio);
            // Busy rises in the cycle after the command's.
            let commanded = feed.commanded;
            let moved = self.cycle(job, &mut feed);
            quiet = if moved { 0 } else { quiet + 1 };
            let idle = commanded && self.outputs[self.pins.busy] == 0;
            if idle && feed.visit == job.visits.len() && self.memory.is_drained() {
                break;
            }
        }
        let end = self.memory.now().max(self.memory.last_write());
        // Counters and errors come two cycles late.
        for _ in 0..2 {
            self.memory.pass(self.ratio);
            self.cycle(job, &mut feed);
        }
        let after = self.counters();
        let count = |at: usize| u64::from(after[at].wrapping_sub(before[at]));
        let lines = self.memory.lines();
        Stats {
            cycles: end - start,
            pe_cycles: count(0),
            adder_beats: count(1),
            fills: count(2),
            updates: count(5),
            stalls: [count(6), count(7), count(8), count(9)],
            vector_beats: feed.vector_beats,
            results: feed.results,
            lines_read: lines.0 - lines_before.0,
            lines_written: lines.1 - lines_before.1,
            link_bits: self.link.moved() - link_before,
            fnv: feed.fnv,
            error: self.outputs[self.pins.err],
            hangs: quiet == PATIENCE,
        }
    }

    fn offer_command(&mut self, job: &Job) {
        let p = &self.pins;
        let (op, retain) = match job.pass {
            Pass::Forward => (1, 0),
            Pass::Backward => (1, 1),
            Pass::Update => (2, 0),
        };
        let fields = [
            op,
            retain,
            u64::from(job.queries),
            job.visits.len() as u64,
            LEARNING_RATE,
        ];
        self.inputs[p.cmd.payload.clone()].copy_from_slice(&fields);
        self.inputs[p.cmd.valid] = 1;
    }

    /// A cycle of the PE. Returns whether anything was transferred.
    fn cycle(&mut self, job: &Job, feed: &mut Feed) -> bool {
        self.drive(job, feed);
        self.pe.settle(&self.inputs, &mut self.outputs);
        let moved = self.transfer(job, feed);
        self.pe.edge(&self.inputs);
        let p = &self.pins;
        for stream in [&p.cmd, &p.req, &p.vec] {
            if self.outputs[stream.ready] != 0 {
                self.inputs[stream.valid] = 0;
            }
        }
        moved
    }

    fn drive(&mut self, job: &Job, feed: &mut Feed) {
        let p = &self.pins;
        let free = self.link.is_free();
        if self.inputs[p.req.valid] == 0
            && free
            && let Some(visit) = job.visits.get(feed.asking)
        {
            let request = visit.requests[feed.request];
            let end = feed.request + 1 == visit.requests.len();
            let fields = [request.row, request.mask, request.last, u32::from(end)].map(u64::from);
            self.inputs[p.req.payload.clone()].copy_from_slice(&fields);
            self.inputs[p.req.valid] = 1;
        }
        if self.inputs[p.vec.valid] == 0
            && let Some(visit) = job.visits.get(feed.visit)
        {
            if feed.beat == 0 && !feed.held {
                feed.held = match feed.source {
                    _ if !job.fresh[feed.visit] => true,
                    Source::Memory => self.memory.take(job.lines as usize),
                    Source::Host if free => {
                        self.link.take(job.lines * LINE * 8);
                        true
                    }
                    Source::Host => false,
                };
            }
            if feed.held {
                let id = u64::from(visit.id);
                let payload = &mut self.inputs[p.vec.payload.clone()];
                let words = payload.len() as u64;
                payload[0] = id & self.id_mask;
                for (word, place) in payload[1..].iter_mut().zip(feed.beat * words..) {
                    *word = content(id, place);
                }
                self.inputs[p.vec.valid] = 1;
            }
        }
        self.inputs[p.res.stream.ready] = free.into();
        self.inputs[self.wb.stream.ready] = self.memory.takes_write().into();
    }

    fn transfer(&mut self, job: &Job, feed: &mut Feed) -> bool {
        let p = &self.pins;
        let inputs = &self.inputs;
        let outputs = &self.outputs;
        let mut moved = false;
        if inputs[p.cmd.valid] & outputs[p.cmd.ready] != 0 {
            feed.commanded = true;
            moved = true;
        }
        if inputs[p.req.valid] & outputs[p.req.ready] != 0 {
            self.link.take(p.request_bits.into());
            feed.request += 1;
            if feed.request == job.visits[feed.asking].requests.len() {
                feed.request = 0;
                feed.asking += 1;
            }
            moved = true;
        }
        if inputs[p.vec.valid] & outputs[p.vec.ready] != 0 {
            feed.vector_beats += 1;
            feed.beat += 1;
            if feed.beat == self.beats {
                feed.beat = 0;
                feed.held = false;
                feed.visit += 1;
            }
            moved = true;
        }
        if outputs[p.res.stream.valid] & inputs[p.res.stream.ready] != 0 {
            // A slice that its row fills in part has no more than the row to send.
            let row_bits = job.lines * LINE * 8 / self.beats;
            self.link.take(self.beat_bits.min(row_bits));
            if outputs[p.res.last] != 0 {
                // Queries of one row whose sums are equal leave together.
                feed.results += u64::from(outputs[p.res.mask].count_ones());
            }
            feed.fnv = outputs[p.res.stream.payload.clone()]
                .iter()
                .fold(feed.fnv, |h, &w| fnv(h, w));
            moved = true;
        }
        if outputs[self.wb.stream.valid] & inputs[self.wb.stream.ready] != 0 {
            feed.fnv = outputs[self.wb.stream.payload.clone()]
                .iter()
                .fold(feed.fnv, |h, &w| fnv(h, w));
            if outputs[self.wb.last] != 0 {
                // Rows leave in the order in which they came.
                let first = job.reads[feed.written];
                (0..job.lines).for_each(|line| self.memory.write(first + line * LINE));
                feed.written += 1;
            }
            moved = true;
        }
        moved
    }

    fn counters(&mut self) -> [u32; COUNTERS] {
        std::array::from_fn(|select| {
            self.inputs[self.pins.ctr_sel] = select as u64;
            self.pe.settle(&self.inputs, &mut self.outputs);
            self.outputs[self.pins.ctr] as u32
        })
    }
}

/// How far a job is.
struct Feed {
    source: Source,
    commanded: bool,
    /// Visit and request that are sent next.
    asking: usize,
    request: usize,
    /// Visit and beat that are sent next, and whether the interface holds the vector.
    visit: usize,
    beat: u64,
    held: bool,
    vector_beats: u64,
    results: u64,
    written: usize,
    fnv: u64,
}

impl Feed {
    fn new(source: Source) -> Self {
        Self {
            source,
            commanded: false,
            asking: 0,
            request: 0,
            visit: 0,
            beat: 0,
            held: false,
            vector_beats: 0,
            results: 0,
            written: 0,
            fnv: 0,
        }
    }
}

fn fnv(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(1_099_511_628_211)
}

/// Something that differs from vector to vector; time does not depend on it.
fn content(id: u64, word: u64) -> u64 {
    let mixed = (id << 20 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // Two finite binary32 numbers between 2^-15 and 2^16.
    mixed & 0x8f7f_ffff_8f7f_ffff | 0x3800_0000_3800_0000
}
