//! Which addresses may be in a queue: a quick no.

/// Counts addresses by hash.
#[derive(Clone, Debug)]
pub struct Lines {
    counts: Vec<u32>,
    shift: u32,
}

impl Lines {
    /// For a queue of `capacity` entries; an address outside it is taken for one of them once in
    /// eight times at most.
    pub fn new(capacity: usize) -> Self {
        let size = (8 * capacity).next_power_of_two();
        Self {
            counts: vec![0; size],
            shift: 64 - size.ilog2(),
        }
    }

    /// By multiplication with 2^64 over the golden ratio (Knuth, volume 3, 6.4).
    fn slot(&self, address: u64) -> usize {
        (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    pub fn add(&mut self, address: u64) {
        let slot = self.slot(address);
        self.counts[slot] += 1;
    }

    pub fn remove(&mut self, address: u64) {
        let slot = self.slot(address);
        self.counts[slot] -= 1;
    }

    /// False if the address is not in the queue.
    pub fn may_contain(&self, address: u64) -> bool {
        self.counts[self.slot(address)] > 0
    }
}
