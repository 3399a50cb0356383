//! The least time that any plan can have: the Lagrangian dual with fractional shares.

use super::problem::Problem;
use super::select::{Rounding, select};

/// Relative width at which the bisection ends.
const CLOSE: f64 = 1e-4;

/// A time below which no plan exists, in cycles.
pub fn bound(problem: &Problem) -> f64 {
    let one_core: f64 = problem
        .tables
        .iter()
        .map(|choices| {
            choices
                .iter()
                .map(|c| c.cost.cycles(1.0))
                .fold(f64::INFINITY, f64::min)
        })
        .sum();
    let (mut low, mut high) = (one_core / problem.cores as f64 * 1e-3, one_core);
    while high / low > 1.0 + CLOSE {
        let middle = (low * high).sqrt();
        let enough = select(problem, middle, Rounding::Fractional)
            .is_some_and(|found| found.dual <= problem.cores as f64 * middle);
        match enough {
            true => high = middle,
            false => low = middle,
        }
    }
    low
}
