//! Sections 10 and 11: counters and the sticky errors.

/// Bits of `err_o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotLoaded = 0,
    RowRange = 1,
    Load = 2,
    NonFinite = 3,
}

/// Counters by their `ctr_sel_i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    Busy = 0,
    Rows = 1,
    BadRows = 2,
    Results = 3,
    Lines = 4,
    LoadWaits = 5,
    RowWaits = 6,
    SourceWaits = 7,
    RoomWaits = 8,
}

/// Counters of ops begun by the first stage, and of hits at the first boundary.
const BEGUN: usize = 9;
const HITS: usize = 12;

#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    /// As if they were 32 bits wide: what is above `counter_bits` is cut off when it is shown.
    counters: [u32; 16],
    errors: u64,
}

impl Status {
    #[inline]
    pub fn raise(&mut self, fault: Fault) {
        self.errors |= 1 << fault as u32;
    }

    #[inline]
    pub fn count(&mut self, counter: Counter, happens: bool) {
        self.add(counter as usize, happens);
    }

    /// Stage `stage`, from 0, begins an op.
    #[inline]
    pub fn count_begun(&mut self, stage: usize) {
        self.add(BEGUN + stage, true);
    }

    /// A hit at boundary `boundary`, from 0.
    #[inline]
    pub fn count_hit(&mut self, boundary: usize) {
        self.add(HITS + boundary, true);
    }

    #[inline]
    fn add(&mut self, select: usize, happens: bool) {
        let counter = &mut self.counters[select];
        *counter = counter.wrapping_add(u32::from(happens));
    }

    #[inline]
    pub fn counter(&self, select: u64) -> u32 {
        self.counters[(select & 15) as usize]
    }

    #[inline]
    pub fn errors(&self) -> u64 {
        self.errors
    }
}
