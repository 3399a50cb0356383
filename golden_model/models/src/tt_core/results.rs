//! Section 9: results on their way out.
//!
//! A result is computed whole when its last row begins, and waits in a ring. The schedule says in
//! which cycles its beats enter the buffer.

use super::shape::Shape;
use crate::beat_fifo::BeatFifo;

/// What the beats of one result carry besides data.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Label {
    pub bag: u32,
    pub err: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Results {
    fifo: BeatFifo,
    /// Words of a beat.
    stride: usize,
    words: Vec<u64>,
    /// One for each result that the ring has room for.
    labels: Vec<Label>,
    beats: u32,
    ring_beats: u32,
    /// Beats of results that were begun, and beats that have left.
    begun: u32,
    left: u32,
    /// Bit i: a beat enters i cycles from now.
    entering: u64,
}

impl Results {
    pub fn new(shape: &Shape) -> Self {
        let stride = shape.beat_elements.div_ceil(2);
        Self {
            fifo: BeatFifo::default(),
            stride,
            words: vec![0; shape.out_beats as usize * stride],
            labels: vec![Label::default(); (shape.out_beats / shape.beats) as usize],
            beats: shape.beats,
            ring_beats: shape.out_beats,
            begun: 0,
            left: 0,
            entering: 0,
        }
    }

    pub fn reset(&mut self) {
        self.fifo = BeatFifo::default();
        (self.begun, self.left, self.entering) = (0, 0, 0);
    }

    /// A result is begun.
    #[inline]
    pub fn begin(&mut self, shape: &Shape, label: Label, sums: &[u32]) {
        let first = self.begun & (self.ring_beats - 1);
        self.labels[(first / self.beats) as usize] = label;
        let words = &mut self.words[first as usize * self.stride..];
        let words = &mut words[..self.beats as usize * self.stride];
        if label.err {
            words.fill(0);
        } else {
            let beats = words.chunks_exact_mut(self.stride);
            for (words, sums) in beats.zip(sums.chunks_exact(shape.beat_elements)) {
                for (word, pair) in words.iter_mut().zip(sums.chunks(2)) {
                    let high = pair.get(1).copied().unwrap_or(0);
                    *word = u64::from(high) << 32 | u64::from(pair[0]);
                }
            }
        }
        self.begun = self.begun.wrapping_add(self.beats);
    }

    /// A beat enters `delay` cycles from now.
    #[inline]
    pub fn enter(&mut self, delay: u32) {
        self.entering |= 1 << delay;
    }

    /// `res_valid_o`.
    #[inline]
    pub fn visible(&self) -> bool {
        self.fifo.visible()
    }

    /// `res_last_o`.
    #[inline]
    pub fn last(&self) -> bool {
        self.left & (self.beats - 1) == self.beats - 1
    }

    /// Data and label of the beat that is shown.
    #[inline]
    pub fn beat(&self) -> (&[u64], Label) {
        let beat = self.left & (self.ring_beats - 1);
        let words = &self.words[beat as usize * self.stride..][..self.stride];
        (words, self.labels[(beat / self.beats) as usize])
    }

    /// The edge; `leaves`: the beat that is shown is transferred.
    #[inline]
    pub fn step(&mut self, leaves: bool) {
        self.fifo.step(self.entering & 1 != 0, leaves);
        self.entering >>= 1;
        self.left = self.left.wrapping_add(u32::from(leaves));
    }
}
