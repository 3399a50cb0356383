//! The memories of the TT cores, section 4. In which bank a word is does not matter here: a slice
//! is kept as the matrix that it is, row by row.

use blocks::tt_core::Element;

use super::shape::{CoreShape, Shape};
use contract::frame::field;

#[derive(Clone, Debug)]
pub(super) struct Cores {
    element: Element,
    cores: Vec<Core>,
}

#[derive(Clone, Debug)]
struct Core {
    shape: CoreShape,
    /// All slices of the first table, then those of the next.
    words: Vec<f32>,
}

impl Cores {
    pub fn new(shape: &Shape) -> Self {
        let core = |core: &CoreShape| {
            let slice = core.lines as usize * core.words;
            Core {
                shape: *core,
                words: vec![0.0; shape.tables as usize * core.slices as usize * slice],
            }
        };
        Self {
            element: shape.element,
            cores: shape.cores.iter().map(core).collect(),
        }
    }

    /// The slice of core `core`, from 0, for a digit.
    #[inline]
    pub fn slice(&self, core: usize, table: u32, digit: u32) -> &[f32] {
        let Core { shape, words } = &self.cores[core];
        let size = shape.lines as usize * shape.words;
        let start = (table as usize * shape.slices as usize + digit as usize) * size;
        &words[start..start + size]
    }

    /// Writes line `line` of core `core` of a table.
    pub fn write(&mut self, core: usize, table: u32, line: u32, data: &[u64]) {
        let element = self.element;
        let Core { shape, words } = &mut self.cores[core];
        let (slice, column) = (line / shape.lines, line % shape.lines);
        let first = table as usize * shape.slices as usize + slice as usize;
        let slice = &mut words[first * shape.lines as usize * shape.words..];
        // A line is a row of the first core's matrices, and a column of the others'.
        let (start, stride) = match core {
            0 => (column as usize * shape.words, 1),
            _ => (column as usize, shape.lines as usize),
        };
        let places = slice[start..].iter_mut().step_by(stride);
        for (index, place) in places.take(shape.words).enumerate() {
            *place = word(element, data, index);
        }
    }

    /// Whether all words of a line of core `core` are numbers.
    pub fn finite(&self, core: usize, data: &[u64]) -> bool {
        let mut words = (0..self.cores[core].shape.words).map(|at| word(self.element, data, at));
        words.all(f32::is_finite)
    }
}

#[inline]
fn word(element: Element, data: &[u64], index: usize) -> f32 {
    let word = field(data, index, element.bits());
    match element {
        Element::Int8 => f32::from(word as u8 as i8),
        Element::Bf16 => f32::from_bits((word as u32) << 16),
        Element::Fp32 => f32::from_bits(word as u32),
    }
}
