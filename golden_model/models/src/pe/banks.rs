//! Times at which the two single-ported banks of a buffer are taken.

/// Cycles in which each bank is taken, bit k is k cycles from now.
pub(super) type Cycles = [u64; 2];

/// Reservations of both banks.
#[derive(Clone, Debug)]
pub(super) struct Banks {
    taken: Cycles,
    /// Beats in the first beat's bank and in the other one, bit b is beat b.
    pattern: Cycles,
}

impl Banks {
    /// Banks that are accessed `beats` beats at a time, at most 16.
    pub fn new(beats: u32) -> Self {
        let all = (1_u64 << beats) - 1;
        Self {
            taken: [0; 2],
            pattern: [all & 0x5555, all & 0xaaaa],
        }
    }

    pub fn reset(&mut self) {
        self.taken = [0; 2];
    }

    /// An access whose first beat is in bank `first` mod 2, `delay` cycles from now.
    #[inline]
    pub fn access(&self, first: u32, delay: u32) -> Cycles {
        let [this, other] = self.pattern.map(|beats| beats << delay);
        if first & 1 == 0 {
            [this, other]
        } else {
            [other, this]
        }
    }

    /// The access meets none taken before.
    #[inline]
    pub fn free(&self, access: Cycles) -> bool {
        (access[0] & self.taken[0] | access[1] & self.taken[1]) == 0
    }

    #[inline]
    pub fn take(&mut self, access: Cycles) {
        self.taken[0] |= access[0];
        self.taken[1] |= access[1];
    }

    /// Bank `bank` mod 2 is taken in this cycle.
    #[inline]
    pub fn busy(&self, bank: u32) -> bool {
        self.taken[(bank & 1) as usize] & 1 != 0
    }

    /// The rising edge.
    #[inline]
    pub fn step(&mut self) {
        self.taken[0] >>= 1;
        self.taken[1] >>= 1;
    }
}
