//! Sections 6 and 7: codes to elements, elements to sums, sums to result beats.
//!
//! Only results are seen, and a result is linear in its codes. So codes are added up column by
//! column over all accesses of a query, packed, and weighed when a beat is complete; it is kept
//! then, since the next query's codes may come before the beat has left.

use super::codes::{Packed, Packing};
use super::front::Op;
use super::out::Outputs;
use super::shape::Shape;

#[derive(Clone, Debug)]
pub(super) struct Back {
    /// `s_valid_q`: the column of this step is in the codes.
    column: Option<u32>,
    /// The access it belongs to.
    access: Op,
    /// What [`Packing::above`] needs to know of it.
    spare: u64,
    /// Position of the next element that is complete, and its last column.
    pos_end: (u32, u32),
    /// `p_valid_q && p_emit_q`: a beat, and the rows in it.
    beat: Option<(u32, u32)>,

    packing: Packing,
    groups: usize,
    /// Codes of a query by column.
    sums: Vec<Packed>,
    /// What stays of `sums` when codes are added: nothing in the first access, all in the others.
    keep: u64,
    /// Accesses that are in `sums`.
    accesses: u32,
    /// Rows of the query.
    rows: u32,
    /// What `sums` had no room for any more: all ADCs of position 0, then those of position 1, and
    /// so on.
    spilled: Vec<u32>,
    has_spilled: bool,
    /// One position of `spilled`, while it is added up.
    elements: Vec<u32>,

    /// `res_data_o` of each beat.
    beats: Vec<u64>,
    /// Words of a beat.
    words: usize,
    /// Complete beats that have not left.
    full: u32,
    /// Beat shown.
    pos: u32,
}

impl Back {
    pub fn new(shape: &Shape, out: &Outputs) -> Self {
        let packing = Packing::new(shape);
        let groups = packing.groups();
        Self {
            column: None,
            access: Op::default(),
            spare: 0,
            pos_end: (0, 0),
            beat: None,
            sums: vec![[0; 2]; shape.columns as usize * groups],
            packing,
            groups,
            keep: 0,
            accesses: 0,
            rows: 0,
            spilled: vec![0; shape.adcs * shape.beats as usize],
            has_spilled: false,
            elements: vec![0; shape.adcs],
            beats: vec![0; shape.beats as usize * out.at.res_data.len()],
            words: out.at.res_data.len(),
            full: 0,
            pos: 0,
        }
    }

    pub fn reset(&mut self) {
        (self.column, self.beat) = (None, None);
        (self.full, self.pos) = (0, 0);
    }

    /// A beat is complete at the end of this cycle.
    #[inline]
    pub fn completes(&self) -> bool {
        self.beat.is_some()
    }

    /// `res_valid_o`.
    #[inline]
    pub fn valid(&self) -> bool {
        self.full != 0
    }

    /// The edge of a cycle with `p_valid_q`: adds up the beat that is complete. Whether there is one.
    #[inline]
    pub fn pool(&mut self, shape: &Shape) -> bool {
        let Some((beat, rows)) = self.beat.take() else {
            return false;
        };
        self.complete(shape, beat, rows);
        self.full += 1;
        true
    }

    /// The edge of a cycle with `s_valid_q`: adds a code of every ADC. Whether one was more than the
    /// access can give.
    #[inline]
    pub fn sum(&mut self, shape: &Shape, codes: &[u64]) -> bool {
        let Some(column) = self.column.take() else {
            return false;
        };
        if column == 0 {
            self.begin(shape);
        }
        let mut wrong = false;
        let start = column as usize * self.groups;
        let (packing, keep) = (&self.packing, self.keep);
        for (group, sum) in self.sums[start..][..self.groups].iter_mut().enumerate() {
            let codes = packing.unpack(codes, group);
            wrong |= packing.above(codes, self.spare);
            *sum = [(sum[0] & keep) + codes[0], (sum[1] & keep) + codes[1]];
        }
        let (pos, end) = self.pos_end;
        if self.access.emit && column == end {
            self.beat = Some((pos, self.rows));
            self.pos_end = (pos + 1, end + shape.digits);
        }
        wrong
    }

    /// The edge that ends a step.
    #[inline]
    pub fn converted(&mut self, column: u32, access: Op) {
        self.column = Some(column);
        self.access = access;
    }

    /// The first codes of an access.
    fn begin(&mut self, shape: &Shape) {
        let access = self.access;
        if access.first {
            (self.rows, self.accesses, self.has_spilled) = (0, 0, false);
        } else if self.accesses == self.packing.accesses {
            self.spill(shape);
        }
        self.keep = if self.accesses == 0 { 0 } else { u64::MAX };
        self.accesses += 1;
        self.rows += access.rows;
        self.pos_end = (0, shape.digits - 1);
        let most = access.rows * ((1 << shape.cell_bits) - 1);
        let spare = (1 << shape.adc_bits) - 1 - u64::from(most);
        self.spare = self.packing.splat(spare);
    }

    /// Makes room in `sums`.
    fn spill(&mut self, shape: &Shape) {
        for pos in 0..shape.beats as usize {
            self.add_up(shape, pos);
            self.spilled[pos * shape.adcs..][..shape.adcs].copy_from_slice(&self.elements);
        }
        self.has_spilled = true;
        self.accesses = 0;
    }

    /// Sets `elements`: the query's sums at a position, of elements as they are stored.
    #[inline]
    fn add_up(&mut self, shape: &Shape, pos: usize) {
        let (packing, w) = (&self.packing, shape.cell_bits);
        if self.has_spilled {
            let spilled = &self.spilled[pos * shape.adcs..][..shape.adcs];
            self.elements.copy_from_slice(spilled);
        } else {
            self.elements.fill(0);
        }
        let digits = shape.digits as usize;
        let columns = &self.sums[pos * digits * self.groups..][..digits * self.groups];
        let mut left = shape.digits;
        for run in columns.chunks(packing.run * self.groups) {
            left -= (run.len() / self.groups) as u32;
            for (group, elements) in self.elements.chunks_mut(packing.group).enumerate() {
                let column = run[group..].iter().step_by(self.groups);
                let sum = packing.weigh(column, w);
                for (element, lane) in elements.iter_mut().zip(packing.lanes(sum)) {
                    *element = element.wrapping_add(lane << (left * w));
                }
            }
        }
    }

    /// Makes a beat of the sums, each less the offset of its rows.
    fn complete(&mut self, shape: &Shape, beat: u32, rows: u32) {
        let digits = shape.digits as usize;
        if self.has_spilled || self.groups > 1 || self.packing.run < digits {
            self.add_up(shape, beat as usize);
            let elements = self.elements.iter().copied();
            pack(
                shape,
                elements,
                rows,
                &mut self.beats[beat as usize * self.words..],
            );
            return;
        }
        // All that there is of an element is in one lane.
        let columns = &self.sums[beat as usize * digits..][..digits];
        let sum = self.packing.weigh(columns.iter(), shape.cell_bits);
        let elements = self.packing.lanes(sum).take(shape.adcs);
        pack(
            shape,
            elements,
            rows,
            &mut self.beats[beat as usize * self.words..],
        );
    }

    /// The edge of a cycle with `close`; `empty`: the query has no rows.
    #[cold]
    pub fn close(&mut self, shape: &Shape, empty: bool, out: &mut Outputs) {
        if empty {
            self.beats.fill(0);
        } else {
            (0..shape.beats).for_each(|beat| self.complete(shape, beat, self.rows));
        }
        self.full = shape.beats;
        self.show(shape, out);
    }

    /// The edge of a `res` transfer. Whether it was the last beat.
    #[inline]
    pub fn send(&mut self, shape: &Shape) -> bool {
        let last = self.pos == shape.beats - 1;
        self.full -= 1;
        self.pos = if last { 0 } else { self.pos + 1 };
        last
    }

    /// The pins of the results, into the output frame.
    #[inline]
    pub fn show(&self, shape: &Shape, out: &mut Outputs) {
        out.words[out.at.res.valid] = u64::from(self.valid());
        out.words[out.at.res_last] = u64::from(self.pos == shape.beats - 1);
        let beat = &self.beats[self.pos as usize * self.words..][..self.words];
        for (pin, &word) in out.words[out.at.res_data.clone()].iter_mut().zip(beat) {
            *pin = word;
        }
    }
}

/// Packs the elements of a beat, each less the offset of its rows, as `res_data_o` has them.
#[inline]
fn pack(shape: &Shape, elements: impl Iterator<Item = u32>, rows: u32, words: &mut [u64]) {
    let offset = rows.wrapping_shl(shape.element_bits - 1);
    let mask = u64::MAX >> (64 - shape.acc_bits);
    let (mut words, mut word, mut bits) = (words.iter_mut(), 0, 0);
    for element in elements {
        let sum = u64::from(element.wrapping_sub(offset)) & mask;
        word |= sum << bits;
        bits += shape.acc_bits;
        if bits >= 64 {
            words.by_ref().take(1).for_each(|data| *data = word);
            bits -= 64;
            word = sum >> (shape.acc_bits - bits);
        }
    }
    if bits > 0 {
        words.take(1).for_each(|data| *data = word);
    }
}
