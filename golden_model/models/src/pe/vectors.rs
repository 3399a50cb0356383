//! Vector buffer: beats from the `vec` stream, read in place for as long as an operation needs them.
//!
//! A vector goes by the number of its first beat.

use super::arith;
use super::banks::{Banks, Cycles};
use super::shape::Shape;
use blocks::pe::Element;

/// The `vec` stream up to the current vector.
#[derive(Clone, Debug)]
pub(super) struct VectorBuffer {
    element: Element,
    beats: u32,
    lanes: usize,
    capacity: u32,
    /// The buffer's beats, widened.
    ring: Vec<u32>,
    /// Row ids, one for each vector in the ring.
    ids: Vec<u64>,
    /// Reads of the banks.
    reads: Banks,
    /// Beats written, and the first beat of the current vector; they run free.
    wptr: u32,
    first: u32,
}

impl VectorBuffer {
    pub fn new(shape: &Shape) -> Self {
        Self {
            element: shape.element,
            beats: shape.beats,
            lanes: shape.lanes,
            capacity: shape.in_beats,
            ring: vec![0; shape.in_beats as usize * shape.lanes],
            ids: vec![0; (shape.in_beats / shape.beats) as usize],
            reads: Banks::new(shape.beats),
            wptr: 0,
            first: 0,
        }
    }

    pub fn reset(&mut self) {
        self.reads.reset();
        (self.wptr, self.first) = (0, 0);
    }

    /// Beats from the first of the current vector on.
    #[inline]
    fn held(&self) -> u32 {
        self.wptr.wrapping_sub(self.first)
    }

    /// There is room for the next beat, and its bank isn't read in this cycle; `aside`: the vector
    /// that the side register keeps.
    #[inline]
    pub fn ready(&self, aside: Option<u32>) -> bool {
        let oldest = aside.unwrap_or(self.first);
        self.wptr.wrapping_sub(oldest) < self.capacity && !self.reads.busy(self.wptr)
    }

    /// The next beat from the port is a vector's first.
    #[inline]
    pub fn at_first(&self) -> bool {
        self.wptr & (self.beats - 1) == 0
    }

    /// Place of a beat in the ring.
    #[inline]
    fn place(&self, beat: u32) -> usize {
        (beat & (self.capacity - 1)) as usize
    }

    /// Place of the id of a beat's vector.
    #[inline]
    fn id_place(&self, beat: u32) -> usize {
        self.place(beat) / self.beats as usize
    }

    /// Stores a beat that the port transfers in this cycle.
    #[inline]
    pub fn accept(&mut self, id: u64, words: &[u64]) {
        if self.at_first() {
            let at = self.id_place(self.wptr);
            self.ids[at] = id;
        }
        let first = self.place(self.wptr) * self.lanes;
        let lanes = &mut self.ring[first..first + self.lanes];
        arith::widen(self.element, words, lanes);
        self.wptr = self.wptr.wrapping_add(1);
    }

    /// The current vector is complete.
    #[inline]
    pub fn usable(&self) -> bool {
        self.held() >= self.beats
    }

    /// The current vector.
    #[inline]
    pub fn at_hand(&self) -> u32 {
        self.first
    }

    /// The reads of an operation that issues in this cycle for the vector `first`.
    #[inline]
    fn access(&self, first: u32) -> Cycles {
        self.reads.access(first, 1)
    }

    /// An operation that issues in this cycle can read the vector `first`.
    #[inline]
    pub fn readable(&self, first: u32) -> bool {
        self.reads.free(self.access(first))
    }

    /// Takes the banks for an operation that issues in this cycle.
    #[inline]
    pub fn read(&mut self, first: u32) {
        self.reads.take(self.access(first));
    }

    /// All beats of the vector `first`.
    #[inline]
    pub fn vector(&self, first: u32) -> &[u32] {
        let first = self.place(first) * self.lanes;
        &self.ring[first..first + self.beats as usize * self.lanes]
    }

    /// Row id of the current vector.
    #[inline]
    pub fn id(&self) -> u64 {
        self.ids[self.id_place(self.first)]
    }

    /// The rising edge; `end`: an END issues.
    #[inline]
    pub fn step(&mut self, end: bool) {
        self.reads.step();
        if end {
            self.first = self.first.wrapping_add(self.beats);
        }
    }

    /// No vector, whole or in part, is left.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.held() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::named;
    use super::*;

    /// `tiny` with vectors of `beats` beats in a buffer of 4 beats.
    fn buffer(beats: u32) -> VectorBuffer {
        let mut config = named("tiny");
        config.slice_bytes = 4 * beats;
        config.input_buffer_bytes = 16;
        VectorBuffer::new(&Shape::new(&config))
    }

    /// A cycle in which the port offers a beat. Returns whether it is taken.
    fn offer(buffer: &mut VectorBuffer, id: u64, end: bool) -> bool {
        let taken = buffer.ready(None);
        if taken {
            buffer.accept(id, &[id]);
        }
        buffer.step(end);
        taken
    }

    #[test]
    fn a_vector_is_usable_after_its_last_transfer() {
        let mut buffer = buffer(2);
        assert!(offer(&mut buffer, 7, false));
        assert!(!buffer.usable());
        assert!(offer(&mut buffer, 8, false));
        assert!(buffer.usable());
        assert_eq!(
            (buffer.id(), buffer.vector(buffer.at_hand())),
            (7, &[7, 8][..])
        );
    }

    #[test]
    fn room_comes_back_with_end() {
        let mut buffer = buffer(2);
        let taken = (0..6).filter(|&i| offer(&mut buffer, i, false)).count();
        assert_eq!(taken, 4);
        assert!(!offer(&mut buffer, 0, true));
        assert!(offer(&mut buffer, 9, false));
        assert_eq!(buffer.vector(buffer.at_hand()), [2, 3]);
    }

    #[test]
    fn a_vector_set_aside_keeps_its_room() {
        let mut buffer = buffer(2);
        for beat in 0..4 {
            offer(&mut buffer, beat, beat == 3);
        }
        assert!(buffer.ready(None));
        assert!(!buffer.ready(Some(0)));
        assert_eq!(
            (buffer.vector(0), buffer.vector(2)),
            (&[0, 1][..], &[2, 3][..])
        );
    }

    #[test]
    fn a_beat_waits_while_its_bank_is_read() {
        let mut buffer = buffer(2);
        offer(&mut buffer, 0, false);
        offer(&mut buffer, 1, false);
        buffer.read(buffer.at_hand());
        buffer.step(false);
        // Beat 0 is read, then beat 1 while the port writes to the other bank, and so on.
        assert!(!offer(&mut buffer, 2, false));
        assert!(offer(&mut buffer, 2, false));
        assert!(offer(&mut buffer, 3, false));
    }

    #[test]
    fn short_vectors_alternate_between_the_banks() {
        let mut buffer = buffer(1);
        offer(&mut buffer, 0, false);
        buffer.read(buffer.at_hand());
        buffer.step(false);
        assert!(offer(&mut buffer, 1, true)); // bank 1, while bank 0 is read
        assert!(buffer.usable() && buffer.readable(buffer.at_hand()));
        buffer.read(buffer.at_hand());
        buffer.step(true);
        assert!(offer(&mut buffer, 2, false)); // bank 0, while bank 1 is read
    }

    #[test]
    fn reads_of_two_operations_share_no_bank() {
        let mut buffer = buffer(4);
        for beat in 0..4 {
            offer(&mut buffer, beat, false);
        }
        let mut free = Vec::new();
        buffer.read(buffer.at_hand());
        for _ in 0..5 {
            free.push(buffer.readable(buffer.at_hand()));
            buffer.step(false);
        }
        assert_eq!(free, [false, true, false, true, true]);
    }
}
