//! `tune --plan`: tables measured one by one, mapped, and the plan against the plain loop in paired runs.

use serde::Serialize;

use super::memory::{Pages, Tables, free_bytes, huge_share, load};
use super::run::{Part, timed};
use crate::cost::Cost;
use crate::mapper::{Choice, Problem, map};
use crate::queries::{Batch, Distribution, batches};
use crate::schedule::{Schedule, Strategy};
use crate::workload::Workload;

/// Part of the free memory that tables may take.
const MOST_OF_FREE: f64 = 0.8;

/// Median with least and most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[(part * (values.len() - 1) as f64).round() as usize];
        Self {
            least: at(0.0),
            median: at(0.5),
            most: at(1.0),
        }
    }
}

/// What was measured; times in microseconds.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    pub workload: String,
    pub distribution: &'static str,
    pub batch: u32,
    pub seed: u64,
    pub threads: usize,
    pub runs: usize,
    /// Processes that run or wait, and the part of this process in 2 MB pages.
    pub load: Option<f64>,
    pub huge_share: Option<f64>,
    pub loop_us: Spread,
    /// The plain loop on the plan's pages.
    pub loop_huge_us: Spread,
    pub plan_us: Spread,
    /// Of pairs that ran one after the other.
    pub loop_over_plan: Spread,
    pub loop_huge_over_plan: Spread,
    /// By tables measured one by one; over the plan's median, less one, in percent.
    pub predicted_us: f64,
    pub error: f64,
    /// Whether all sums are the plain loop's, bit for bit.
    pub equal: bool,
}

/// Measures a workload on `threads` pinned threads.
///
/// # Errors
/// If the trace does not fit, or memory is not to be had.
pub fn measure(
    workload: &Workload,
    (name, of): (&'static str, &Distribution),
    (batch, seed): (u32, u64),
    (threads, runs): (usize, usize),
) -> Result<Measured, String> {
    let queries = batches(of, &workload.tables, batch as usize, seed)?;
    let rows = workload
        .tables
        .iter()
        .map(|table| f64::from(table.rows) * f64::from(table.dim));
    // Twice: with plain and with 2 MB pages, 2 bytes per element.
    let needed = 4.0 * rows.sum::<f64>();
    if let Some(free) = free_bytes().filter(|free| needed > MOST_OF_FREE * free) {
        return Err(format!(
            "{}: its tables take {:.1} GB twice over, {:.1} GB are free; use a smaller workload",
            workload.name,
            needed / 2e9,
            free / 1e9
        ));
    }
    let plain = Tables::new(&workload.tables, Pages::Plain, seed)?;
    let huge = Tables::new(&workload.tables, Pages::Huge, seed)?;
    let size = batch as usize;
    let edge = |thread: usize| thread * size / threads;
    // Table after table with a barrier, the batch over all threads.
    let loops: Vec<Vec<Vec<Part>>> = (0..workload.tables.len())
        .map(|table| {
            let part = |thread| Part {
                table,
                from: edge(thread),
                to: edge(thread + 1),
            };
            (0..threads).map(|thread| vec![part(thread)]).collect()
        })
        .collect();
    let problem = measured(&huge, &queries[1], runs);
    let (plan, _) = map(&Problem {
        cores: threads,
        ..problem.clone()
    });
    let schedule = Schedule::of(plan.phase(&problem));
    schedule.covers(workload.tables.len())?;
    let query = |part: f64| (part * size as f64).round() as usize;
    let planned = vec![
        schedule.phases[0]
            .iter()
            .map(|shares| {
                let part = |share: &crate::schedule::Share| Part {
                    table: share.table,
                    from: query(share.from),
                    to: query(share.to),
                };
                shares.iter().map(part).collect()
            })
            .collect::<Vec<Vec<Part>>>(),
    ];
    let mut times = [const { Vec::new() }; 3];
    let mut equal = true;
    // The first round warms and is not counted.
    for round in 0..=runs {
        let batch = &queries[round % queries.len()];
        let (loop_s, expected) = timed(&plain, batch, &loops);
        let (huge_s, on_huge) = timed(&huge, batch, &loops);
        let (plan_s, sums) = timed(&huge, batch, &planned);
        equal &= sums == expected && on_huge == expected;
        if round > 0 {
            for (times, seconds) in times.iter_mut().zip([loop_s, huge_s, plan_s]) {
                times.push(seconds * 1e6);
            }
        }
    }
    let [loop_us, loop_huge_us, plan_us] = times;
    let ratio =
        |above: &[f64]| Spread::of(above.iter().zip(&plan_us).map(|(a, b)| a / b).collect());
    let (over, over_huge) = (ratio(&loop_us), ratio(&loop_huge_us));
    let predicted_us = plan.cycles(&problem);
    let plan_us = Spread::of(plan_us);
    Ok(Measured {
        workload: workload.name.clone(),
        distribution: name,
        batch,
        seed,
        threads,
        runs,
        load: load(),
        huge_share: huge_share(),
        loop_us: Spread::of(loop_us),
        loop_huge_us: Spread::of(loop_huge_us),
        plan_us,
        loop_over_plan: over,
        loop_huge_over_plan: over_huge,
        predicted_us,
        error: 100.0 * (predicted_us / plan_us.median - 1.0),
        equal,
    })
}

/// Each table alone on one thread, as costs in microseconds.
fn measured(tables: &Tables, batch: &Batch, runs: usize) -> Problem {
    let mut choices = Vec::new();
    for (table, bags) in batch.iter().enumerate() {
        let phases = vec![vec![vec![Part {
            table,
            from: 0,
            to: bags.queries(),
        }]]];
        let times = (0..runs.clamp(3, 9)).map(|_| timed(tables, batch, &phases).0 * 1e6);
        let median = Spread::of(times.collect()).median;
        let cost = Cost {
            lines: vec![(median.max(1e-3), 0.05)],
            l1: 0.0,
            meet: 0.0,
        };
        choices.push(vec![Choice {
            how: Strategy::Gm,
            cost,
        }]);
    }
    Problem {
        cores: 1,
        l1: 0.0,
        tables: choices,
    }
}
