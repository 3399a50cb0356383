//! Sizes derived from a configuration, in the symbols of the specification's parameter table.

use blocks::pe::{Element, PeConfig};

/// Derived sizes of one PE.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Beats of a slice (B).
    pub beats: u32,
    /// 32-bit lanes of a beat.
    pub lanes: usize,
    /// Slots of the reduction buffer (S).
    pub slots: u32,
    /// Entries of the query table (Q).
    pub queries: u32,
    /// Rows of the query table, `Q / L`.
    pub rows: u32,
    /// Queries of one row (L).
    pub row_lanes: u32,
    /// Group registers of the ring (E).
    pub groups: usize,
    /// Largest visit tag, `2^T - 1`.
    pub tag_max: u32,
    /// Cycles from a beat's read to its sum being written (D).
    pub add_delay: u32,
    /// Cycles that the update's multiplication adds (M).
    pub mul_delay: u32,
    /// Entries of the op queue.
    pub op_queue: usize,
    /// Beats of the vector buffer.
    pub in_beats: u32,
    /// Beats of the output FIFO.
    pub out_beats: u32,
    /// Words of the match tracker's list memory; 0 with the rename tracker.
    pub match_ids: u32,
    /// Element type in memory.
    pub element: Element,
    /// Update hardware is present. It is float hardware.
    pub update: bool,
}

impl Shape {
    pub fn new(config: &PeConfig) -> Self {
        Self {
            beats: config.beats(),
            lanes: config.sum_lanes() as usize,
            slots: config.slots,
            queries: config.queries,
            rows: config.rows(),
            row_lanes: config.lookups_per_cycle,
            groups: config.group_entries as usize,
            tag_max: (1 << config.tag_bits) - 1,
            add_delay: config.add_stages + 3,
            mul_delay: config.mul_stages,
            op_queue: config.op_queue as usize,
            in_beats: config.input_buffer_bytes * 8 / config.vec_width(),
            out_beats: config.output_buffer_bytes * 8 / config.width,
            match_ids: if config.has_match() {
                config.match_ids
            } else {
                0
            },
            element: config.element,
            update: config.has_update() && config.element.is_float(),
        }
    }

    /// 32-bit lanes of a slice.
    pub fn slice_lanes(&self) -> usize {
        self.beats as usize * self.lanes
    }
}
