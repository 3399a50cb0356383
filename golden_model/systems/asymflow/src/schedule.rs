//! What each core does, in its order: the input of the event model.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// How a core looks a table up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strategy {
    /// A DMA descriptor per row from global memory.
    #[serde(rename = "GM")]
    Gm,
    /// A DMA descriptor per row from a table in L1.
    L1,
    /// The table streams through UB in chunks, the vector unit gathers.
    #[serde(rename = "GM-UB")]
    GmUb,
    /// The same from a table in L1.
    #[serde(rename = "L1-UB")]
    L1Ub,
    /// The hottest rows, so many, resident and gathered, the others as GM (ours).
    #[serde(rename = "HOT")]
    Hot(u32),
    /// GM, but a row fetched before for this share is copied (ours).
    #[serde(rename = "FILTER")]
    Filter,
}

impl Strategy {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gm => "GM",
            Self::L1 => "L1",
            Self::GmUb => "GM-UB",
            Self::L1Ub => "L1-UB",
            Self::Hot(_) => "HOT",
            Self::Filter => "FILTER",
        }
    }

    /// Whether it reads rows of global memory one by one.
    pub fn by_row(self) -> bool {
        matches!(self, Self::Gm | Self::Hot(_) | Self::Filter)
    }
}

/// A share of a table: neighbouring queries of the batch, on one core.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    pub table: usize,
    #[serde(rename = "strategy")]
    pub how: Strategy,
    /// The part of the batch, from 0 to 1.
    pub from: f64,
    pub to: f64,
}

/// The shares of each core, in order.
pub type Phase = Vec<Vec<Share>>;

/// Phases with a barrier after each, and the hot rows of tables that HOT serves.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    pub phases: Vec<Phase>,
    /// By table; empty where HOT is not used.
    pub hot: Vec<FxHashSet<u32>>,
}

impl Schedule {
    /// One phase without hot rows.
    pub fn of(phase: Phase) -> Self {
        Self {
            phases: vec![phase],
            hot: Vec::new(),
        }
    }

    /// Whether each of `tables` tables is covered from 0 to 1 once.
    ///
    /// # Errors
    /// The first table that is not, and where.
    pub fn covers(&self, tables: usize) -> Result<(), String> {
        let mut parts = vec![Vec::new(); tables];
        for share in self.phases.iter().flatten().flatten() {
            parts[share.table].push((share.from, share.to));
        }
        for (table, parts) in parts.iter_mut().enumerate() {
            parts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut at = 0.0;
            for &(from, to) in parts.iter() {
                if from != at || to < from {
                    return Err(format!(
                        "table {table}: a share starts at {from}, not at {at}"
                    ));
                }
                at = to;
            }
            if at != 1.0 {
                return Err(format!("table {table}: covered up to {at}, not to 1"));
            }
        }
        Ok(())
    }
}
