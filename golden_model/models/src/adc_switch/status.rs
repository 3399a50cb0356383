//! Counters and the sticky errors.

/// Bits of `err_o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    TagChanged = 0,
    TagInFlight = 1,
    Overflow = 2,
    CodeRange = 3,
}

/// Counters by their `ctr_sel_i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    Busy = 0,
    Skipped = 1,
    Reads = 2,
    Macs = 3,
    Accesses = 4,
    /// Comparators powered, or bit cycles.
    Conversion = 5,
}

/// The counter of accesses at the lowest resolution.
const HISTOGRAM: usize = 6;

#[derive(Clone, Debug)]
pub(super) struct Status {
    /// Kept in full: what wraps at `2^W` follows from what wraps at `2^32`.
    counters: [u32; 16],
    /// The bits that a counter has.
    mask: u32,
    errors: u64,
}

impl Status {
    pub fn new(counter_bits: u32) -> Self {
        Self {
            counters: [0; 16],
            mask: u32::MAX >> (u32::BITS - counter_bits),
            errors: 0,
        }
    }

    /// Counters and errors to 0.
    pub fn clear(&mut self) {
        self.counters = [0; 16];
        self.errors = 0;
    }

    #[inline]
    pub fn raise(&mut self, fault: Fault) {
        self.errors |= 1 << fault as u32;
    }

    #[inline]
    pub fn count(&mut self, counter: Counter, amount: u32) {
        let counter = &mut self.counters[counter as usize];
        *counter = counter.wrapping_add(amount);
    }

    /// An access at a resolution this much above that of one row.
    #[inline]
    pub fn count_resolution(&mut self, above: u32) {
        let counter = &mut self.counters[HISTOGRAM + above as usize];
        *counter = counter.wrapping_add(1);
    }

    #[inline]
    pub fn counter(&self, select: u64) -> u32 {
        self.counters[(select & 15) as usize] & self.mask
    }

    #[inline]
    pub fn errors(&self) -> u64 {
        self.errors
    }
}
