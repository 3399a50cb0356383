//! Everything that a run of `recross system` found.

use serde::Serialize;

use crate::map::Mapping;
use crate::study::beyond::Step;
use crate::study::sensitivity::Point;
use crate::study::{Figures, find, ratio};

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub trace: String,
    pub train_split: &'static str,
    pub seed: u64,
    pub budget: f64,
    pub batch: u32,
    pub config: String,
    pub dim: u32,
    pub stream: bool,
    pub idle_mw: f64,
    pub mapping: Mapping,
    pub refine: u32,
    pub queries: u64,
    /// Queries without rows, served without an activation.
    pub empty_queries: u64,
    /// Of the look-ups served, those of rows that training has not seen.
    pub unseen_share: f64,
    pub chosen: Chosen,
    /// Where component figures come from.
    pub sources: serde_json::Map<String, serde_json::Value>,
    pub systems: Vec<Figures>,
    /// Extensions, in the order in which they were tried.
    pub beyond: Vec<Step>,
    pub sensitivity: Vec<Point>,
    /// What is to be said of these figures.
    pub remarks: Vec<String>,
    pub warnings: Vec<String>,
}

/// What training queries chose.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Chosen {
    /// Part of the budget that went to copies of rows.
    pub row_share: f64,
}

impl Report {
    /// Figures of a system.
    pub fn system(&self, name: &str) -> &Figures {
        find(&self.systems, name)
    }

    /// Time of another system over ours.
    pub fn time(&self, name: &str) -> f64 {
        ratio(self.system(name).ns_a_query, self.system("ours").ns_a_query)
    }

    /// Energy of another system over ours.
    pub fn energy(&self, name: &str) -> f64 {
        ratio(self.system(name).pj_a_query, self.system("ours").pj_a_query)
    }

    /// What made the figures.
    pub fn provenance(&self) -> String {
        format!(
            "trace {}, split {}, seed {}, configuration {}, rows of {} elements, budget {}, batch {}{}; mapping \
             {:?} with {} passes of refinement, {} of the budget for copies of rows",
            self.trace,
            self.train_split,
            self.seed,
            self.config,
            self.dim,
            self.budget,
            self.batch,
            if self.stream { " without barrier" } else { "" },
            self.mapping,
            self.refine,
            self.chosen.row_share
        )
    }
}

/// Sources by component, as the table of components has them.
pub fn sources() -> serde_json::Map<String, serde_json::Value> {
    let figures = tech::crossbar::FIGURES.iter().chain(tech::adc::FIGURES);
    let figures = figures.chain([&tech::cpu::HOST_MEMORY, &tech::cpu::HOST_MEMORY_ENERGY]);
    figures
        .map(|figure| {
            let text = format!("{} {}: {}", figure.value, figure.unit, figure.source);
            (figure.name.to_owned(), text.into())
        })
        .collect()
}
