//! Vector buffer: a beat FIFO and two vector registers.
//!
//! Beats stay where the stream put them in one ring; a register is the place of its first beat.

use super::arith;
use super::beat_fifo::BeatFifo;
use super::shape::Shape;
use hdl_gen::pe::Element;

/// The `vec` stream up to the vector at hand.
#[derive(Clone, Debug)]
pub(super) struct VectorBuffer {
    fifo: BeatFifo,
    element: Element,
    beats: u32,
    lanes: usize,
    /// All beats from the port to the registers, widened.
    ring: Vec<u32>,
    ring_beats: u32,
    /// Row ids, one for each vector in the ring.
    ids: Vec<u64>,
    /// Beats come from the port and taken into registers so far.
    written: u32,
    taken: u32,
    full: u32,
    load_sel: u32,
    cons: u32,
    /// First beat of each register's vector.
    first: [u32; 2],
}

impl VectorBuffer {
    pub fn new(shape: &Shape) -> Self {
        // The banks, two output registers and both vector registers.
        let ring_beats = (shape.in_beats + 2 + 2 * shape.beats).next_power_of_two();
        Self {
            fifo: BeatFifo::new(shape.in_beats),
            element: shape.element,
            beats: shape.beats,
            lanes: shape.lanes,
            ring: vec![0; ring_beats as usize * shape.lanes],
            ring_beats,
            ids: vec![0; (ring_beats / shape.beats) as usize],
            written: 0,
            taken: 0,
            full: 0,
            load_sel: 0,
            cons: 0,
            first: [0; 2],
        }
    }

    pub fn reset(&mut self) {
        self.fifo.reset();
        (self.written, self.taken) = (0, 0);
        self.full = 0;
        (self.load_sel, self.cons) = (0, 0);
    }

    #[inline]
    pub fn ready(&self) -> bool {
        self.fifo.ready()
    }

    /// The next beat from the port is a vector's first.
    #[inline]
    pub fn at_first(&self) -> bool {
        self.written & (self.beats - 1) == 0
    }

    /// Stores a beat that the port transfers in this cycle.
    #[inline]
    pub fn accept(&mut self, id: u64, words: &[u64]) {
        let beat = self.written & (self.ring_beats - 1);
        let first = beat as usize * self.lanes;
        let lanes = &mut self.ring[first..first + self.lanes];
        arith::widen(self.element, words, lanes);
        if self.at_first() {
            self.ids[(beat / self.beats) as usize] = id;
        }
        self.written = self.written.wrapping_add(1);
    }

    /// The vector at hand is complete.
    #[inline]
    pub fn usable(&self) -> bool {
        self.full >> self.cons & 1 != 0
    }

    /// The vector at hand, all beats.
    #[inline]
    pub fn vector(&self) -> &[u32] {
        let first = self.first[self.cons as usize] as usize * self.lanes;
        &self.ring[first..first + self.beats as usize * self.lanes]
    }

    /// Row id of the vector at hand.
    #[inline]
    pub fn id(&self) -> u64 {
        self.ids[(self.first[self.cons as usize] / self.beats) as usize]
    }

    /// The rising edge. `accepted`: the port transfers a beat; `end`: an END issues.
    #[inline]
    pub fn step(&mut self, accepted: bool, end: bool) {
        let load = self.fifo.visible() && self.full >> self.load_sel & 1 == 0;
        self.fifo.step(accepted, load);
        if end {
            self.full &= !(1 << self.cons);
            self.cons ^= 1;
        }
        if load {
            let beat = self.taken & (self.ring_beats - 1);
            self.taken = self.taken.wrapping_add(1);
            if beat & (self.beats - 1) == 0 {
                self.first[self.load_sel as usize] = beat;
            }
            if beat & (self.beats - 1) == self.beats - 1 {
                self.full |= 1 << self.load_sel;
                self.load_sel ^= 1;
            }
        }
    }

    /// No vector, whole or in part, and no beat is left.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.written == self.taken && self.full == 0 && self.taken.is_multiple_of(self.beats)
    }
}
