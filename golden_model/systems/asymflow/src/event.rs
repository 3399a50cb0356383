//! The event model: row by row and burst by burst, always the core with the earliest issue.
//!
//! Within a core shares follow one another without overlap. Output writes and index reads are the same
//! for every schedule and are left out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rustc_hash::FxHashSet;

use crate::machine::Machine;
use crate::memory::Memory;
use crate::params::{HOT_TEST, REPEAT, TABLE_ALIGN};
use crate::queries::Batch;
use crate::schedule::{Schedule, Share, Strategy};
use crate::workload::Table;

/// What a run took.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Cycles of the last batch.
    pub cycles: f64,
    /// Cycles in which each core was not waiting at a barrier or done.
    pub busy: Vec<f64>,
}

/// Runs the batches one after the other; the last one counts.
pub fn run(machine: &Machine, tables: &[Table], schedule: &Schedule, batches: &[Batch]) -> Run {
    let mut address = 0_u64;
    let starts: Vec<u64> = tables
        .iter()
        .map(|table| {
            let start = address;
            address += (table.table_bytes() as u64).next_multiple_of(TABLE_ALIGN);
            start
        })
        .collect();
    let mut memory = Memory::new(machine);
    let mut last = Run {
        cycles: 0.0,
        busy: Vec::new(),
    };
    for batch in batches {
        memory.restart();
        last = Run {
            cycles: 0.0,
            busy: vec![0.0; machine.core_count()],
        };
        for phase in &schedule.phases {
            let begin = last.cycles;
            let mut model = Model {
                machine,
                tables,
                starts: &starts,
                schedule,
                batch,
            };
            for (core, end) in model
                .phase(phase, begin, &mut memory)
                .into_iter()
                .enumerate()
            {
                last.busy[core] += end - begin;
                last.cycles = last.cycles.max(end);
            }
        }
    }
    last
}

struct Model<'a> {
    machine: &'a Machine,
    tables: &'a [Table],
    starts: &'a [u64],
    schedule: &'a Schedule,
    batch: &'a Batch,
}

/// A core and the share that it works on.
#[derive(Default)]
struct Core<'a> {
    shares: &'a [Share],
    next: usize,
    ids: &'a [u32],
    at: usize,
    kind: Kind,
    table: usize,
    dma_free: f64,
    port_free: f64,
    vector_free: f64,
    /// Vector completions of the rows in flight.
    flight: VecDeque<f64>,
    seen: FxHashSet<u32>,
    chunks: Chunks,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Idle,
    Rows,
    Hot,
    Filter,
    Chunks,
}

/// A table that streams.
#[derive(Default)]
struct Chunks {
    count: usize,
    bytes: u64,
    each: u64,
    /// Vector cycles of each chunk.
    work: Vec<f64>,
    current: usize,
    /// Bytes of the current chunk already issued, and when its data are complete.
    issued: u64,
    loaded: f64,
    /// When each of the two buffers is free.
    buffer: [f64; 2],
}

impl<'a> Model<'a> {
    /// Runs one phase from `begin`; returns when each core is done.
    fn phase(&mut self, phase: &'a [Vec<Share>], begin: f64, memory: &mut Memory) -> Vec<f64> {
        let mut cores: Vec<Core> = phase
            .iter()
            .map(|shares| Core {
                shares,
                vector_free: begin,
                dma_free: begin,
                ..Core::default()
            })
            .collect();
        let mut queue = BinaryHeap::new();
        for (index, core) in cores.iter_mut().enumerate() {
            // Times are never negative: their bits are ordered as they are.
            queue.extend(self.issue(core).map(|at| Reverse((at.to_bits(), index))));
        }
        while let Some(Reverse((at, index))) = queue.pop() {
            let core = &mut cores[index];
            self.event(core, f64::from_bits(at), memory);
            queue.extend(self.issue(core).map(|at| Reverse((at.to_bits(), index))));
        }
        cores
            .iter()
            .map(|core| core.vector_free.max(begin))
            .collect()
    }

    /// When the core issues next to shared memory; private work on the way is done at once.
    fn issue(&self, core: &mut Core<'a>) -> Option<f64> {
        loop {
            match core.kind {
                Kind::Idle => {
                    let share = core.shares.get(core.next)?;
                    core.next += 1;
                    self.begin(core, share);
                    continue;
                }
                Kind::Chunks => {
                    let chunks = &core.chunks;
                    if chunks.current < chunks.count {
                        return Some(match chunks.issued {
                            0 => {
                                core.dma_free.max(chunks.buffer[chunks.current % 2])
                                    + self.machine.t_chunk
                            }
                            _ => core.dma_free,
                        });
                    }
                }
                Kind::Rows | Kind::Hot | Kind::Filter => {
                    self.skip(core);
                    if core.at < core.ids.len() {
                        let full = core.flight.len() >= self.machine.n_out as usize;
                        let oldest = core.flight.front().copied().filter(|_| full);
                        return Some(core.dma_free.max(oldest.unwrap_or(0.0)));
                    }
                }
            }
            let end = core.vector_free.max(core.dma_free).max(core.port_free);
            (core.vector_free, core.dma_free, core.kind) = (end, end, Kind::Idle);
        }
    }

    /// Passes look-ups that need no row of global memory.
    fn skip(&self, core: &mut Core<'a>) {
        let gather = self.gather(core.table);
        while let Some(&id) = core.ids.get(core.at) {
            match core.kind {
                Kind::Filter if core.seen.contains(&id) => core.dma_free += REPEAT,
                Kind::Hot if self.schedule.hot[core.table].contains(&id) => {
                    core.vector_free += HOT_TEST + gather;
                }
                _ => return,
            }
            core.at += 1;
        }
    }

    fn begin(&self, core: &mut Core<'a>, share: &Share) {
        let bags = &self.batch[share.table];
        let query = |part: f64| (part * bags.queries() as f64).round() as usize;
        core.ids = bags.range(query(share.from), query(share.to));
        if core.ids.is_empty() {
            return;
        }
        (core.at, core.table) = (0, share.table);
        core.port_free = core.dma_free;
        core.flight.clear();
        match share.how {
            Strategy::Gm => core.kind = Kind::Rows,
            Strategy::Filter => {
                core.seen.clear();
                core.kind = Kind::Filter;
            }
            Strategy::Hot(rows) => {
                core.kind = Kind::Hot;
                let bytes = f64::from(rows) * f64::from(self.tables[share.table].row_bytes());
                let first = bytes.min(self.machine.chunk());
                core.vector_free += self.machine.t_chunk + first / self.machine.w_l1;
            }
            Strategy::L1 => self.rows_of_l1(core),
            Strategy::GmUb => {
                self.prepare(core);
                core.kind = Kind::Chunks;
            }
            Strategy::L1Ub => {
                self.prepare(core);
                self.chunks_of_l1(core);
            }
        }
    }

    /// Vector cycles to gather one row.
    fn gather(&self, table: usize) -> f64 {
        (f64::from(self.tables[table].dim) / self.machine.gather).max(1.0)
    }

    fn rows_of_l1(&self, core: &mut Core<'a>) {
        let machine = self.machine;
        let wide = f64::from(self.tables[core.table].row_bytes()) / machine.w_l1;
        for _ in core.ids {
            let full = core.flight.len() >= machine.n_out as usize;
            let oldest = if full { core.flight.pop_front() } else { None };
            let issue = core.dma_free.max(oldest.unwrap_or(0.0));
            core.dma_free = issue + machine.t_l1.max(wide);
            self.row_arrives(core, issue + machine.lat_l1, wide);
        }
        let end = core.vector_free.max(core.dma_free);
        (core.vector_free, core.dma_free) = (end, end);
    }

    /// A row passes the port in order and is added in order.
    fn row_arrives(&self, core: &mut Core<'a>, ready: f64, wide: f64) {
        core.port_free = core.port_free.max(ready) + wide;
        core.vector_free = core.vector_free.max(core.port_free) + self.machine.t_add;
        core.flight.push_back(core.vector_free);
    }

    /// Cuts the table into chunks and counts the look-ups of each.
    fn prepare(&self, core: &mut Core<'a>) {
        let (table, machine) = (&self.tables[core.table], self.machine);
        let row = u64::from(table.row_bytes());
        let rows_each = ((machine.chunk() as u64) / row).max(1);
        let count = u64::from(table.rows).div_ceil(rows_each);
        // Chunks of one size, as nearly as whole rows allow.
        let rows_each = u64::from(table.rows).div_ceil(count);
        let count = u64::from(table.rows).div_ceil(rows_each) as usize;
        let n = core.ids.len() as f64;
        let scan = match count {
            1 => 0.0,
            _ => (n * count as f64 / machine.scan).min(2.0 * n) / count as f64,
        };
        let mut work = vec![scan; count];
        let gather = self.gather(core.table);
        for &id in core.ids {
            work[(u64::from(id) / rows_each) as usize] += gather;
        }
        core.chunks = Chunks {
            count,
            bytes: u64::from(table.rows) * row,
            each: rows_each * row,
            work,
            buffer: [core.dma_free; 2],
            ..Chunks::default()
        };
    }

    fn chunks_of_l1(&self, core: &mut Core<'a>) {
        let machine = self.machine;
        let Chunks {
            count,
            bytes,
            each,
            work,
            buffer,
            ..
        } = &mut core.chunks;
        for chunk in 0..*count {
            let size = (*bytes - chunk as u64 * *each).min(*each) as f64;
            let issue = core.dma_free.max(buffer[chunk % 2]);
            core.dma_free = issue + machine.t_chunk + size / machine.w_l1;
            core.vector_free = core.vector_free.max(core.dma_free + machine.lat_l1) + work[chunk];
            buffer[chunk % 2] = core.vector_free;
        }
        core.dma_free = core.vector_free;
    }

    /// One access to shared memory, issued at `at`.
    fn event(&self, core: &mut Core<'a>, at: f64, memory: &mut Memory) {
        if core.kind == Kind::Chunks {
            return self.burst(core, at, memory);
        }
        let (machine, table) = (self.machine, &self.tables[core.table]);
        let row = u64::from(table.row_bytes());
        let wide = row as f64 / machine.w_gm;
        let id = core.ids[core.at];
        core.at += 1;
        if core.flight.len() >= machine.n_out as usize {
            core.flight.pop_front();
        }
        core.dma_free = at + machine.t_desc.max(wide);
        let ready = memory.read(at, self.starts[core.table] + u64::from(id) * row, row);
        match core.kind {
            Kind::Hot => {
                // Straight to its place in the output tile; a pooled row is still added.
                core.port_free = core.port_free.max(ready) + wide;
                core.vector_free += HOT_TEST + if table.pooled() { machine.t_add } else { 0.0 };
                core.flight.push_back(core.port_free);
            }
            Kind::Filter => {
                core.seen.insert(id);
                self.row_arrives(core, ready, wide);
            }
            _ => self.row_arrives(core, ready, wide),
        }
    }

    /// One burst of a chunk: a granule under the chunk's descriptor.
    fn burst(&self, core: &mut Core<'a>, at: f64, memory: &mut Memory) {
        let machine = self.machine;
        let start = self.starts[core.table];
        let chunks = &mut core.chunks;
        let first = chunks.current as u64 * chunks.each;
        let size = (chunks.bytes - first).min(chunks.each);
        let burst = (size - chunks.issued).min(machine.granule as u64);
        let ready = memory.read(at, start + first + chunks.issued, burst);
        let wide = burst as f64 / machine.w_gm;
        core.port_free = core.port_free.max(ready) + wide;
        core.dma_free = at + wide;
        chunks.loaded = core.port_free;
        chunks.issued += burst;
        if chunks.issued == size {
            core.vector_free = core.vector_free.max(chunks.loaded) + chunks.work[chunks.current];
            chunks.buffer[chunks.current % 2] = core.vector_free;
            (chunks.current, chunks.issued) = (chunks.current + 1, 0);
        }
    }
}
