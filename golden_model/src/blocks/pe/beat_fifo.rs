//! Timing of the beat FIFO: two single-ported banks and two output registers.
//!
//! Beats leave in the order in which they came, so the owner keeps them in a plain ring; only
//! which of them is where decides the timing, and that is kept here.

/// Pointers and fill of one FIFO.
#[derive(Clone, Debug)]
pub(super) struct BeatFifo {
    capacity: u32,
    /// Positions in the banks; only differences and the lowest bit matter, so they run free.
    wptr: u32,
    rptr: u32,
    /// Full output registers, 0 to 2.
    regs: u32,
    /// 1 if a read was started in the previous cycle.
    flight: u32,
}

impl BeatFifo {
    pub fn new(capacity: u32) -> Self {
        Self {
            capacity,
            wptr: 0,
            rptr: 0,
            regs: 0,
            flight: 0,
        }
    }

    pub fn reset(&mut self) {
        *self = Self::new(self.capacity);
    }

    /// The banks have room.
    #[inline]
    pub fn ready(&self) -> bool {
        self.wptr.wrapping_sub(self.rptr) < self.capacity
    }

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
    fn a_beat_is_visible_three_cycles_after_its_transfer() {
        let mut fifo = BeatFifo::new(4);
        fifo.step(true, false); // written in cycle 0
        fifo.step(false, false); // read started in cycle 1
        assert!(!fifo.visible());
        fifo.step(false, false);
        assert!(fifo.visible()); // in the registers from cycle 3
    }

    #[test]
    fn holds_its_banks_and_both_registers() {
        let mut fifo = BeatFifo::new(4);
        let mut taken = 0;
        for _ in 0..20 {
            let write = fifo.ready();
            taken += u32::from(write);
            fifo.step(write, false);
        }
        assert_eq!(taken, 6);
        for _ in 0..6 {
            assert!(fifo.visible());
            fifo.step(false, true);
        }
        assert!(!fifo.visible());
    }

    #[test]
    fn sustains_a_beat_a_cycle() {
        let mut fifo = BeatFifo::new(8);
        let mut left = 0;
        for _ in 0..1000 {
            let (write, pop) = (fifo.ready(), fifo.visible());
            left += u32::from(pop);
            fifo.step(write, pop);
        }
        assert!(left >= 990, "{left}");
    }
}
