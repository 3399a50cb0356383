//! Numbers that several modules of the PE share.

use blocks::pe::PeConfig;

/// Sizes derived from a configuration; symbols as in section 1 of `docs/pe.md`.
pub(super) struct Dims {
    pub lanes: u32,
    pub queries: u32,
    pub rows: u32,
    pub entries: u32,
    pub slots: u32,
    pub slot_w: u32,
    pub query_w: u32,
    pub row_w: u32,
    pub cnt_w: u32,
    pub tag_w: u32,
    pub beats: u32,
    pub last_beat: u32,
    pub width: u32,
    pub vec_w: u32,
    pub id_w: u32,
    /// Row and lanes of a result.
    pub emit_w: u32,
    /// Cycles from a beat's read to its sum being written.
    pub depth: u32,
    pub in_beats: u32,
    pub out_beats: u32,
    /// Update hardware is present.
    pub update: bool,
    /// The PE itself matches ids with queries.
    pub matches: bool,
}

impl Dims {
    pub fn new(c: &PeConfig) -> Self {
        let row_w = c.rows().ilog2();
        Self {
            lanes: c.lookups_per_cycle,
            queries: c.queries,
            rows: c.rows(),
            entries: c.group_entries,
            slots: c.slots,
            slot_w: c.slot_bits(),
            query_w: c.query_bits(),
            row_w,
            cnt_w: c.query_bits() + 1,
            tag_w: c.tag_bits,
            beats: c.beats(),
            last_beat: c.beats() - 1,
            width: c.width,
            vec_w: c.vec_width(),
            id_w: c.id_bits,
            emit_w: row_w + c.lookups_per_cycle,
            depth: c.add_stages + 3,
            in_beats: c.input_buffer_bytes * 8 / c.vec_width(),
            out_beats: c.output_buffer_bytes * 8 / c.width,
            update: c.has_update(),
            matches: c.has_match(),
        }
    }

    /// Slices have an even number of beats.
    pub fn even(&self) -> bool {
        self.beats > 1
    }

    /// Bits of a request beat.
    pub fn req_w(&self) -> u32 {
        self.row_w + 2 * self.lanes + 1
    }

    /// Bits of one operation.
    pub fn op_w(&self) -> u32 {
        3 + 2 * self.slot_w + 1 + self.emit_w
    }

    /// Bits that go along with a vector beat behind the match front end.
    pub fn vec_side_w(&self) -> u32 {
        if self.update { self.id_w } else { 0 }
    }

    /// Bits that go along with a result beat.
    pub fn res_side_w(&self) -> u32 {
        self.emit_w.max(self.vec_side_w())
    }

    /// Ids that can wait to be matched: those of all vectors that the PE may have taken.
    pub fn id_depth(&self) -> u32 {
        (self.in_beats.div_ceil(self.beats) + 4).next_power_of_two()
    }
}
