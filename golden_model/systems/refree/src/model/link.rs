//! The part of a memory channel's data bus that one rank's buffer chip has towards the host.

/// Bits that may pile up while nothing moves: one line of 64 bytes.
const LINE: i64 = 512;

/// A bus shared evenly between ranks: this many bits per DRAM cycle, both directions together.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    bits_a_cycle: i64,
    /// Negative while something is still on its way.
    credit: i64,
    moved: u64,
}

impl Link {
    /// A link that moves `bits_a_cycle` bits per DRAM cycle.
    pub fn new(bits_a_cycle: u32) -> Self {
        Self {
            bits_a_cycle: bits_a_cycle.into(),
            credit: 0,
            moved: 0,
        }
    }

    /// Lets DRAM cycles pass.
    pub fn pass(&mut self, cycles: u64) {
        let earned = self.bits_a_cycle.saturating_mul(cycles as i64);
        self.credit = self.credit.saturating_add(earned).min(LINE);
    }

    /// Whether a beat may start to move.
    pub fn is_free(&self) -> bool {
        self.credit > 0
    }

    /// Moves a beat, which the link is busy with until its credit is positive again.
    pub fn take(&mut self, bits: u64) {
        self.moved += bits;
        self.credit -= bits as i64;
    }

    /// Bits moved so far.
    pub fn moved(&self) -> u64 {
        self.moved
    }
}
