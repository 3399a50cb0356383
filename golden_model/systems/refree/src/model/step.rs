//! One training step's embedding layer on near-memory PEs.

use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::params;
use super::order::Order;
use super::pe::Pe;
use super::plan::{Job, Mechanism, Pass, Planner};
use super::rank::{Rank, RankConfig, Source, Stats};
use super::{Layout, Placement};
use blocks::pe::PeConfig;
use contract::BlockConfig;
use dram::{Commands, Config};
use models::pe::PeModel;
use traces::JointIds;
use traces::batch::{Bags, LanesError};

/// PEs, their ranks, and how work is given to them. The default is the paper's table 2.
#[derive(Clone, Debug)]
pub struct System {
    /// Channels with one DIMM each.
    pub channels: u32,
    pub ranks_per_channel: u32,
    pub pe: PeConfig,
    /// DRAM cycles of a PE cycle.
    pub ratio: u64,
    pub placement: Placement,
    pub mechanism: Mechanism,
    /// In which order gradients are visited.
    pub order: Order,
    pub gradients: Gradients,
}

/// How gradients get from the host to a PE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Gradients {
    /// The host writes a table of them to the rank's DRAM, which the PE reads (the paper's table).
    Stored,
    /// The host sends each when its turn to be visited comes; again for each tile.
    Streamed,
}

/// Bits a DRAM cycle of a 32-bit channel: two transfers.
const CHANNEL_BITS: u32 = 64;
/// Lines that a rank's interface reads ahead: 4 KB, the paper's input buffer.
const WINDOW: usize = 64;

impl Default for System {
    fn default() -> Self {
        let [(_, pe), ..] = &PeConfig::named()[..] else {
            unreachable!("the PE has named configurations")
        };
        Self {
            channels: 4,
            ranks_per_channel: 2,
            pe: pe.clone(),
            ratio: 2,
            placement: Placement::Hash,
            mechanism: Mechanism::Full,
            order: Order::Count,
            gradients: Gradients::Stored,
        }
    }
}

impl System {
    /// Whether such PEs can train: update hardware, the rename tracker and 32-bit elements.
    pub fn takes(pe: &PeConfig) -> bool {
        pe.has_update() && !pe.has_match() && pe.element.bits() == 32
    }

    /// All ranks.
    pub fn ranks(&self) -> u32 {
        self.channels * self.ranks_per_channel
    }

    /// Where rows of `row_bytes` are.
    pub fn layout(&self, joint: &JointIds, row_bytes: u64, profile: &Bags) -> Layout {
        let slice = self.pe.slice_bytes.into();
        let ranks = (self.channels, self.ranks_per_channel);
        Layout::new(self.placement, joint, row_bytes, slice, ranks, profile)
    }

    fn rank_config(&self) -> RankConfig {
        RankConfig {
            dram: Config::ddr5_4800(1, 1),
            ratio: self.ratio,
            window: WINDOW,
            link_bits: self.link_bits(),
        }
    }

    /// Bits a DRAM cycle that a rank has of its channel.
    pub fn link_bits(&self) -> u32 {
        (CHANNEL_BITS / self.ranks_per_channel).max(1)
    }
}

/// What one rank did in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RankStep {
    /// Look-ups of rows on this rank.
    pub lookups: u64,
    /// Queries with a look-up on this rank.
    pub partial_sums: u64,
    pub forward: Stats,
    /// DRAM cycles in which the host writes gradients.
    pub gradient_cycles: u64,
    pub gradient_lines: u64,
    pub backward: Stats,
    pub update: Stats,
    #[serde(skip)]
    pub commands: Commands,
    /// What the host took to plan this rank's work, measured.
    #[serde(skip)]
    pub analysis: Duration,
}

impl RankStep {
    /// Forward, backward and update.
    pub fn jobs(&self) -> [Stats; 3] {
        [self.forward, self.backward, self.update]
    }
}

/// What all ranks did in a step.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Queries with look-ups: those that have a sum.
    pub queries: u64,
    pub ranks: Vec<RankStep>,
}

/// A PE raised its error: the plan broke a rule of the PE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the PE of rank {rank} has raised error {code} (docs/pe.md, section 3)")]
pub struct PeError {
    pub rank: u32,
    pub code: u64,
}

/// A PE that neither works nor says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the PE of rank {rank} does not come to an end")]
pub struct Hang {
    pub rank: u32,
}

/// Why a step can't be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    #[error(transparent)]
    Lanes(#[from] LanesError),
    #[error(transparent)]
    Pe(#[from] PeError),
    #[error(transparent)]
    Hang(#[from] Hang),
}

/// One rank's part of a step: forward, then gradients arrive, then backward and update in turn.
///
/// # Errors
/// If the PE reports an error.
pub fn rank_step<P: Pe>(
    system: &System,
    layout: &Layout,
    rank: u32,
    batch: &Bags,
    pe: P,
) -> Result<RankStep, StepError> {
    work(system, rank, plan(system, layout, rank, batch)?, pe)
}

/// What the host has planned for a rank.
struct Plan {
    forward: Vec<Job>,
    backward: Vec<Job>,
    gradients: Vec<u64>,
    step: RankStep,
}

fn plan(system: &System, layout: &Layout, rank: u32, batch: &Bags) -> Result<Plan, StepError> {
    let started = Instant::now();
    let share = layout.share(rank, batch);
    let planner = Planner {
        pe: &system.pe,
        layout,
        mechanism: system.mechanism,
        order: system.order,
    };
    let forward = planner.forward(&share)?;
    let backward = planner.backward(&share)?;
    let gradients = match system.gradients {
        Gradients::Streamed => Vec::new(),
        Gradients::Stored => planner.gradient_lines(&share),
    };
    let step = RankStep {
        lookups: share.lookups() as u64,
        partial_sums: share.non_empty() as u64,
        gradient_lines: gradients.len() as u64,
        analysis: started.elapsed(),
        ..RankStep::default()
    };
    Ok(Plan {
        forward,
        backward,
        gradients,
        step,
    })
}

fn work<P: Pe>(system: &System, rank: u32, plan: Plan, pe: P) -> Result<RankStep, StepError> {
    let Plan {
        forward,
        backward,
        gradients,
        mut step,
    } = plan;
    let mut device = Rank::new(pe, &system.pe, &system.rank_config());
    for job in &forward {
        step.forward += checked(rank, device.run(job, Source::Memory))?;
    }
    step.gradient_cycles = device.receive(&gradients);
    for job in &backward {
        let streamed = system.gradients == Gradients::Streamed;
        let source = match streamed && job.pass == Pass::Backward {
            true => Source::Host,
            false => Source::Memory,
        };
        let stats = checked(rank, device.run(job, source))?;
        match job.pass {
            Pass::Update => step.update += stats,
            Pass::Forward | Pass::Backward => step.backward += stats,
        }
    }
    step.commands = device.commands();
    Ok(step)
}

/// What a job took, unless its PE reports an error: then the jobs after it are void.
fn checked(rank: u32, stats: Stats) -> Result<Stats, StepError> {
    match stats.error {
        // A hanging PE may say why.
        0 if stats.hangs => Err(Hang { rank }.into()),
        0 => Ok(stats),
        code => Err(PeError { rank, code }.into()),
    }
}

/// A step with the golden model of the PE on every rank.
///
/// # Errors
/// If a PE reports an error.
pub fn step(system: &System, layout: &Layout, batch: &Bags) -> Result<Step, StepError> {
    // One after the other, so that the host's time is that of one core.
    let plans = (0..system.ranks()).map(|rank| Ok((rank, plan(system, layout, rank, batch)?)));
    let plans: Vec<(u32, Plan)> = plans.collect::<Result<_, StepError>>()?;
    let ranks = plans.into_par_iter().map(|(rank, plan)| {
        let mut pe = PeModel::new(&system.pe);
        contract::Clocked::reset(&mut pe);
        work(system, rank, plan, pe)
    });
    Ok(Step {
        queries: batch.non_empty() as u64,
        ranks: ranks.collect::<Result<_, _>>()?,
    })
}

impl Step {
    /// DRAM cycles of the slowest rank: forward, results being with the host.
    pub fn forward_cycles(&self) -> u64 {
        self.most(|rank| rank.forward.cycles)
    }

    /// DRAM cycles of the slowest rank: gradients, backward, update.
    pub fn backward_cycles(&self) -> u64 {
        self.most(|rank| rank.gradient_cycles + rank.backward.cycles + rank.update.cycles)
    }

    /// DRAM cycles of the embedding layer.
    pub fn cycles(&self) -> u64 {
        self.forward_cycles() + self.backward_cycles()
    }

    /// A figure summed over ranks.
    pub fn sum(&self, figure: impl Fn(&RankStep) -> u64) -> u64 {
        self.ranks.iter().map(figure).sum()
    }

    /// A figure of the rank where it is largest.
    pub fn most(&self, figure: impl Fn(&RankStep) -> u64) -> u64 {
        self.ranks.iter().map(figure).max().unwrap_or(0)
    }

    /// What the host took to plan all ranks' work, on one core.
    pub fn analysis(&self) -> Duration {
        self.ranks.iter().map(|rank| rank.analysis).sum()
    }

    /// The rank that ends backward and update last.
    pub fn slowest_backward(&self) -> RankStep {
        let cycles =
            |rank: &&RankStep| rank.gradient_cycles + rank.backward.cycles + rank.update.cycles;
        self.ranks
            .iter()
            .max_by_key(cycles)
            .copied()
            .unwrap_or_default()
    }

    /// Vector additions: on PEs, and the host's where a query has sums on several ranks.
    pub fn additions(&self, system: &System, layout: &Layout) -> u64 {
        let beats = u64::from(system.pe.beats());
        let slice = u64::from(system.pe.slice_bytes);
        let slices = layout.bytes().div_ceil(slice) * u64::from(layout.group());
        let near = self.sum(|rank| rank.forward.adder_beats + rank.backward.adder_beats);
        let merged = self.sum(|rank| rank.partial_sums) / u64::from(layout.group());
        near / beats / slices + merged.saturating_sub(self.queries)
    }

    /// Mean power of a PE by its activity: each addition reads and writes a beat of the reduction
    /// buffer, each fill writes one, each result or update reads one; vectors pass the input buffer,
    /// results and rows the output buffer.
    pub fn pe_watts(&self, system: &System) -> f64 {
        let beats = f64::from(system.pe.beats());
        let lanes = f64::from(system.pe.sum_lanes());
        let total = |figure: &dyn Fn(&Stats) -> u64| {
            self.sum(|rank| rank.jobs().iter().map(figure).sum()) as f64
        };
        let (adds, vectors) = (total(&|s| s.adder_beats), total(&|s| s.vector_beats));
        let moved = total(&|s| s.fills + s.results + s.updates) * beats;
        let out = total(&|s| s.results + s.updates) * beats;
        let words = f64::from(system.pe.width) / 128.0;
        let joules = (2.0 * adds + moved) * words * params::BUFFER_J
            + 2.0 * (vectors + out) * words * params::FIFO_J
            + adds * lanes * params::ADD_J;
        let seconds = self.cycles() as f64 * params::TCK * self.ranks.len().max(1) as f64;
        params::BUFFER_LEAK_W + 2.0 * params::FIFO_LEAK_W + joules / seconds.max(f64::MIN_POSITIVE)
    }

    /// Look-ups of the busiest rank over the mean.
    pub fn imbalance(&self) -> f64 {
        let mean = self.sum(|rank| rank.lookups) as f64 / self.ranks.len().max(1) as f64;
        self.most(|rank| rank.lookups) as f64 / mean.max(1.0)
    }
}
