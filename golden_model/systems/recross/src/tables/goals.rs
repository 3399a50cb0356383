//! What the system must reach, and what it reaches.

use report::{Column, Table, row};
use serde::Serialize;

/// A figure with its bar and aim. Both are ours (docs/guide/recross.md).
#[derive(Clone, Debug, Serialize)]
pub struct Goal {
    pub figure: String,
    pub bar: f64,
    pub aim: Option<f64>,
    pub reached: f64,
    /// With what helps beyond the paper.
    pub best: Option<f64>,
    /// Whether less is better.
    pub less: bool,
    pub met: bool,
}

impl Goal {
    /// At most `bar`.
    pub fn least(figure: &str, bar: f64, aim: f64, reached: f64, best: f64) -> Self {
        Self {
            figure: figure.to_owned(),
            bar,
            aim: Some(aim),
            reached,
            best: Some(best),
            less: true,
            met: reached <= bar,
        }
    }

    /// At least `bar`.
    pub fn most(figure: &str, bar: f64, aim: Option<f64>, reached: f64, best: Option<f64>) -> Self {
        Self {
            figure: figure.to_owned(),
            bar,
            aim,
            reached,
            best,
            less: false,
            met: reached >= bar,
        }
    }
}

/// As a table.
pub fn shown(goals: &[Goal]) -> Table {
    let number = |title| Column::right(title).decimals(2);
    let mut table = Table::new([
        Column::left(""),
        Column::left(""),
        number("bar"),
        number("aim"),
        number("ours"),
        number("--best"),
        Column::left("met"),
    ])
    .title("what must be reached, and is");
    for goal in goals {
        table.row(row![
            goal.figure.as_str(),
            if goal.less { "at most" } else { "at least" },
            goal.bar,
            goal.aim,
            goal.reached,
            goal.best,
            if goal.met { "yes" } else { "no" },
        ]);
    }
    table
}
