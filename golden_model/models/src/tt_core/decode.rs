//! Section 5: rows on their way to their digits.

use super::shape::Shape;

/// A row that was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub table: u32,
    /// One for each core.
    pub digits: [u32; 4],
    /// Its key at each boundary: the table, and the digits so far as one number.
    pub keys: [u64; 2],
    pub bag: u32,
    /// Its bag's result leaves with it; without pooling always.
    pub emit: bool,
    /// It has no digits.
    pub bad: bool,
}

impl Row {
    /// The digits and keys of row `id`.
    #[inline]
    pub fn find_digits(&mut self, shape: &Shape, id: u32) {
        let mut prefix = id;
        for (at, core) in shape.cores.iter().enumerate().skip(1).rev() {
            self.digits[at] = prefix % core.slices;
            prefix /= core.slices;
            if at >= 2 {
                self.keys[at - 2] = u64::from(self.table) << 32 | u64::from(prefix);
            }
        }
        self.digits[0] = prefix;
    }
}

/// The ranks of registers in which the digits are found. Nobody can see them before the last one,
/// so a row has all of them from the start.
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    /// A ring, since all ranks move at once.
    ring: Vec<Option<Row>>,
    /// Where rank X is.
    head: usize,
}

impl Ranks {
    pub fn new(shape: &Shape) -> Self {
        Self {
            ring: vec![None; shape.digit_ranks + 1],
            head: 0,
        }
    }

    pub fn reset(&mut self) {
        self.ring.fill(None);
    }

    /// The row in rank X.
    #[inline]
    pub fn head(&self) -> Option<&Row> {
        self.ring[self.head].as_ref()
    }

    /// The edge of a cycle with `shift`.
    #[inline]
    pub fn shift(&mut self, entering: Option<Row>) {
        self.ring[self.head] = entering;
        self.head += 1;
        if self.head == self.ring.len() {
            self.head = 0;
        }
    }
}
