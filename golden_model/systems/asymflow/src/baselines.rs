//! What the plan is compared with: symmetric schedules, all cores alike.

use crate::machine::Machine;
use crate::mapper::Problem;
use crate::schedule::{Phase, Schedule, Share, Strategy};

/// One table over all cores, each an equal part of the batch.
fn spread(phase: &mut Phase, table: usize, how: Strategy) {
    let cores = phase.len();
    for (core, shares) in phase.iter_mut().enumerate() {
        let edge = |core: usize| core as f64 / cores as f64;
        shares.push(Share {
            table,
            how,
            from: edge(core),
            to: edge(core + 1),
        });
    }
}

/// The vendor's compiler, as modelled here: GM, table after table with a barrier, the batch over all
/// cores; launching a table takes no time.
pub fn vendor(machine: &Machine, tables: usize) -> Schedule {
    let phases = (0..tables).map(|table| {
        let mut phase = vec![Vec::new(); machine.core_count()];
        spread(&mut phase, table, Strategy::Gm);
        phase
    });
    Schedule {
        phases: phases.collect(),
        hot: Vec::new(),
    }
}

/// The same without barriers.
pub fn fused(machine: &Machine, tables: usize) -> Schedule {
    let mut phase = vec![Vec::new(); machine.core_count()];
    (0..tables).for_each(|table| spread(&mut phase, table, Strategy::Gm));
    Schedule::of(phase)
}

/// The best strategy per table, the same on all cores, without barriers. L1 goes to the tables that gain
/// most per byte.
pub fn symmetric(problem: &Problem) -> Schedule {
    let part = 1.0 / problem.cores as f64;
    let cycles = |table: usize, choice: usize| {
        let cost = &problem.tables[table][choice].cost;
        cost.cycles(part).max(cost.meet)
    };
    let best = |table: usize, may_keep: bool| {
        let choices = &problem.tables[table];
        (0..choices.len())
            .filter(|&choice| may_keep || choices[choice].cost.l1 == 0.0)
            .min_by(|&a, &b| cycles(table, a).total_cmp(&cycles(table, b)))
            .unwrap_or(0)
    };
    let mut taken: Vec<usize> = (0..problem.tables.len())
        .map(|table| best(table, false))
        .collect();
    let mut gains: Vec<(f64, usize, usize, f64)> = Vec::new();
    for (table, &without) in taken.iter().enumerate() {
        let with = best(table, true);
        let bytes = problem.tables[table][with].cost.l1;
        if bytes > 0.0 {
            let gain = cycles(table, without) - cycles(table, with);
            gains.push((gain / bytes, table, with, bytes));
        }
    }
    gains.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut left = problem.l1;
    for (_, table, with, bytes) in gains {
        if bytes <= left {
            left -= bytes;
            taken[table] = with;
        }
    }
    let mut phase = vec![Vec::new(); problem.cores];
    for (table, &choice) in taken.iter().enumerate() {
        spread(&mut phase, table, problem.tables[table][choice].how);
    }
    Schedule::of(phase)
}
