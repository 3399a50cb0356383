//! What is to be mapped.

use crate::cost::Cost;
use crate::schedule::Strategy;

/// One way to serve a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub how: Strategy,
    pub cost: Cost,
}

impl Choice {
    /// Fewest shares, not rounded, with which each takes at most `limit`; none if no number does.
    pub fn shares(&self, limit: f64, cores: f64) -> Option<f64> {
        let mut shares = 1.0_f64;
        for &(slope, fixed) in &self.cost.lines {
            if fixed >= limit {
                return None;
            }
            shares = shares.max(slope / (limit - fixed));
        }
        // A hair more than one share is one: the limit itself comes from bisection.
        let allowed = shares <= 1.0 || self.cost.meet <= limit;
        (allowed && shares <= cores).then_some(shares)
    }

    /// Cycles over all of `shares` equal shares.
    pub fn work(&self, shares: f64) -> f64 {
        shares * self.cost.cycles(1.0 / shares)
    }
}

/// Tables with their choices, and the cores.
#[derive(Clone, Debug)]
pub struct Problem {
    pub cores: usize,
    /// Bytes of L1 per core.
    pub l1: f64,
    /// By table; each has at least one choice that takes no L1.
    pub tables: Vec<Vec<Choice>>,
}
