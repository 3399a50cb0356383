//! Sections 6 and 7: codes to elements, elements to sums, sums to result beats.

use super::front::Op;
use super::shape::Shape;
use crate::blocks::bits::{field, set_field};

/// A converted column, on its way to its element.
#[derive(Clone, Copy, Debug)]
struct Digit {
    rows: u32,
    digit: u32,
    element: Element,
}

/// An element of every ADC, on its way to the accumulators.
#[derive(Clone, Copy, Debug)]
struct Element {
    pos: u32,
    first: bool,
    emit: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Back {
    digit: Option<Digit>,
    element: Option<Element>,
    /// Element under way, one for each ADC.
    sums: Vec<i64>,
    /// Accumulators: all ADCs of position 0, then those of position 1, and so on.
    acc: Vec<i64>,
    /// Complete beats that have not left.
    full: u32,
    /// Beat shown.
    pos: u32,
}

impl Back {
    pub fn new(shape: &Shape) -> Self {
        Self {
            digit: None,
            element: None,
            sums: vec![0; shape.adcs],
            acc: vec![0; shape.adcs * shape.beats as usize],
            full: 0,
            pos: 0,
        }
    }

    pub fn reset(&mut self) {
        (self.digit, self.element) = (None, None);
        (self.full, self.pos) = (0, 0);
    }

    /// Nothing is on its way to the accumulators.
    #[inline]
    pub fn drained(&self) -> bool {
        self.digit.is_none() && self.element.is_none()
    }

    /// `res_valid_o`.
    #[inline]
    pub fn valid(&self) -> bool {
        self.full != 0
    }

    /// `res_last_o`.
    #[inline]
    pub fn last(&self, shape: &Shape) -> bool {
        self.pos == shape.beats - 1
    }

    /// Writes `res_data_o`.
    #[inline]
    pub fn drive(&self, shape: &Shape, zero: bool, data: &mut [u64]) {
        data.fill(0);
        if zero {
            return;
        }
        let mask = (1_u64 << shape.acc_bits) - 1;
        let lanes = self.acc.chunks(shape.adcs).nth(self.pos as usize);
        for (lane, &sum) in lanes.into_iter().flatten().enumerate() {
            set_field(data, lane, shape.acc_bits, sum as u64 & mask);
        }
    }

    /// The edge. `converted`: the access and the column of a step that ends. Whether a code was
    /// out of range.
    #[inline]
    pub fn step(
        &mut self,
        shape: &Shape,
        codes: &[u64],
        converted: Option<(Op, u32)>,
        close: bool,
        sent: bool,
    ) -> bool {
        if let Some(element) = self.element.take() {
            self.pool(shape, element);
        }
        let digit = self.digit.take();
        let wrong = digit.is_some_and(|digit| self.sum(shape, digit, codes));
        if let Some(Digit { digit, element, .. }) = digit
            && digit == shape.digits - 1
        {
            self.element = Some(element);
        }
        self.digit = converted.map(|(op, column)| Digit {
            rows: op.rows,
            digit: column % shape.digits,
            element: Element {
                pos: column / shape.digits,
                first: op.first,
                emit: op.emit,
            },
        });
        if sent {
            self.full -= 1;
            self.pos = match self.last(shape) {
                true => 0,
                false => self.pos + 1,
            };
        }
        if close {
            self.full = shape.beats;
        }
        wrong
    }

    /// Adds a digit of every ADC. Whether a code was more than these rows can give.
    #[inline]
    fn sum(&mut self, shape: &Shape, digit: Digit, codes: &[u64]) -> bool {
        let rows = u64::from(digit.rows);
        let most = rows * ((1 << shape.cell_bits) - 1);
        let mut wrong = false;
        for (adc, sum) in self.sums.iter_mut().enumerate() {
            let code = field(codes, adc, shape.adc_bits);
            wrong |= code > most;
            *sum = match digit.digit {
                0 => code as i64 - (rows << (shape.cell_bits - 1)) as i64,
                _ => code as i64 + (*sum << shape.cell_bits),
            };
        }
        wrong
    }

    /// Adds an element of every ADC to its accumulator, of which only the low bits count.
    #[inline]
    fn pool(&mut self, shape: &Shape, element: Element) {
        let start = element.pos as usize * shape.adcs;
        for (acc, sum) in self.acc[start..].iter_mut().zip(&self.sums) {
            let before = if element.first { 0 } else { *acc };
            *acc = before.wrapping_add(*sum);
        }
        self.full += u32::from(element.emit);
    }
}
