//! What a rank's PE is given for a batch, with each of the paper's two ideas on or off.

use serde::{Deserialize, Serialize};

use super::order::{Order, Ranking};
use super::placement::{LINE, Layout};
use blocks::pe::PeConfig;
use traces::batch::{Bags, LanesError, Schedule, Visit, Visits, backward};

/// What is eliminated. The hardware is the same; the request stream differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mechanism {
    /// REFREE-B: nothing. Every look-up reads its vector, every query sums alone.
    B,
    /// REFREE-M: every unique vector is read once. Queries sum alone.
    M,
    /// REFREE: and queries that hold the same partial sum share an addition.
    Full,
}

impl Mechanism {
    /// All, from nothing to everything.
    pub const ALL: [Self; 3] = [Self::B, Self::M, Self::Full];

    fn visits(self, bags: &Bags, ordered: impl FnOnce() -> Visits) -> Visits {
        match self {
            Self::B => Visits::singly(bags),
            Self::M => ordered().apart(),
            Self::Full => ordered(),
        }
    }
}

/// What a PE does with a job's vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Gather and reduce; results leave at once.
    Forward,
    /// Gather and reduce; results stay for the update.
    Backward,
    /// Update rows with the results that stayed.
    Update,
}

/// One command of a PE with all that follows it.
#[derive(Clone, Debug)]
pub struct Job {
    pub pass: Pass,
    /// Query numbers in use.
    pub queries: u32,
    pub visits: Vec<Visit>,
    /// For each visit: does it read its vector, or is it that of the visit before?
    pub fresh: Vec<bool>,
    /// Byte addresses of the first line of each vector that is read, in the order of visits.
    pub reads: Vec<u64>,
    /// Lines of a vector.
    pub lines: u64,
}

/// Plans jobs for one PE configuration.
#[derive(Clone, Copy, Debug)]
pub struct Planner<'a> {
    pub pe: &'a PeConfig,
    pub layout: &'a Layout,
    pub mechanism: Mechanism,
    /// Of gradients.
    pub order: Order,
}

impl Planner<'_> {
    /// The forward jobs for the part of a batch that a rank has. If a row is wider than a slice, the
    /// same requests are sent once more for each further slice.
    ///
    /// # Errors
    /// If the PE's look-ups per cycle are not a power of two from 1 to 32.
    pub fn forward(&self, share: &Bags) -> Result<Vec<Job>, LanesError> {
        let bags: Vec<&[u32]> = share.iter().filter(|bag| !bag.is_empty()).collect();
        let mut jobs = Vec::new();
        for tile in bags.chunks(self.capacity()) {
            let tile: Bags = tile.iter().collect();
            let visits = self.mechanism.visits(&tile, || Visits::new(&tile));
            let plan = Schedule::new(&visits, self.pe.lookups_per_cycle)?;
            let jobs_of = |slice| {
                let address = |id| self.layout.address(id) + slice;
                self.job(Pass::Forward, plan.queries, plan.visits.clone(), address)
            };
            jobs.extend(self.slices().map(jobs_of));
        }
        Ok(jobs)
    }

    /// The backward jobs, each followed by its update, tile by tile and slice by slice.
    ///
    /// # Errors
    /// If the PE's look-ups per cycle are not a power of two from 1 to 32.
    pub fn backward(&self, share: &Bags) -> Result<Vec<Job>, LanesError> {
        let mut jobs = Vec::new();
        let ranking = Ranking::new(self.order, share);
        for tile in backward(share).tiles(self.capacity()) {
            let visits = self.mechanism.visits(&tile.bags, || ranking.visits(&tile));
            let plan = Schedule::new(&visits, self.pe.lookups_per_cycle)?;
            let updates: Vec<Visit> = plan
                .updates(self.pe.lookups_per_cycle)
                .into_iter()
                .map(|visit| Visit {
                    id: tile.rows[visit.id as usize],
                    ..visit
                })
                .collect();
            for slice in self.slices() {
                let gradient = |id| self.gradient(id) + slice;
                let row = |id| self.layout.address(id) + slice;
                let (queries, visits) = (plan.queries, plan.visits.clone());
                jobs.push(self.job(Pass::Backward, queries, visits, gradient));
                jobs.push(self.job(Pass::Update, queries, updates.clone(), row));
            }
        }
        Ok(jobs)
    }

    /// Lines of the gradients that a rank needs: those of queries with a look-up there.
    pub fn gradient_lines(&self, share: &Bags) -> Vec<u64> {
        let lines = self.layout.bytes() / LINE;
        let queries = share.iter().enumerate().filter(|(_, bag)| !bag.is_empty());
        queries
            .flat_map(|(query, _)| {
                (0..lines).map(move |line| self.gradient(query as u32) + line * LINE)
            })
            .collect()
    }

    /// Most queries of one command: each may need a slot of its own.
    fn capacity(&self) -> usize {
        self.pe.queries.min(self.pe.slots) as usize
    }

    /// Byte offsets of the slices of a row that the rank holds.
    fn slices(&self) -> impl Iterator<Item = u64> {
        (0..self.layout.bytes()).step_by(self.pe.slice_bytes as usize)
    }

    fn gradient(&self, query: u32) -> u64 {
        self.layout.gradients() + u64::from(query) * self.layout.bytes()
    }

    fn job(
        &self,
        pass: Pass,
        queries: usize,
        visits: Vec<Visit>,
        address: impl Fn(u32) -> u64,
    ) -> Job {
        let once = self.mechanism != Mechanism::B;
        let mut before = None;
        let mut fresh = Vec::with_capacity(visits.len());
        for visit in &visits {
            fresh.push(!once || before != Some(visit.id));
            before = Some(visit.id);
        }
        let read = visits.iter().zip(&fresh).filter(|&(_, &fresh)| fresh);
        let reads = read.map(|(visit, _)| address(visit.id)).collect();
        // A row narrower than a slice fills a part of it.
        let bytes = u64::from(self.pe.slice_bytes).min(self.layout.bytes());
        Job {
            pass,
            queries: queries as u32,
            visits,
            fresh,
            reads,
            lines: bytes.div_ceil(LINE),
        }
    }
}
