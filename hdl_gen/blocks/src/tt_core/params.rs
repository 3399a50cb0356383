//! Parameters of the block, and what follows from them.

use serde::{Deserialize, Serialize};

/// Type of the words of TT cores, and of products between stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// Sums are int32, products between stages are requantised.
    Int8,
    /// Sums are binary32, products between stages are rounded.
    Bf16,
    Fp32,
}

impl Element {
    /// Bits of a word.
    pub fn bits(self) -> u32 {
        match self {
            Self::Int8 => 8,
            Self::Bf16 => 16,
            Self::Fp32 => 32,
        }
    }

    pub fn is_float(self) -> bool {
        self != Self::Int8
    }
}

/// Parameters of one core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtCoreConfig {
    pub element: Element,
    pub p: Vec<u32>,
    pub q: Vec<u32>,
    pub ranks: Vec<u32>,
    pub macs: Vec<u32>,
    pub tables: u32,
    pub prefix_entries: u32,
    pub row_queue: u32,
    pub pooling: bool,
    pub bags: u32,
    pub out_beats: u32,
    pub mul_stages: u32,
    pub add_stages: u32,
    pub counter_bits: u32,
}

impl TtCoreConfig {
    /// Rows that the digits can tell apart, at most 2^32.
    pub fn row_space(&self) -> u64 {
        self.p.iter().copied().map(u64::from).product()
    }

    /// Elements of a row (J).
    pub fn columns(&self) -> u32 {
        self.q.iter().product()
    }

    /// Elements of a result beat: the lanes of the last stage.
    pub fn beat_elements(&self) -> u32 {
        let last = self.ranks.len() - 1;
        self.macs[last] / self.ranks[last]
    }

    /// Beats of a row (N).
    pub fn beats(&self) -> u32 {
        self.columns() / self.beat_elements()
    }

    /// Width of a row id.
    pub fn id_bits(&self) -> u32 {
        u64::BITS - (self.row_space() - 1).leading_zeros()
    }

    /// Width of a table's number, at least 1.
    pub fn table_bits(&self) -> u32 {
        self.tables.ilog2().max(1)
    }

    /// Width of a bag's number.
    pub fn bag_bits(&self) -> u32 {
        self.bags.ilog2()
    }

    /// Width of a load beat: the widest line, or what a start beat says.
    pub fn load_bits(&self) -> u32 {
        let lines = self.ranks.iter().map(|rank| rank * self.element.bits());
        let start = match self.element {
            Element::Int8 => 32 + 24 * (self.p.len() as u32 - 2),
            _ => 32,
        };
        lines.fold(start, u32::max)
    }
}
