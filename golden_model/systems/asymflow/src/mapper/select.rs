//! The choice of each table under a price on L1.

use super::problem::Problem;

/// Whether a number of shares must be whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rounding {
    Fractional,
    Whole,
}

/// What each table takes.
#[derive(Clone, Debug)]
pub struct Selection {
    /// By table: index of the choice and number of shares.
    pub taken: Vec<(usize, f64)>,
    /// The largest value of the dual function that was seen: no plan has less work.
    pub dual: f64,
}

/// Steps of the search for the price.
const STEPS: usize = 24;

/// A choice that is possible: its index, shares, work and bytes over all shares.
type Possible = (usize, f64, f64, f64);

/// The choices with least work plus price times bytes, at the least price at which L1 is enough. None if
/// a table can't be served within `limit`.
pub fn select(problem: &Problem, limit: f64, rounding: Rounding) -> Option<Selection> {
    let cores = problem.cores as f64;
    let mut tables: Vec<Vec<Possible>> = Vec::with_capacity(problem.tables.len());
    for choices in &problem.tables {
        let mut possible = Vec::with_capacity(choices.len());
        for (index, choice) in choices.iter().enumerate() {
            let Some(shares) = choice.shares(limit, cores) else {
                continue;
            };
            let shares = match rounding {
                Rounding::Fractional => shares,
                Rounding::Whole => (shares - 1e-9).ceil().max(1.0),
            };
            possible.push((index, shares, choice.work(shares), choice.cost.l1 * shares));
        }
        if possible.is_empty() {
            return None;
        }
        tables.push(possible);
    }
    let all = problem.l1 * cores;
    let at = |price: f64| -> (Selection, f64) {
        let (mut taken, mut value, mut bytes) = (Vec::with_capacity(tables.len()), 0.0, 0.0);
        for possible in &tables {
            let value_of = |p: &Possible| p.2 + price * p.3;
            let best = possible
                .iter()
                .min_by(|a, b| value_of(a).total_cmp(&value_of(b)));
            let Some(best) = best else { continue };
            taken.push((best.0, best.1));
            value += value_of(best);
            bytes += best.3;
        }
        (
            Selection {
                taken,
                dual: value - price * all,
            },
            bytes,
        )
    };
    let (mut found, bytes) = at(0.0);
    if bytes <= all {
        return Some(found);
    }
    // At this price no table takes bytes: every byte costs more than all work.
    let work: f64 = tables.iter().flatten().map(|p| p.2).sum();
    let least = tables
        .iter()
        .flatten()
        .filter(|p| p.3 > 0.0)
        .map(|p| p.3)
        .fold(f64::INFINITY, f64::min);
    let (mut low, mut high) = (1e-9 * work / all, work / least);
    let mut dual = found.dual;
    found = at(high).0;
    for _ in 0..STEPS {
        let middle = (low * high).sqrt();
        let (selection, bytes) = at(middle);
        dual = dual.max(selection.dual);
        match bytes <= all {
            true => (found, high) = (selection, middle),
            false => low = middle,
        }
    }
    found.dual = dual.max(found.dual);
    Some(found)
}
