//! Sizes of one TT core, one stage, one boundary; symbols as in section 1 of `docs/tt_core.md`.

use crate::sram::SramSpec;

/// TT core `k` and its memory.
pub(super) struct Core {
    pub k: u32,
    /// Digits (p_k).
    pub digits: u32,
    pub digit_w: u32,
    pub lines: u64,
    pub line_words: u32,
    pub line_bits: u32,
    pub banks: u32,
    /// Bits that number what is read together of a slice.
    pub part_w: u32,
    /// Words of a bank.
    pub words: u32,
}

impl Core {
    pub fn sram(&self) -> String {
        self.spec().name()
    }

    pub fn spec(&self) -> SramSpec {
        SramSpec::new(self.words, self.line_bits)
    }

    /// Bits of a line's number.
    pub fn num_w(&self) -> u32 {
        self.digit_w + self.part_w + self.banks.ilog2()
    }

    /// A one for each word of a line, in hexadecimal.
    pub fn words_mask(&self) -> String {
        format!("{:x}", u64::MAX >> (u64::BITS - self.line_words))
    }
}

/// Stage `k`: sizes of its steps.
pub(super) struct Stage {
    pub k: u32,
    pub last: bool,
    pub rank: u32,
    /// Rows of A and columns of B in a step (w_k and c_k).
    pub rows: u32,
    pub cols: u32,
    pub chunk_w: u32,
    pub group_w: u32,
    /// Bits of what names A: a digit of core 1 or an entry.
    pub source_w: u32,
    pub digit_w: u32,
    /// Cycles from a step to its words being written.
    pub delay: u32,
}

impl Stage {
    pub fn lanes(&self) -> u32 {
        self.rows * self.cols
    }

    pub fn step_w(&self) -> u32 {
        self.chunk_w + self.group_w
    }

    /// Only operations of the last stage can be bad.
    pub fn good(&self) -> &'static str {
        if self.last { " && !bad_o" } else { "" }
    }

    /// The end of an operation is of use: to the entry that it read, or to its table.
    pub fn frees(&self) -> bool {
        self.k > 1 || self.last
    }

    pub fn step_sum(&self) -> &'static str {
        match (self.chunk_w > 0, self.group_w > 0) {
            (true, true) => "ChunkW + GroupW",
            (true, false) => "ChunkW",
            _ => "GroupW",
        }
    }
}

/// Boundary `k`, behind stage k: its directory and the memories of its entries.
pub(super) struct Boundary {
    pub k: u32,
    /// Rows ask it, not a boundary behind it.
    pub outer: bool,
    pub digits_w: u32,
    pub refs_w: u32,
    pub banks: u32,
    /// All banks are written, and one is read, at a time; else the other way round.
    pub wide_write: bool,
    pub bits: u32,
    pub unit_w: u32,
    pub group_w: u32,
    pub write_bits: u32,
    pub read_bits: u32,
    /// Words of a bank.
    pub words: u32,
}

impl Boundary {
    pub fn sram(&self) -> String {
        self.spec().name()
    }

    pub fn spec(&self) -> SramSpec {
        SramSpec::new(self.words, self.bits)
    }
}

/// What a bit of a digit subtracts from the id.
pub(super) struct Modulus {
    pub value: u64,
    pub digit: usize,
    pub bit: u32,
}
