//! From tables under a load to what the mapper takes.

use crate::cost::Demand;
use crate::hits::hit_rates;
use crate::machine::Machine;
use crate::mapper::{Choice, Problem};
use crate::params::{HOT_GAIN, HOT_ROWS};
use crate::profile::Profile;
use crate::schedule::Strategy;
use crate::workload::Table;

/// Which strategies the mapper may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Options {
    /// The paper's four.
    Paper,
    /// These and HOT, ours.
    Hot,
    /// The paper's, with FILTER, ours, in place of GM.
    Filter,
}

impl Options {
    /// The strategies.
    pub fn strategies(self) -> Vec<Strategy> {
        let by_row = match self {
            Self::Filter => Strategy::Filter,
            Self::Paper | Self::Hot => Strategy::Gm,
        };
        let mut all = vec![by_row, Strategy::L1, Strategy::GmUb, Strategy::L1Ub];
        if self == Self::Hot {
            all.extend(HOT_ROWS.map(Strategy::Hot));
        }
        all
    }
}

/// Tables, their profiles and the batch on a machine.
#[derive(Clone, Debug)]
pub struct Load<'a> {
    pub machine: &'a Machine,
    pub tables: &'a [Table],
    pub profiles: Vec<Profile>,
    /// Coverage by held-out queries, by table.
    pub held_out: Option<Vec<[f64; HOT_ROWS.len()]>>,
    pub batch: f64,
}

impl<'a> Load<'a> {
    /// Without a profile: every row equally likely.
    pub fn unknown(machine: &'a Machine, tables: &'a [Table], batch: u32) -> Self {
        let profiles = tables
            .iter()
            .map(|table| Profile::uniform(table.rows))
            .collect();
        Self {
            machine,
            tables,
            profiles,
            held_out: None,
            batch: batch.into(),
        }
    }

    /// What the mapper takes.
    pub fn problem(&self, options: Options) -> Problem {
        let hits = hit_rates(self.machine, self.tables, &self.profiles, self.batch);
        let tables = (0..self.tables.len()).map(|index| self.choices(index, hits[index], options));
        Problem {
            cores: self.machine.core_count(),
            l1: self.machine.l1_bytes,
            tables: tables.collect(),
        }
    }

    /// One table under its load.
    pub fn demand(&self, index: usize, hit: f64) -> Demand<'_> {
        Demand {
            machine: self.machine,
            table: &self.tables[index],
            profile: &self.profiles[index],
            lookups: self.batch * self.tables[index].lookups,
            hit,
            held_out: self.held_out.as_ref().map(|coverage| &coverage[index]),
        }
    }

    fn choices(&self, index: usize, hit: f64, options: Options) -> Vec<Choice> {
        let demand = self.demand(index, hit);
        let cores = self.machine.cores;
        let all = options.strategies().into_iter();
        let mut choices: Vec<Choice> = all
            .filter_map(|how| demand.cost(how, cores).map(|cost| Choice { how, cost }))
            .collect();
        // HOT only where it pays on queries that did not choose its rows; of several numbers of rows, one
        // with more must be faster.
        let mut least = choices
            .first()
            .map_or(0.0, |by_row| by_row.cost.lines[0].0 / HOT_GAIN);
        choices.retain(|choice| {
            let slope = choice.cost.lines[0].0;
            let keeps = !matches!(choice.how, Strategy::Hot(_)) || slope < least;
            if matches!(choice.how, Strategy::Hot(_)) && keeps {
                least = slope;
            }
            keeps
        });
        choices
    }
}
