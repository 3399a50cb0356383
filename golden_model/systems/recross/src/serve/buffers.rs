//! Beyond the paper: hot rows in banks of SRAM, and a buffer of results that a batch wants again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::copies::of_tiles;
use super::cover::Activation;
use crate::map::Training;

/// Rows in SRAM of several banks, one vector per bank and cycle. Busy rows are in several banks.
#[derive(Clone, Debug)]
pub struct HotRows {
    /// Banks of each row; no list if it is not hot.
    banks: FxHashMap<u32, Vec<u32>>,
    /// When each bank is free again, in cycles of the batch.
    free: Vec<u64>,
    /// Vectors that the banks hold, copies included.
    pub vectors: u32,
}

impl HotRows {
    /// `vectors` lines for the hottest rows over `banks` banks: half as many rows, the rest are copies by load.
    pub fn new(training: &Training, vectors: u32, banks: u32) -> Self {
        let hottest = training.by_count.iter().copied();
        let rows: Vec<u32> = hottest.take(vectors as usize / 2).collect();
        let load: Vec<u64> = rows.iter().map(|&row| training.count(row).into()).collect();
        let mut copies = of_tiles(&load, vectors - rows.len() as u32);
        copies
            .iter_mut()
            .for_each(|count| *count = (*count).min(banks));
        // The heaviest first, each copy to the bank with the least load.
        let mut least: BinaryHeap<Reverse<(u64, u32)>> =
            (0..banks).map(|bank| Reverse((0, bank))).collect();
        let mut placed = FxHashMap::default();
        for ((&row, &load), &count) in rows.iter().zip(&load).zip(&copies) {
            let mut own = Vec::new();
            for _ in 0..count {
                let Some(Reverse((sum, bank))) = least.pop() else {
                    break;
                };
                own.push((sum + load / u64::from(count), bank));
            }
            placed.insert(row, own.iter().map(|&(_, bank)| bank).collect());
            least.extend(own.into_iter().map(Reverse));
        }
        Self {
            banks: placed,
            free: vec![0; banks as usize],
            vectors: copies.iter().sum(),
        }
    }

    /// Whether the row is here.
    pub fn has(&self, row: u32) -> bool {
        self.banks.contains_key(&row)
    }

    /// Reads a row, `cycles` long, from the bank that is free first; returns when it has been read.
    pub fn read(&mut self, row: u32, cycles: u64) -> u64 {
        let banks = self.banks.get(&row).map_or(&[][..], Vec::as_slice);
        let bank = banks
            .iter()
            .copied()
            .min_by_key(|&bank| self.free[bank as usize]);
        let Some(bank) = bank else { return 0 };
        let free = &mut self.free[bank as usize];
        *free += cycles;
        *free
    }

    /// A new batch.
    pub fn restart(&mut self) {
        self.free.fill(0);
    }
}

/// Results of activations of this batch, the oldest leaving first, behind several ports.
#[derive(Clone, Debug)]
pub struct Patterns {
    size: usize,
    /// When each result is there.
    ready: FxHashMap<Vec<u32>, u64>,
    order: std::collections::VecDeque<Vec<u32>>,
    ports: Vec<u64>,
}

impl Patterns {
    /// A buffer of `size` vectors with `ports` read ports.
    pub fn new(size: u32, ports: u32) -> Self {
        Self {
            size: size as usize,
            ready: FxHashMap::default(),
            order: std::collections::VecDeque::new(),
            ports: vec![0; ports.max(1) as usize],
        }
    }

    /// Reads the result of an identical activation, if it is here; returns when it has been read.
    pub fn read(&mut self, activation: Activation<'_>, cycles: u64) -> Option<u64> {
        let ready = *self.ready.get(activation.rows)?;
        let port = self.ports.iter_mut().min()?;
        *port += cycles;
        Some((*port).max(ready + cycles))
    }

    /// Keeps a result that is there from `end` on. Rows name the activation: each is on one tile, or on one of
    /// its copies, which hold the same.
    pub fn keep(&mut self, activation: Activation<'_>, end: u64) {
        if self.order.len() == self.size
            && let Some(oldest) = self.order.pop_front()
        {
            self.ready.remove(&oldest);
        }
        let rows = activation.rows.to_vec();
        if self.ready.insert(rows.clone(), end).is_none() {
            self.order.push_back(rows);
        }
    }

    /// A new batch.
    pub fn restart(&mut self) {
        self.ready.clear();
        self.order.clear();
        self.ports.fill(0);
    }
}
