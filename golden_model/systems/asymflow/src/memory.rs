//! What the cores share: slices of L2 with their granules, the L2 itself, and the HBM's channels.

use rustc_hash::FxHashMap;

use crate::machine::Machine;
use crate::params::{LINE, WAYS};

/// Shared memory with its state.
#[derive(Clone, Debug)]
pub struct Memory<'a> {
    machine: &'a Machine,
    slice_free: Vec<f64>,
    channel_free: Vec<f64>,
    granule_free: FxHashMap<u64, f64>,
    /// Lines of each set, the most recent first.
    sets: Vec<[u64; WAYS]>,
    slice_width: f64,
    line_cycles: f64,
    granule: u64,
}

const EMPTY: u64 = u64::MAX;

impl<'a> Memory<'a> {
    /// Empty.
    pub fn new(machine: &'a Machine) -> Self {
        let sets = (machine.l2_bytes / LINE / WAYS as f64).max(1.0) as usize;
        Self {
            machine,
            slice_free: vec![0.0; machine.slices as usize],
            channel_free: vec![0.0; machine.channels as usize],
            granule_free: FxHashMap::default(),
            sets: vec![[EMPTY; WAYS]; sets],
            slice_width: machine.slice_width(),
            line_cycles: LINE * machine.channels / machine.hbm_per_cycle(),
            granule: machine.granule as u64,
        }
    }

    /// Starts the clock again; L2 keeps its lines.
    pub fn restart(&mut self) {
        self.slice_free.fill(0.0);
        self.channel_free.fill(0.0);
        self.granule_free.clear();
    }

    /// When data requested at `issue` are ready at the memory: the last of all parts.
    pub fn read(&mut self, issue: f64, address: u64, bytes: u64) -> f64 {
        let (mut at, end, mut ready) = (address, address + bytes, 0.0_f64);
        while at < end {
            let granule = at / self.granule;
            let next = end.min((granule + 1) * self.granule);
            ready = ready.max(self.part(issue, granule, at, next));
            at = next;
        }
        ready
    }

    fn part(&mut self, issue: f64, granule: u64, from: u64, to: u64) -> f64 {
        let slice = (mix(granule) % self.slice_free.len() as u64) as usize;
        let free = self.granule_free.entry(granule).or_insert(0.0);
        let start = issue.max(self.slice_free[slice]).max(*free);
        self.slice_free[slice] = start + ((to - from) as f64 / self.slice_width).max(1.0);
        *free = start + self.machine.t_same;
        let line_bytes = LINE as u64;
        let mut ready = 0.0_f64;
        for line in from / line_bytes..=(to - 1) / line_bytes {
            ready = ready.max(if self.hit(line) {
                start + self.machine.lat_l2
            } else {
                let channel = (mix(line ^ 0x5bd1_e995) % self.channel_free.len() as u64) as usize;
                let begin = start.max(self.channel_free[channel]);
                self.channel_free[channel] = begin + self.line_cycles;
                begin + self.machine.lat_hbm
            });
        }
        ready
    }

    /// Looks a line up and makes it the most recent of its set.
    fn hit(&mut self, line: u64) -> bool {
        let set = (mix(line) % self.sets.len() as u64) as usize;
        let ways = &mut self.sets[set];
        let found = ways.iter().position(|&way| way == line);
        let last = found.unwrap_or(WAYS - 1);
        ways.copy_within(0..last, 1);
        ways[0] = line;
        found.is_some()
    }
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
