//! One workload on one machine: a plan made without a profile, run unchanged on every distribution, the
//! baselines beside it.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use crate::baselines;
use crate::event::{Run, run};
use crate::learn::{hot_rows, learned};
use crate::machine::Machine;
use crate::mapper::{Plan, Problem, map};
use crate::params::T_SAME;
use crate::problems::{Load, Options};
use crate::queries::{Batch, Distribution, batches};
use crate::schedule::{Schedule, Share, Strategy};
use crate::workload::Workload;

/// Microseconds by distribution: the event model's third batch. Null where not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Times {
    pub uniform: Option<f64>,
    pub zipf: Option<f64>,
    pub real: Option<f64>,
    pub same: Option<f64>,
}

impl Times {
    /// In the order of the fields.
    pub fn all(&self) -> [Option<f64>; 4] {
        [self.uniform, self.zipf, self.real, self.same]
    }

    /// Longest over shortest of uniform, Zipf and all-same.
    pub fn spread(&self) -> f64 {
        let times = [self.uniform, self.zipf, self.same].into_iter().flatten();
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        times.for_each(|time| (least, most) = (least.min(time), most.max(time)));
        most / least
    }

    fn set(&mut self, index: usize, us: f64) {
        let fields = [
            &mut self.uniform,
            &mut self.zipf,
            &mut self.real,
            &mut self.same,
        ];
        if let Some(field) = fields.into_iter().nth(index) {
            *field = Some(us);
        }
    }
}

/// Names of the distributions.
pub const DISTRIBUTIONS: [&str; 4] = ["uniform", "zipf", "real", "same"];

/// Longest over shortest time of the distributions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub vendor: f64,
    pub plan: f64,
    pub filter: f64,
}

/// Vendor over plan at a value of the calibrated parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Headline {
    pub t_same: f64,
    pub vendor_us: Times,
    pub plan_us: Times,
    pub filter_us: Times,
}

/// A core of the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoreLoad {
    /// By the formulas.
    pub us: f64,
    pub l1_bytes: f64,
    pub shares: Vec<Share>,
}

/// How much of the tables a strategy serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Use {
    pub tables: u32,
    pub shares: u32,
    /// Part of all look-ups.
    pub lookups: f64,
}

/// All results of `asymflow system`.
#[derive(Clone, Debug, Serialize)]
pub struct Study {
    pub workload: String,
    pub machine: Machine,
    pub calibrated: BTreeMap<&'static str, f64>,
    pub batch: u32,
    pub seed: u64,
    pub trace: Option<String>,
    pub vendor_us: Times,
    pub fused_us: Times,
    pub symmetric_us: Times,
    pub plan_us: Times,
    pub filter_us: Times,
    pub hot_us: Times,
    /// The plan by the formulas, and the dual's bound.
    pub formula_us: f64,
    pub bound_us: f64,
    pub spread: Spread,
    pub strategies: BTreeMap<&'static str, Use>,
    pub headlines: Vec<Headline>,
    /// What the event model says each core is busy with, all look-ups uniform.
    pub busy_us: Vec<f64>,
    pub tables: Vec<crate::workload::Table>,
    pub plan: Vec<CoreLoad>,
}

/// What to study.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub workload: &'a Workload,
    pub machine: &'a Machine,
    pub batch: u32,
    pub trace: Option<&'a Path>,
    pub seed: u64,
    /// Repeat the headlines at the other values of `t_same`.
    pub headlines: bool,
}

/// Runs everything.
///
/// # Errors
/// If the trace does not fit the workload.
pub fn study(asked: &Asked) -> Result<Study, String> {
    let Asked {
        workload, machine, ..
    } = *asked;
    let tables = &workload.tables;
    let real = asked.trace.map(Distribution::Real);
    let kinds = [
        Some(Distribution::Uniform),
        Some(Distribution::Zipf),
        real,
        Some(Distribution::Same),
    ];
    let mut queries: Vec<(usize, Vec<Batch>)> = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        if let Some(kind) = kind {
            queries.push((
                index,
                batches(kind, tables, asked.batch as usize, asked.seed)?,
            ));
        }
    }
    let load = Load::unknown(machine, tables, asked.batch);
    let problem = load.problem(Options::Paper);
    let (plan, bound) = map(&problem);
    let schedule = Schedule::of(plan.phase(&problem));
    schedule.covers(tables.len())?;
    let filter = filtered(&load);
    let vendor = baselines::vendor(machine, tables.len());
    let fused = baselines::fused(machine, tables.len());
    let symmetric = baselines::symmetric(&problem);
    let hot: Vec<Schedule> = queries
        .iter()
        .map(|(_, batches)| hot(machine, asked, batches))
        .collect();
    let mut jobs: Vec<(&Schedule, usize)> = Vec::new();
    for schedule in [&vendor, &fused, &symmetric, &schedule, &filter] {
        jobs.extend((0..queries.len()).map(|at| (schedule, at)));
    }
    jobs.extend(hot.iter().enumerate().map(|(at, schedule)| (schedule, at)));
    let runs: Vec<Run> = jobs
        .par_iter()
        .map(|&(schedule, at)| run(machine, tables, schedule, &queries[at].1))
        .collect();
    let times: Vec<Times> = runs
        .chunks(queries.len())
        .map(|runs| {
            let mut times = Times::default();
            for (run, (index, _)) in runs.iter().zip(&queries) {
                times.set(*index, machine.us(run.cycles));
            }
            times
        })
        .collect();
    let planned = &runs[3 * queries.len()];
    let headlines = match asked.headlines {
        true => T_SAME
            .iter()
            .map(|&t| headline(asked, t, &queries))
            .collect::<Result<_, _>>()?,
        false => Vec::new(),
    };
    Ok(Study {
        workload: workload.name.clone(),
        machine: machine.clone(),
        calibrated: BTreeMap::from([("t_same", machine.t_same)]),
        batch: asked.batch,
        seed: asked.seed,
        trace: asked.trace.map(|path| path.display().to_string()),
        vendor_us: times[0],
        fused_us: times[1],
        symmetric_us: times[2],
        plan_us: times[3],
        filter_us: times[4],
        hot_us: times[5],
        formula_us: machine.us(plan.cycles(&problem)),
        bound_us: machine.us(bound),
        spread: Spread {
            vendor: times[0].spread(),
            plan: times[3].spread(),
            filter: times[4].spread(),
        },
        strategies: strategies(&schedule, workload),
        headlines,
        busy_us: planned
            .busy
            .iter()
            .map(|&cycles| machine.us(cycles))
            .collect(),
        tables: tables.clone(),
        plan: cores(machine, &plan, &problem),
    })
}

/// The plan with FILTER in place of GM, without a profile.
fn filtered(load: &Load) -> Schedule {
    let problem = load.problem(Options::Filter);
    Schedule::of(map(&problem).0.phase(&problem))
}

/// The plan that two earlier batches teach, with HOT where it pays.
fn hot(machine: &Machine, asked: &Asked, batches: &[Batch]) -> Schedule {
    let earlier = [&batches[0], &batches[1]];
    let load = learned(machine, &asked.workload.tables, earlier);
    let problem = load.problem(Options::Hot);
    let phase = map(&problem).0.phase(&problem);
    // Shares of one table may take different numbers of rows: the largest is resident.
    let mut rows = vec![0; asked.workload.tables.len()];
    for share in phase.iter().flatten() {
        if let Strategy::Hot(count) = share.how {
            rows[share.table] = count.max(rows[share.table]);
        }
    }
    Schedule {
        phases: vec![phase],
        hot: hot_rows(earlier, &rows),
    }
}

/// Vendor, plan and FILTER at another `t_same`; each plan is made for it.
fn headline(
    asked: &Asked,
    t_same: f64,
    queries: &[(usize, Vec<Batch>)],
) -> Result<Headline, String> {
    let machine = Machine {
        t_same,
        ..asked.machine.clone()
    };
    let tables = &asked.workload.tables;
    let load = Load::unknown(&machine, tables, asked.batch);
    let problem = load.problem(Options::Paper);
    let schedules = [
        baselines::vendor(&machine, tables.len()),
        Schedule::of(map(&problem).0.phase(&problem)),
        filtered(&load),
    ];
    let times: Vec<Times> = schedules
        .par_iter()
        .map(|schedule| {
            let mut times = Times::default();
            for (index, batches) in queries {
                times.set(
                    *index,
                    machine.us(run(&machine, tables, schedule, batches).cycles),
                );
            }
            times
        })
        .collect();
    Ok(Headline {
        t_same,
        vendor_us: times[0],
        plan_us: times[1],
        filter_us: times[2],
    })
}

/// How much each strategy serves.
pub fn strategies(schedule: &Schedule, workload: &Workload) -> BTreeMap<&'static str, Use> {
    let all: f64 = workload.tables.iter().map(|table| table.lookups).sum();
    let mut uses: BTreeMap<&str, Use> = BTreeMap::new();
    let mut tables = std::collections::BTreeSet::new();
    for share in schedule.phases.iter().flatten().flatten() {
        let of = uses.entry(share.how.name()).or_default();
        of.shares += 1;
        of.lookups += workload.tables[share.table].lookups * (share.to - share.from) / all;
        of.tables += u32::from(tables.insert((share.how.name(), share.table)));
    }
    uses
}

/// Each core's load by the formulas.
pub fn cores(machine: &Machine, plan: &Plan, problem: &Problem) -> Vec<CoreLoad> {
    let phase = plan.phase(problem);
    plan.cores
        .iter()
        .zip(phase)
        .map(|(core, shares)| CoreLoad {
            us: machine.us(core.load),
            l1_bytes: core.l1,
            shares,
        })
        .collect()
}
