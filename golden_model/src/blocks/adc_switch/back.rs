//! Sections 6 and 7: codes to elements, elements to sums, sums to result beats.
//!
//! Only results are seen, and a result is linear in its codes. So codes are added up column by
//! column over all accesses of a query, packed, and weighed when a beat is complete; it is kept
//! then, since the next query's codes may come before the beat has left.

use super::codes::{Packed, Packing};
use super::front::Op;
use super::ports::Outputs;
use super::shape::Shape;
use crate::frame::set_field;

#[derive(Clone, Debug)]
pub(super) struct Back {
    /// `s_valid_q`: the column of this step is in the codes.
    column: Option<u32>,
    /// The access it belongs to.
    access: Op,
    /// What [`Packing::above`] needs to know of it.
    spare: u64,
    /// First column of the next element that is complete, less one.
    element_end: u32,
    /// `p_valid_q && p_emit_q`: a beat, and the rows in it.
    beat: Option<(u32, u32)>,

    packing: Packing,
    groups: usize,
    /// Codes of a query by column.
    sums: Vec<Packed>,
    /// The first of them replaces what is there.
    replace: bool,
    /// Accesses that are in `sums`.
    accesses: u32,
    /// Rows of the query.
    rows: u32,
    /// What `sums` had no room for any more: all ADCs of position 0, then those of position 1, and
    /// so on.
    spilled: Option<Vec<u32>>,

    /// `res_data_o` of each beat.
    beats: Vec<u64>,
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
            element_end: 0,
            beat: None,
            sums: vec![[0; 2]; shape.columns as usize * groups],
            packing,
            groups,
            replace: true,
            accesses: 0,
            rows: 0,
            spilled: None,
            beats: vec![0; shape.beats as usize * out.res_data.len()],
            full: 0,
            pos: 0,
        }
    }

    pub fn reset(&mut self) {
        (self.column, self.beat) = (None, None);
        (self.full, self.pos) = (0, 0);
    }

    /// `res_valid_o`.
    #[inline]
    pub fn valid(&self) -> bool {
        self.full != 0
    }

    /// The edge of a cycle with `p_valid_q`: adds up the beat that is complete, if there is one.
    #[inline]
    pub fn pool(&mut self, shape: &Shape, out: &mut Outputs) {
        if let Some((beat, rows)) = self.beat.take() {
            self.complete(shape, beat, rows);
            self.full += 1;
            self.show(shape, out);
        }
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
        for (group, sum) in self.sums[start..][..self.groups].iter_mut().enumerate() {
            let codes = self.packing.unpack(codes, group);
            wrong |= self.packing.above(codes, self.spare);
            let before = if self.replace { [0; 2] } else { *sum };
            *sum = [before[0] + codes[0], before[1] + codes[1]];
        }
        if self.access.emit && column == self.element_end {
            self.beat = Some((column / shape.digits, self.rows));
            self.element_end += shape.digits;
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
            (self.rows, self.accesses, self.spilled) = (0, 0, None);
        } else if self.accesses == self.packing.most_additions() {
            self.spill(shape);
        }
        self.replace = self.accesses == 0;
        self.accesses += 1;
        self.rows += access.rows;
        self.element_end = shape.digits - 1;
        let most = access.rows * ((1 << shape.cell_bits) - 1);
        let spare = (1 << shape.adc_bits) - 1 - u64::from(most);
        self.spare = self.packing.splat(spare);
    }

    /// Makes room in `sums`.
    #[cold]
    fn spill(&mut self, shape: &Shape) {
        let positions = 0..shape.beats;
        let all = positions.flat_map(|pos| (0..shape.adcs).map(move |adc| (pos, adc)));
        self.spilled = Some(
            all.map(|(pos, adc)| self.element(shape, pos, adc))
                .collect(),
        );
        self.accesses = 0;
    }

    /// Sum of an ADC's elements at a position, as they are stored.
    #[inline]
    fn element(&self, shape: &Shape, pos: u32, adc: usize) -> u32 {
        let start = (pos * shape.digits) as usize * self.groups;
        let columns = self.sums[start..].chunks_exact(self.groups);
        let sum = columns
            .take(shape.digits as usize)
            .fold(0_u32, |sum, column| {
                (sum << shape.cell_bits).wrapping_add(self.packing.lane(column, adc))
            });
        match &self.spilled {
            Some(spilled) => sum.wrapping_add(spilled[pos as usize * shape.adcs + adc]),
            None => sum,
        }
    }

    /// Makes a beat of the sums, each less the offset of its rows.
    fn complete(&mut self, shape: &Shape, beat: u32, rows: u32) {
        let offset = rows.wrapping_shl(shape.element_bits - 1);
        let words = self.beats.len() / shape.beats as usize;
        let at = beat as usize * words..(beat as usize + 1) * words;
        self.beats[at.clone()].fill(0);
        for adc in 0..shape.adcs {
            let sum = self.element(shape, beat, adc).wrapping_sub(offset);
            let data = &mut self.beats[at.clone()];
            set_field(data, adc, shape.acc_bits, u64::from(sum));
        }
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
    pub fn send(&mut self, shape: &Shape, out: &mut Outputs) -> bool {
        let last = self.pos == shape.beats - 1;
        self.full -= 1;
        self.pos = if last { 0 } else { self.pos + 1 };
        self.show(shape, out);
        last
    }

    #[inline]
    pub fn show(&self, shape: &Shape, out: &mut Outputs) {
        out.words[out.res_valid] = u64::from(self.valid());
        out.words[out.res_last] = u64::from(self.pos == shape.beats - 1);
        let words = out.res_data.len();
        let beat = &self.beats[self.pos as usize * words..];
        for (pin, &word) in out.words[out.res_data.clone()].iter_mut().zip(beat) {
            *pin = word;
        }
    }
}
