//! Counters and the sticky error.

/// Error codes of `err_o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    BadCommand = 1,
    RetainedLost = 2,
    QueryRange = 3,
    Duplicate = 4,
    SlotsExhausted = 5,
    NoGradient = 6,
    ManyRows = 7,
    Unfinished = 8,
    ListFull = 9,
}

/// Counters by their `ctr_sel_i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    Cycles = 0,
    AdderBeats = 1,
    Fills = 2,
    Shares = 3,
    Results = 4,
    Updates = 5,
    StallVector = 6,
    StallCredit = 7,
    StallIssue = 8,
    StallEmpty = 9,
}

/// Counters and error of one PE. What happens in one cycle is noted, and taken at the end of the
/// next.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    counters: [u32; 16],
    error: u32,
    /// What the cycle adds to each counter.
    noted: [u32; 16],
    /// Errors of the cycle, bit = code.
    raised: u32,
}

impl Status {
    #[inline]
    pub fn raise(&mut self, fault: Fault) {
        self.raised |= 1 << fault as u32;
    }

    #[inline]
    pub fn count(&mut self, counter: Counter, amount: u32) {
        self.noted[counter as usize] += amount;
    }

    /// The counter that `ctr_sel_i` chooses.
    #[inline]
    pub fn counter(&self, select: u64) -> u32 {
        self.counters[(select & 15) as usize]
    }

    /// The first error since reset or clear, 0 for none.
    #[inline]
    pub fn error(&self) -> u32 {
        self.error
    }

    /// The rising edge: takes what the previous cycle noted. Of its errors the smallest code
    /// sticks if none did before.
    #[inline]
    pub fn take(&mut self) {
        for (counter, noted) in self.counters.iter_mut().zip(&mut self.noted) {
            *counter = counter.wrapping_add(*noted);
            *noted = 0;
        }
        if self.raised != 0 {
            if self.error == 0 {
                self.error = self.raised.trailing_zeros();
            }
            self.raised = 0;
        }
    }

    /// Drops what is noted and not yet taken.
    pub fn forget(&mut self) {
        self.noted = [0; 16];
        self.raised = 0;
    }
}
