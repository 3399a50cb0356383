//! What a check found: one JSON document, or a table.

use std::fmt;

use cosim::{Divergence, Report};
use serde::Serialize;

/// The result of checking one configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    pub block: String,
    pub config: String,
    pub seed: u64,
    /// Lock-step cycles (design and model) a second.
    pub cycles_per_second: u64,
    pub runs: Vec<Run>,
    /// Lines below the table.
    #[serde(skip)]
    pub notes: Vec<String>,
    #[serde(skip)]
    pub report: Option<Report>,
}

/// One batch in one mode, or all the random stimulus.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    pub mode: &'static str,
    /// Number of the batch, from 0.
    pub batch: u64,
    /// Commands that the batch was cut into.
    pub tiles: u64,
    /// Cycles that the commands took; for random stimulus all cycles.
    pub cycles: u64,
    /// 1 if design and model diverged: a run ends there.
    pub divergences: u64,
    /// Counted by the design; null for random stimulus, which resets the counters.
    pub additions: Option<u64>,
    pub shares: Option<u64>,
    /// Cycles that the busiest of inputs, outputs and adders needs.
    pub binding_cycles: Option<u64>,
    pub first_divergence: Option<Divergence>,
}

impl Document {
    pub fn diverged(&self) -> bool {
        self.runs.iter().any(|run| run.divergences != 0)
    }

    /// The reports of the divergences.
    pub fn reports(&self) -> String {
        self.report
            .as_ref()
            .map(Report::to_string)
            .unwrap_or_default()
    }
}

/// Sums over the runs of one mode.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub cycles: u64,
    pub binding_cycles: u64,
}

impl Totals {
    /// The runs of `mode` together.
    pub fn of(runs: &[Run], mode: &str) -> Self {
        runs.iter()
            .filter(|run| run.mode == mode)
            .fold(Self::default(), |sum, run| Self {
                cycles: sum.cycles + run.cycles,
                binding_cycles: sum.binding_cycles + run.binding_cycles.unwrap_or(0),
            })
    }

    /// Cycles over binding cycles.
    pub fn ratio(&self) -> f64 {
        self.cycles as f64 / self.binding_cycles.max(1) as f64
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            block,
            config,
            seed,
            cycles_per_second,
            runs,
            ..
        } = self;
        writeln!(f, "{block}  config={config}  seed={seed:#x}")?;
        writeln!(
            f,
            "{:<9}{:>6}{:>6}{:>10}{:>10}{:>8}{:>10}{:>9}  result",
            "mode", "batch", "tiles", "cycles", "binding", "ratio", "additions", "shares"
        )?;
        let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
        for run in runs {
            let ratio = run.binding_cycles.map_or("-".to_owned(), |binding| {
                format!("{:.3}", run.cycles as f64 / binding.max(1) as f64)
            });
            let result = if run.divergences == 0 {
                "agreed"
            } else {
                "DIVERGED"
            };
            writeln!(
                f,
                "{:<9}{:>6}{:>6}{:>10}{:>10}{ratio:>8}{:>10}{:>9}  {result}",
                run.mode,
                run.batch,
                run.tiles,
                run.cycles,
                number(run.binding_cycles),
                number(run.additions),
                number(run.shares),
            )?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        writeln!(f, "{cycles_per_second} lock-step cycles a second")?;
        write!(f, "{}", self.reports())
    }
}
