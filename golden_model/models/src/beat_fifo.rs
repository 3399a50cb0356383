//! Timing of a buffer of result beats: a FIFO in two single-ported banks and two output registers.
//! More than one block has it.
//!
//! Beats leave in the order in which they came, so the owner keeps them in a plain ring; only
//! which of them is where decides the timing, and that is kept here.

/// Pointers and fill of the FIFO.
#[derive(Clone, Debug, Default)]
pub(super) struct BeatFifo {
    /// Positions in the banks; only differences and the lowest bit matter, so they run free.
    wptr: u32,
    rptr: u32,
    /// Full output registers, 0 to 2.
    regs: u32,
    /// 1 if a read was started in the previous cycle.
    flight: u32,
}

impl BeatFifo {
    /// The oldest beat is in an output register.
    #[inline]
    pub fn visible(&self) -> bool {
        self.regs > 0
    }

    /// The rising edge: `write`, a beat enters in this cycle; `pop`, the visible beat leaves.
    #[inline]
    pub fn step(&mut self, write: bool, pop: bool) {
        let kept = self.regs + self.flight - u32::from(pop);
        let bank_taken = write && (self.wptr ^ self.rptr) & 1 == 0;
        let read = self.wptr != self.rptr && kept < 2 && !bank_taken;
        self.regs = kept;
        self.flight = u32::from(read);
        self.rptr = self.rptr.wrapping_add(u32::from(read));
        self.wptr = self.wptr.wrapping_add(u32::from(write));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_is_visible_three_cycles_after_its_push() {
        let mut fifo = BeatFifo::default();
        fifo.step(true, false); // written in cycle 0
        fifo.step(false, false); // read started in cycle 1
        assert!(!fifo.visible());
        fifo.step(false, false);
        assert!(fifo.visible()); // in the registers from cycle 3
    }

    #[test]
    fn every_beat_leaves_once() {
        let mut fifo = BeatFifo::default();
        for _ in 0..6 {
            fifo.step(true, false);
        }
        for _ in 0..6 {
            assert!(fifo.visible());
            fifo.step(false, true);
        }
        assert!(!fifo.visible());
    }

    #[test]
    fn sustains_a_beat_a_cycle() {
        let mut fifo = BeatFifo::default();
        let mut left = 0;
        for _ in 0..1000 {
            let pop = fifo.visible();
            left += u32::from(pop);
            fifo.step(true, pop);
        }
        assert!(left >= 990, "{left}");
    }
}
