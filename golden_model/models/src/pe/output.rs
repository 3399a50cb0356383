//! Output buffer: results on their way out, credits and the FIFO.
//!
//! A result is computed whole when its operation issues. It waits in a ring; the push schedule
//! says in which cycles its beats enter the FIFO.

use super::arith;
use super::shape::Shape;
use crate::beat_fifo::BeatFifo;
use blocks::pe::{ResultPins, WritePins};

/// What the beats of one result carry besides data.
#[derive(Clone, Copy, Debug, Default)]
struct Label {
    /// Row of the query table, or id of the updated row.
    name: u64,
    mask: u32,
}

/// From issue to the `res` and `wb` streams.
#[derive(Clone, Debug)]
pub(super) struct OutputBuffer {
    fifo: BeatFifo,
    beats: u32,
    lanes: usize,
    row_bits: u32,
    /// Words of a beat in the ring.
    stride: usize,
    ring: Vec<u64>,
    ring_beats: u32,
    labels: Vec<Label>,
    /// Beats of issued operations and beats that have left so far.
    issued: u32,
    left: u32,
    /// Credits taken.
    used: u32,
    /// Cycles with a push, bit k is k cycles from now.
    pushes: u64,
    /// Bits 0..B-1.
    slice: u64,
}

impl OutputBuffer {
    pub fn new(shape: &Shape) -> Self {
        let stride = shape.lanes.div_ceil(2);
        Self {
            fifo: BeatFifo::default(),
            beats: shape.beats,
            lanes: shape.lanes,
            row_bits: shape.element.bits(),
            stride,
            ring: vec![0; shape.out_beats as usize * stride],
            ring_beats: shape.out_beats,
            labels: vec![Label::default(); (shape.out_beats / shape.beats) as usize],
            issued: 0,
            left: 0,
            used: 0,
            pushes: 0,
            slice: (1 << shape.beats) - 1,
        }
    }

    pub fn reset(&mut self) {
        self.fifo = BeatFifo::default();
        (self.issued, self.left, self.used, self.pushes) = (0, 0, 0, 0);
    }

    /// Nothing is on its way.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// There is room for one more result.
    #[inline]
    pub fn has_credit(&self) -> bool {
        self.used + self.beats <= self.ring_beats
    }

    #[inline]
    pub fn visible(&self) -> bool {
        self.fifo.visible()
    }

    /// An emitting operation issues whose first beat is pushed `delay` cycles from now.
    #[inline]
    pub fn emit_result(&mut self, delay: u32, row: u32, mask: u32, slice: &[u32]) {
        let name = u64::from(row);
        self.emit(delay, Label { name, mask }, 32, slice);
    }

    /// As [`Self::emit_result`] for an updated row, in memory format.
    #[inline]
    pub fn emit_row(&mut self, delay: u32, id: u64, slice: &[u32]) {
        self.emit(delay, Label { name: id, mask: 0 }, self.row_bits, slice);
    }

    #[inline]
    fn emit(&mut self, delay: u32, label: Label, bits: u32, slice: &[u32]) {
        let first = self.issued & (self.ring_beats - 1);
        self.labels[(first / self.beats) as usize] = label;
        let ring = &mut self.ring[first as usize * self.stride..];
        let beats = slice.chunks_exact(self.lanes);
        for (lanes, words) in beats.zip(ring.chunks_exact_mut(self.stride)) {
            arith::pack(bits, lanes, words);
        }
        self.issued = self.issued.wrapping_add(self.beats);
        self.used += self.beats;
        self.pushes |= self.slice << delay;
    }

    /// The rising edge; `leaves`: the visible beat is transferred.
    #[inline]
    pub fn step(&mut self, leaves: bool) {
        self.fifo.step(self.pushes & 1 != 0, leaves);
        self.pushes >>= 1;
        self.used -= u32::from(leaves);
        self.left = self.left.wrapping_add(u32::from(leaves));
    }

    /// Data words, label and `last` of the visible beat.
    #[inline]
    fn beat(&self) -> (&[u64], Label, bool) {
        let beat = self.left & (self.ring_beats - 1);
        let first = beat as usize * self.stride;
        let label = self.labels[(beat / self.beats) as usize];
        let last = beat & (self.beats - 1) == self.beats - 1;
        (&self.ring[first..first + self.stride], label, last)
    }

    /// Drives the payload of the `res` stream.
    #[inline]
    pub fn drive_result(&self, pins: &ResultPins, outputs: &mut [u64]) {
        let (words, label, last) = self.beat();
        outputs[pins.row] = label.name;
        outputs[pins.mask] = u64::from(label.mask);
        outputs[pins.data.clone()].copy_from_slice(&words[..pins.data.len()]);
        outputs[pins.last] = u64::from(last);
    }

    /// Drives the payload of the `wb` stream.
    #[inline]
    pub fn drive_row(&self, pins: &WritePins, outputs: &mut [u64]) {
        let (words, label, last) = self.beat();
        outputs[pins.id] = label.name;
        outputs[pins.data.clone()].copy_from_slice(&words[..pins.data.len()]);
        outputs[pins.last] = u64::from(last);
    }
}
