//! Everything that a run of the study found.

use serde::{Deserialize, Serialize};

use super::paper::Table;
use crate::figures::Figures;
use crate::model::Placement;
use crate::sweep::{Point, Sensitivity};
use crate::variants::Variant;

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Queries of a batch.
    pub batch: u32,
    pub seed: u64,
    pub placement: Placement,
    /// Configuration of the PE.
    pub pe: String,
    pub clock_ghz: f64,
    pub workloads: Vec<Figures>,
    /// The paper's figures 6 to 9 beside ours.
    pub tables: Vec<Table>,
    pub silicon: Option<Silicon>,
    #[serde(rename = "beyond")]
    pub extensions: Vec<Extensions>,
    pub sweeps: Vec<Sweep>,
    pub sensitivity: Vec<Sensitivity>,
}

impl Report {
    /// Names of the workloads.
    pub(super) fn names(&self) -> Vec<&str> {
        let workloads = self.workloads.iter();
        workloads.map(|figures| figures.workload.as_str()).collect()
    }
}

/// Variants beyond the paper on one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Extensions {
    pub workload: String,
    pub variants: Vec<Variant>,
}

/// Widths and clocks on one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Sweep {
    pub workload: String,
    pub points: Vec<Point>,
}

/// What synthesis says of the PE: the part of `embertl area --json` that is shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Silicon {
    pub block: String,
    pub config: String,
    /// By the two rules of scaling from 45 nm.
    pub area_mm2_32nm_stillmaker: f64,
    pub area_mm2_32nm_geometric: f64,
    /// Longest path at 45 nm.
    pub path_ns: f64,
    pub tools: Tools,
}

/// Versions behind [`Silicon`].
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tools {
    pub yosys: String,
    pub library: String,
}
