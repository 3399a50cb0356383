//! The result of a check: one JSON document, or a table.

use std::fmt;

use cosim::{Divergence, Report};
use report::{Cell, Table};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The result of checking one configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    pub block: String,
    pub config: String,
    pub seed: u64,
    /// Lock-step cycles (design and model) per second.
    pub cycles_per_second: u64,
    pub runs: Vec<Run>,
    /// Columns of the table that only this block has.
    #[serde(skip)]
    pub columns: &'static [Column],
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
    /// Pieces that the batch was cut into, as the block takes it.
    pub tiles: u64,
    /// Cycles that the work took; for random stimulus all cycles.
    pub cycles: u64,
    /// 1 if design and model diverged: a run ends there.
    pub divergences: u64,
    /// What the block counts.
    #[serde(flatten)]
    pub figures: Figures,
    pub first_divergence: Option<Divergence>,
}

/// A figure of a block.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    Count(u64),
    Ratio(f64),
    Counts(Vec<u64>),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Ratio(ratio) => write!(f, "{ratio:.4}"),
            Self::Counts(counts) => {
                let texts: Vec<String> = counts.iter().map(u64::to_string).collect();
                f.write_str(&texts.join(" "))
            }
        }
    }
}

impl Run {
    /// The figure called `name` as a cell of the table.
    pub fn cell(&self, name: &str) -> Option<String> {
        self.figures.figure(name).map(Figure::to_string)
    }
}

/// Figures of a block by name, in order; `None` where random stimulus has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures(pub Vec<(&'static str, Option<Figure>)>);

impl Figures {
    /// Counts, all of them known.
    pub fn known<const N: usize>(figures: [(&'static str, u64); N]) -> Self {
        Self::of(figures.map(|(name, count)| (name, Figure::Count(count))))
    }

    /// Figures that are all known.
    pub fn of<const N: usize>(figures: [(&'static str, Figure); N]) -> Self {
        Self(figures.map(|(name, figure)| (name, Some(figure))).into())
    }

    /// The figure called `name`.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        let mut figures = self.0.iter();
        figures.find(|(known, _)| *known == name)?.1.as_ref()
    }

    /// The count called `name`.
    pub fn get(&self, name: &str) -> Option<u64> {
        match self.figure(name)? {
            Figure::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// Exactly the figures called `names`, in this order.
    pub(super) fn complete(&mut self, names: &[&'static str]) {
        let of = |name| (name, self.figure(name).cloned());
        self.0 = names.iter().map(|&name| of(name)).collect();
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub title: &'static str,
    /// What it shows of a run, if that has it.
    pub cell: fn(&Run) -> Option<String>,
}

impl Document {
    pub fn diverged(&self) -> bool {
        self.runs.iter().any(|run| run.divergences != 0)
    }

    /// A row per run.
    fn table(&self) -> Table {
        let right = report::Column::right;
        let own = self.columns.iter().map(|column| right(column.title));
        let mut columns = vec![report::Column::left("mode")];
        columns.extend(["batch", "tiles", "cycles"].map(right));
        columns.extend(own);
        columns.push(report::Column::left("result"));
        let mut table = Table::new(columns);
        for run in &self.runs {
            let result = match run.divergences {
                0 => "agreed",
                _ => "DIVERGED",
            };
            let mut cells = Vec::from(report::row![run.mode, run.batch, run.tiles, run.cycles]);
            cells.extend(
                self.columns
                    .iter()
                    .map(|column| Cell::from((column.cell)(run))),
            );
            cells.push(result.into());
            table.row(cells);
        }
        table
    }

    /// The reports of the divergences.
    pub fn reports(&self) -> String {
        self.report
            .as_ref()
            .map(Report::to_string)
            .unwrap_or_default()
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            block,
            config,
            seed,
            cycles_per_second,
            ..
        } = self;
        writeln!(f, "{block}  config={config}  seed={seed:#x}")?;
        write!(f, "{}", self.table())?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        writeln!(f, "{cycles_per_second} lock-step cycles per second")?;
        write!(f, "{}", self.reports())
    }
}
