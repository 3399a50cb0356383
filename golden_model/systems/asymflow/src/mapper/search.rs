//! Local search: the fullest core against the emptiest.

use super::plan::{Core, Piece, Plan};
use super::problem::Problem;
use crate::params::EMPTIEST;

/// A step must gain this part of the time.
const GAIN: f64 = 1e-5;
/// Most steps.
const STEPS: usize = 2000;
/// Halvings in the search for the fraction that levels two cores.
const HALVINGS: usize = 20;
/// Least fraction that is moved.
const LEAST: f64 = 1e-3;

/// A change of two cores, the fullest and another.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// Piece `at` of the fullest core by another choice.
    Choose { at: usize, choice: usize },
    /// This part of piece `at` to the other core, by this choice there.
    Move {
        at: usize,
        to: usize,
        choice: usize,
        part: f64,
    },
    /// Piece `at` against piece `other` of core `to`.
    Swap { at: usize, to: usize, other: usize },
}

/// Levels the plan until nothing improves.
pub fn level(problem: &Problem, plan: &mut Plan) {
    for _ in 0..STEPS {
        let mut order: Vec<usize> = (0..plan.cores.len()).collect();
        order.sort_by(|&a, &b| {
            plan.cores[a]
                .load
                .total_cmp(&plan.cores[b].load)
                .then(a.cmp(&b))
        });
        let Some(full) = order.pop() else { return };
        order.truncate(EMPTIEST);
        let Some(change) = best(problem, plan, full, &order) else {
            return;
        };
        apply(problem, plan, full, change);
    }
}

fn best(problem: &Problem, plan: &Plan, full: usize, others: &[usize]) -> Option<Change> {
    let core = &plan.cores[full];
    let mut limit = core.load * (1.0 - GAIN);
    let mut best = None;
    for at in 0..core.pieces.len() {
        let piece = core.pieces[at];
        let mut rest = Core {
            pieces: Vec::new(),
            ..*core
        };
        rest.pieces.clone_from(&core.pieces);
        rest.remove(problem, at);
        let choices = &problem.tables[piece.table];
        for choice in 0..choices.len() {
            let (load, l1) = rest.with(problem, Piece { choice, ..piece });
            if load < limit && l1 <= problem.l1 {
                (limit, best) = (load, Some(Change::Choose { at, choice }));
            }
        }
        for &to in others {
            let other = &plan.cores[to];
            for (choice, kind) in choices.iter().enumerate() {
                let whole = Piece { choice, ..piece };
                let (load, l1) = other.with(problem, whole);
                if l1 > problem.l1 || other.load >= limit {
                    continue;
                }
                let value = rest.load.max(load);
                if value < limit {
                    (limit, best) = (
                        value,
                        Some(Change::Move {
                            at,
                            to,
                            choice,
                            part: piece.share,
                        }),
                    );
                }
                // Cores that share the table meet on its granules.
                let meets = choices[piece.choice].cost.meet.max(kind.cost.meet);
                if load <= rest.load || meets >= limit {
                    continue;
                }
                if let Some((value, part)) =
                    fraction(problem, rest.load, other, piece, choice, limit)
                {
                    (limit, best) = (
                        value,
                        Some(Change::Move {
                            at,
                            to,
                            choice,
                            part,
                        }),
                    );
                }
            }
            for index in 0..other.pieces.len() {
                if let Some(value) = swapped(problem, &rest, other, piece, index, limit) {
                    (limit, best) = (
                        value,
                        Some(Change::Swap {
                            at,
                            to,
                            other: index,
                        }),
                    );
                }
            }
        }
    }
    best
}

/// The fraction that levels both cores, if that is below the limit.
fn fraction(
    problem: &Problem,
    rest: f64,
    other: &Core,
    piece: Piece,
    choice: usize,
    limit: f64,
) -> Option<(f64, f64)> {
    let stays = &problem.tables[piece.table][piece.choice].cost;
    let loads = |part: f64| {
        let there = other
            .with(
                problem,
                Piece {
                    choice,
                    share: part,
                    ..piece
                },
            )
            .0;
        (rest + stays.cycles(piece.share - part), there)
    };
    if loads(LEAST * piece.share).1 >= limit {
        return None;
    }
    let (mut low, mut high) = (0.0, piece.share);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        let (here, there) = loads(middle);
        match there < here {
            true => low = middle,
            false => high = middle,
        }
    }
    let (here, there) = loads(low);
    let value = here.max(there);
    let cut = low > LEAST && piece.share - low > LEAST;
    (cut && value < limit).then_some((value, low))
}

fn swapped(
    problem: &Problem,
    rest: &Core,
    other: &Core,
    piece: Piece,
    index: usize,
    limit: f64,
) -> Option<f64> {
    let back = other.pieces[index];
    let cost = |piece: Piece| &problem.tables[piece.table][piece.choice].cost;
    let (gone, come) = (cost(back), cost(piece));
    let load = other.load - gone.cycles(back.share) + come.cycles(piece.share);
    let l1 = other.l1 - gone.l1 + come.l1;
    let (here, here_l1) = rest.with(problem, back);
    let fits = l1 <= problem.l1 && here_l1 <= problem.l1;
    let apart = back.table != piece.table;
    (fits && apart && load.max(here) < limit).then_some(load.max(here))
}

fn apply(problem: &Problem, plan: &mut Plan, full: usize, change: Change) {
    match change {
        Change::Choose { at, choice } => {
            let piece = plan.cores[full].remove(problem, at);
            plan.cores[full].add(problem, Piece { choice, ..piece });
        }
        Change::Move {
            at,
            to,
            choice,
            part,
        } => {
            let piece = plan.cores[full].remove(problem, at);
            if part < piece.share {
                let share = piece.share - part;
                plan.cores[full].add(problem, Piece { share, ..piece });
            }
            plan.cores[to].add(
                problem,
                Piece {
                    choice,
                    share: part,
                    ..piece
                },
            );
        }
        Change::Swap { at, to, other } => {
            let piece = plan.cores[full].remove(problem, at);
            let back = plan.cores[to].remove(problem, other);
            plan.cores[full].add(problem, back);
            plan.cores[to].add(problem, piece);
        }
    }
}
