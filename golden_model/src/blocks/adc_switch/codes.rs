//! The codes of all ADCs as packed lanes, so that one addition adds many of them.

use super::shape::Shape;
use crate::frame::bits;

/// Codes with even and with odd numbers, in lanes of twice their width.
pub(super) type Packed = [u64; 2];

/// How codes are packed: group by group, as many codes in each as two words have lanes for.
#[derive(Clone, Debug)]
pub(super) struct Packing {
    /// Bits of a code.
    width: u32,
    /// ADCs.
    count: usize,
    /// Codes of a group.
    group: usize,
    /// 1 in each lane.
    ones: u64,
}

impl Packing {
    pub fn new(shape: &Shape) -> Self {
        let lanes = 32 / shape.adc_bits;
        Self {
            width: shape.adc_bits,
            count: shape.adcs,
            group: 2 * lanes as usize,
            ones: (0..lanes).fold(0, |ones, lane| ones | 1 << (2 * lane * shape.adc_bits)),
        }
    }

    pub fn groups(&self) -> usize {
        self.count.div_ceil(self.group)
    }

    /// As many additions as lanes take for certain.
    pub fn most_additions(&self) -> u32 {
        1 << self.width
    }

    /// `value` in each lane.
    #[inline]
    pub fn splat(&self, value: u64) -> u64 {
        self.ones * value
    }

    /// The codes of a group.
    #[inline]
    pub fn unpack(&self, words: &[u64], group: usize) -> Packed {
        let from = group * self.group;
        let count = self.group.min(self.count - from) as u32;
        let codes = bits(words, from * self.width as usize, count * self.width);
        let mask = self.splat((1 << self.width) - 1);
        [codes & mask, codes >> self.width & mask]
    }

    /// Whether a code is above a limit; `spare` is what the limit leaves of the largest code, in
    /// each lane.
    #[inline]
    pub fn above(&self, codes: Packed, spare: u64) -> bool {
        let carries = (codes[0] + spare) | (codes[1] + spare);
        carries & self.ones << self.width != 0
    }

    /// The lane of an ADC, in the groups of one column.
    #[inline]
    pub fn lane(&self, groups: &[Packed], adc: usize) -> u32 {
        let (group, code) = (adc / self.group, adc % self.group);
        let shift = (code / 2) as u32 * 2 * self.width;
        (groups[group][code % 2] >> shift) as u32 & ((1 << (2 * self.width)) - 1)
    }
}
