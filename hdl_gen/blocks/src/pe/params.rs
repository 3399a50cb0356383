//! Parameters of the block, and what follows from them.

use serde::{Deserialize, Serialize};

/// Element type of the vectors in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// IEEE-754 binary32; partial sums binary32.
    Fp32,
    /// bfloat16 in memory; partial sums, reduced gradients and learning rate binary32.
    Bf16,
    /// Signed 8-bit in memory; partial sums int32, wrapping.
    Int8,
    /// int32, wrapping.
    Int32,
}

impl Element {
    /// Bits of one element in memory.
    pub fn bits(self) -> u32 {
        match self {
            Self::Fp32 | Self::Int32 => 32,
            Self::Bf16 => 16,
            Self::Int8 => 8,
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Self::Fp32 | Self::Bf16)
    }
}

/// How the PE finds the queries that request a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tracker {
    /// The host streams, per vector, the queries that request it.
    Rename,
    /// The PE holds every query's remaining ids and compares their heads with the current id.
    Match,
}

/// Which mode hardware is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modes {
    /// Gather-and-reduce only.
    Gnr,
    /// Gather-and-reduce, and the update with the reduced gradients.
    GnrUpdate,
}

/// Parameters of one PE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeConfig {
    pub width: u32,
    pub element: Element,
    pub slice_bytes: u32,
    pub slots: u32,
    pub queries: u32,
    pub input_buffer_bytes: u32,
    pub output_buffer_bytes: u32,
    pub id_bits: u32,
    pub tracker: Tracker,
    pub match_ids: u32,
    pub lookups_per_cycle: u32,
    pub group_entries: u32,
    pub tag_bits: u32,
    pub op_queue: u32,
    pub add_stages: u32,
    pub mul_stages: u32,
    pub modes: Modes,
}

impl PeConfig {
    /// 32-bit lanes of the compute unit, `width / 32`.
    pub fn sum_lanes(&self) -> u32 {
        self.width / 32
    }

    /// Beats of one slice (one slot of the reduction buffer, one vector, one result).
    pub fn beats(&self) -> u32 {
        self.slice_bytes * 8 / self.width
    }

    /// Width in bits of a vector or row beat in memory format: one element per 32-bit lane.
    pub fn vec_width(&self) -> u32 {
        self.sum_lanes() * self.element.bits()
    }

    /// Bits of a slot number.
    pub fn slot_bits(&self) -> u32 {
        self.slots.ilog2()
    }

    /// Bits of a query number.
    pub fn query_bits(&self) -> u32 {
        self.queries.ilog2()
    }

    /// Rows of the query table: `queries / lookups_per_cycle`.
    pub fn rows(&self) -> u32 {
        self.queries / self.lookups_per_cycle
    }

    pub fn has_update(&self) -> bool {
        self.modes == Modes::GnrUpdate
    }

    /// The PE itself finds the queries that request a vector.
    pub fn has_match(&self) -> bool {
        self.tracker == Tracker::Match
    }
}
