//! Packs shares on cores in two dimensions, time and L1, for several target times.

use super::bound::bound;
use super::plan::{Core, Piece, Plan};
use super::problem::Problem;
use super::search::level;
use super::select::{Rounding, select};
use crate::params::PACKINGS;

/// Packings are levelled only if they start within this factor of the best so far.
const PROMISING: f64 = 1.5;

/// The best plan found, and the bound, in cycles.
pub fn map(problem: &Problem) -> (Plan, f64) {
    let least = bound(problem);
    let mut best: Option<(Plan, f64)> = None;
    for factor in PACKINGS {
        let Some(mut plan) = pack(problem, least * factor) else {
            continue;
        };
        let start = plan.cycles(problem);
        if best
            .as_ref()
            .is_some_and(|(_, cycles)| start > cycles * PROMISING)
        {
            continue;
        }
        level(problem, &mut plan);
        let cycles = plan.cycles(problem);
        if best.as_ref().is_none_or(|(_, best)| cycles < *best) {
            best = Some((plan, cycles));
        }
    }
    let plan = best.map_or_else(|| one_core(problem), |(plan, _)| plan);
    (plan, least)
}

/// Every table whole on the first core: always possible.
fn one_core(problem: &Problem) -> Plan {
    let mut cores = vec![Core::default(); problem.cores];
    for table in 0..problem.tables.len() {
        let choice = without_l1(problem, table, 1.0);
        cores[0].add(
            problem,
            Piece {
                table,
                choice,
                share: 1.0,
            },
        );
    }
    let mut plan = Plan { cores };
    level(problem, &mut plan);
    plan
}

/// The fastest choice for a share that takes no L1.
fn without_l1(problem: &Problem, table: usize, share: f64) -> usize {
    let choices = problem.tables[table].iter().enumerate();
    let free = choices.filter(|(_, choice)| choice.cost.l1 == 0.0);
    let best = free.min_by(|(_, a), (_, b)| a.cost.cycles(share).total_cmp(&b.cost.cycles(share)));
    best.map_or(0, |(index, _)| index)
}

fn pack(problem: &Problem, target: f64) -> Option<Plan> {
    // Shorter than the longest share that can't be cut, the time is stretched.
    let mut limit = target;
    let selection = loop {
        if let Some(found) = select(problem, limit, Rounding::Whole) {
            break found;
        }
        limit *= 1.1;
        if !limit.is_finite() {
            return None;
        }
    };
    let mut shares: Vec<(f64, Piece)> = Vec::new();
    for (table, &(choice, count)) in selection.taken.iter().enumerate() {
        let cost = &problem.tables[table][choice].cost;
        let piece = Piece {
            table,
            choice,
            share: 1.0 / count,
        };
        let size = (cost.cycles(piece.share) / target).max(cost.l1 / problem.l1.max(1.0));
        shares.extend(std::iter::repeat_n((size, piece), count as usize));
    }
    shares.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut cores = vec![Core::default(); problem.cores];
    for (_, mut piece) in shares {
        let cost = &problem.tables[piece.table][piece.choice].cost;
        let time = cost.cycles(piece.share);
        let filled = |core: &Core| (core.load / target).max(core.l1 / problem.l1.max(1.0));
        let with_bytes = (0..cores.len())
            .filter(|&core| cost.l1 > 0.0 && cores[core].l1 + cost.l1 <= problem.l1)
            .min_by(|&a, &b| filled(&cores[a]).total_cmp(&filled(&cores[b])));
        let core = with_bytes.unwrap_or_else(|| {
            if cost.l1 > 0.0 {
                piece.choice = without_l1(problem, piece.table, piece.share);
            }
            // Those without bytes go where L1 is full and time is left.
            let timely = (0..cores.len()).filter(|&core| cores[core].load + time <= target);
            timely
                .max_by(|&a, &b| {
                    let (a, b) = (&cores[a], &cores[b]);
                    a.l1.total_cmp(&b.l1).then(b.load.total_cmp(&a.load))
                })
                .or_else(|| {
                    (0..cores.len()).min_by(|&a, &b| cores[a].load.total_cmp(&cores[b].load))
                })
                .unwrap_or(0)
        });
        cores[core].add(problem, piece);
    }
    Some(Plan { cores })
}
