//! Serving, event by event: each activation goes to the copy of its tile that is free first.

use traces::batch::Bags;

use super::buffers::{HotRows, Patterns};
use super::cover::{Activation, Cover, Places};
use super::machine::{Energy, Machine};
use crate::params::VECTOR_NS;

/// What serves the queries.
#[derive(Clone, Debug)]
pub struct Plan {
    pub places: Places,
    /// Copies of each tile, the first included.
    pub copies: Vec<u32>,
    /// One row per access, sums outside the tiles.
    pub one_row: bool,
    /// Bank of each copy of each tile, tile by tile, where banks add up what is theirs.
    pub banks: Option<Vec<u32>>,
    pub hot: Option<HotRows>,
    pub patterns: Option<Patterns>,
}

impl Plan {
    /// One copy of each tile.
    pub fn new(places: Places) -> Self {
        Self {
            copies: vec![1; places.assignment.tiles as usize],
            places,
            one_row: false,
            banks: None,
            hot: None,
            patterns: None,
        }
    }

    /// All tiles, copies included.
    pub fn tiles(&self) -> u64 {
        self.copies.iter().map(|&copies| u64::from(copies)).sum()
    }
}

/// What serving took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Served {
    pub queries: u64,
    /// Queries without rows: nothing is activated for them.
    pub empty: u64,
    pub lookups: u64,
    /// Activations by their active rows.
    pub by_rows: Vec<u64>,
    /// Cycles of service by tile.
    pub load: Vec<u64>,
    /// Sum of the batches' times.
    pub cycles: u64,
    /// Sum over batches of the most service per copy of a tile.
    pub bound: f64,
    /// Vectors through the router.
    pub flits: u64,
    /// Vectors added in a bank.
    pub local_adds: u64,
    /// Vectors read from SRAM.
    pub hot_reads: u64,
    /// Activations answered from the pattern buffer.
    pub pattern_reads: u64,
    /// All tiles, copies included.
    pub tiles: u64,
}

impl Served {
    /// Activations of tiles.
    pub fn activations(&self) -> u64 {
        self.by_rows.iter().sum()
    }

    /// The same per query.
    pub fn act_a_query(&self) -> f64 {
        self.activations() as f64 / self.queries.max(1) as f64
    }

    /// Nanoseconds per query.
    pub fn ns_a_query(&self, machine: &Machine) -> f64 {
        machine.ns(self.cycles as f64) / self.queries.max(1) as f64
    }

    /// Time reached over the bound.
    pub fn bound_ratio(&self) -> f64 {
        match self.bound > 0.0 {
            true => self.cycles as f64 / self.bound,
            false => 1.0,
        }
    }

    /// Service spread evenly over all tiles, in cycles.
    pub fn mean_bound(&self) -> f64 {
        self.load.iter().sum::<u64>() as f64 / self.tiles.max(1) as f64
    }

    /// Energy per query by source; all tiles leak `idle_mw` each.
    pub fn energy(&self, machine: &Machine, idle_mw: f64) -> Energy {
        let mut energy = Energy::default();
        for (rows, &count) in (0..).zip(&self.by_rows) {
            if count > 0 {
                energy.add(&machine.activation(rows), count as f64);
            }
        }
        energy.add(&machine.flit(), self.flits as f64);
        let vector = tech::crossbar::vector_read_pj(machine.vector_bits());
        energy.buffers += vector * (self.hot_reads + self.pattern_reads) as f64;
        let merge = tech::crossbar::merge_pj(machine.dim);
        energy.merge += merge * (self.local_adds + self.hot_reads + self.pattern_reads) as f64;
        energy.add(&machine.result(), self.queries as f64);
        // 1 mW for 1 ns is 1 pJ.
        let tiles = self.tiles as f64 * f64::from(machine.side_by_side());
        energy.idle = idle_mw * tiles * machine.ns(self.cycles as f64);
        let mut each = Energy::default();
        each.add(&energy, 1.0 / self.queries.max(1) as f64);
        each
    }
}

/// Serves all queries, `batch` at a time; a batch is there at once, and with `stream` does not wait for the one
/// before.
pub fn serve(machine: &Machine, plan: &Plan, bags: &Bags, batch: u32, stream: bool) -> Served {
    let mut serving = Serving::new(machine, plan);
    let batch = batch.max(1) as usize;
    for (at, bag) in bags.iter().enumerate() {
        if at % batch == 0 && !stream {
            serving.end_batch();
        }
        serving.query(bag);
    }
    serving.end_batch();
    serving.served
}

struct Serving<'a> {
    plan: &'a Plan,
    service: Vec<u64>,
    /// First copy of each tile.
    first: Vec<u32>,
    /// When each copy is free.
    free: Vec<u64>,
    /// Service of this batch by tile.
    load: Vec<u64>,
    end: u64,
    vector: u64,
    cover: Cover,
    cold: Vec<u32>,
    banks: Vec<u32>,
    hot: Option<HotRows>,
    patterns: Option<Patterns>,
    served: Served,
}

impl<'a> Serving<'a> {
    fn new(machine: &Machine, plan: &'a Plan) -> Self {
        let mut first = Vec::with_capacity(plan.copies.len());
        let mut sum = 0;
        for &copies in &plan.copies {
            first.push(sum);
            sum += copies;
        }
        let tiles = plan.copies.len();
        let vector_cycles = VECTOR_NS * 1000.0 / f64::from(machine.config.clock_ps);
        Self {
            plan,
            service: machine.cycles(),
            first,
            free: vec![0; sum as usize],
            load: vec![0; tiles],
            end: 0,
            vector: vector_cycles.ceil() as u64,
            cover: Cover::default(),
            cold: Vec::new(),
            banks: Vec::new(),
            hot: plan.hot.clone(),
            patterns: plan.patterns.clone(),
            served: Served {
                by_rows: vec![0; machine.lines() as usize + 1],
                load: vec![0; tiles],
                tiles: u64::from(sum),
                ..Served::default()
            },
        }
    }

    fn query(&mut self, bag: &[u32]) {
        self.served.queries += 1;
        self.served.empty += u64::from(bag.is_empty());
        self.served.lookups += bag.len() as u64;
        self.banks.clear();
        if self.plan.one_row {
            for &row in bag {
                let tile = self.plan.places.assignment.tile[row as usize];
                self.activate(Activation { tile, rows: &[row] });
            }
            return;
        }
        let mut cover = std::mem::take(&mut self.cover);
        let places = &self.plan.places;
        let free = |tile: u32| {
            let first = self.first[tile as usize] as usize;
            let copies = &self.free[first..][..self.plan.copies[tile as usize] as usize];
            copies.iter().copied().min().unwrap_or(0)
        };
        match &self.hot {
            None => cover.find(places, bag, free),
            Some(hot) => {
                self.cold.clear();
                self.cold.extend(bag.iter().filter(|&&row| !hot.has(row)));
                cover.find(places, &self.cold, free);
            }
        }
        if let Some(hot) = &mut self.hot {
            for &row in bag.iter() {
                if hot.has(row) {
                    self.served.hot_reads += 1;
                    self.end = self.end.max(hot.read(row, self.vector));
                }
            }
        }
        for activation in cover.activations() {
            self.activate(activation);
        }
        self.cover = cover;
        if self.plan.banks.is_some() {
            let vectors = self.banks.len() as u64;
            self.banks.sort_unstable();
            self.banks.dedup();
            let banks = self.banks.len() as u64;
            self.served.flits += banks;
            self.served.local_adds += vectors - banks;
        }
    }

    fn activate(&mut self, activation: Activation<'_>) {
        if activation.rows.len() > 1
            && let Some(patterns) = &mut self.patterns
            && let Some(end) = patterns.read(activation, self.vector)
        {
            self.end = self.end.max(end);
            self.served.pattern_reads += 1;
            return;
        }
        let (tile, rows) = (activation.tile as usize, activation.rows.len());
        let service = self.service[rows];
        let first = self.first[tile] as usize;
        let mut best = first;
        for copy in first + 1..first + self.plan.copies[tile] as usize {
            if self.free[copy] < self.free[best] {
                best = copy;
            }
        }
        self.free[best] += service;
        self.end = self.end.max(self.free[best]);
        self.load[tile] += service;
        self.served.by_rows[rows] += 1;
        match &self.plan.banks {
            Some(banks) => self.banks.push(banks[best]),
            None => self.served.flits += 1,
        }
        if rows > 1
            && let Some(patterns) = &mut self.patterns
        {
            patterns.keep(activation, self.free[best]);
        }
    }

    fn end_batch(&mut self) {
        let shares = self.load.iter().zip(&self.plan.copies);
        let share = |(&load, &copies): (&u64, &u32)| load as f64 / f64::from(copies);
        self.served.bound += shares.map(share).fold(0.0, f64::max);
        self.served.cycles += self.end;
        for (sum, load) in self.served.load.iter_mut().zip(&mut self.load) {
            *sum += std::mem::take(load);
        }
        self.end = 0;
        self.free.fill(0);
        if let Some(hot) = &mut self.hot {
            hot.restart();
        }
        if let Some(patterns) = &mut self.patterns {
            patterns.restart();
        }
    }
}
