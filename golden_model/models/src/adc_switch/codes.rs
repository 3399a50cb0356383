//! The codes of all ADCs as packed lanes, so that one addition adds many of them.

use super::shape::Shape;
use contract::frame::bits;

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
    pub group: usize,
    /// 1 in each lane.
    ones: u64,
    /// The largest code in each lane.
    mask: u64,
    /// Above which a carry shows, in each lane.
    carry: u64,
    /// The bits of a single group.
    all: u64,
    /// Digits that a lane can weigh and add up.
    pub run: usize,
    /// Of how many accesses.
    pub accesses: u32,
}

impl Packing {
    pub fn new(shape: &Shape) -> Self {
        let width = shape.adc_bits;
        let lanes = 32 / width;
        // 1 at the place of each digit: what a run multiplies codes by.
        let weight = |run: u32| (0..run).fold(0, |sum, _| sum << shape.cell_bits | 1);
        // Times the largest code it stays below a lane's end, 2^(2 * width).
        let fits = |&run: &u32| weight(run) <= 1 << width;
        let run = (1..=shape.digits).take_while(fits).last().unwrap_or(1);
        let ones = (0..lanes).fold(0, |ones, lane| ones | 1 << (2 * lane * width));
        let group = 2 * lanes as usize;
        Self {
            width,
            count: shape.adcs,
            group,
            ones,
            mask: ones * ((1 << width) - 1),
            carry: ones << width,
            all: u64::MAX >> (64 - shape.adcs.min(group) as u32 * width),
            run: run as usize,
            accesses: (1 << width) / weight(run),
        }
    }

    pub fn groups(&self) -> usize {
        self.count.div_ceil(self.group)
    }

    /// `value` in each lane.
    #[inline]
    pub fn splat(&self, value: u64) -> u64 {
        self.ones * value
    }

    /// The codes of a group.
    #[inline]
    pub fn unpack(&self, words: &[u64], group: usize) -> Packed {
        let codes = match self.count <= self.group {
            true => words[0] & self.all,
            false => {
                let from = group * self.group;
                let count = self.group.min(self.count - from) as u32;
                bits(words, from * self.width as usize, count * self.width)
            }
        };
        [codes & self.mask, codes >> self.width & self.mask]
    }

    /// Whether a code is above a limit; `spare` is what the limit leaves of the largest code, in
    /// each lane.
    #[inline]
    pub fn above(&self, codes: Packed, spare: u64) -> bool {
        let carries = (codes[0] + spare) | (codes[1] + spare);
        carries & self.carry != 0
    }

    /// The sums of consecutive digits of `bits` bits, the highest first, as one number in each lane.
    #[inline]
    pub fn weigh<'a>(&self, digits: impl Iterator<Item = &'a Packed>, bits: u32) -> Packed {
        digits.fold([0; 2], |[even, odd], digit| {
            [(even << bits) + digit[0], (odd << bits) + digit[1]]
        })
    }

    /// The lanes of a group, in the order of the ADCs.
    #[inline]
    pub fn lanes(&self, [even, odd]: Packed) -> impl Iterator<Item = u32> {
        let (width, mask) = (2 * self.width, (1 << (2 * self.width)) - 1);
        let (mut this, mut next) = (even, odd);
        std::iter::repeat_with(move || {
            let lane = this as u32 & mask;
            (this, next) = (next, this >> width);
            lane
        })
    }
}
