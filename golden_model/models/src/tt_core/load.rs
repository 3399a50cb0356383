//! Section 4: the load stream, and what is known of each table.

use blocks::tt_core::Element;

use super::arith::Scale;
use super::cores::Cores;
use super::shape::Shape;
use super::status::{Counter, Fault, Status};
use contract::frame::bits;

/// One table. Abort and clear keep all but `flight`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table {
    /// It is loaded, whole and right.
    pub usable: bool,
    pub rows: u32,
    /// Requantisation at each boundary.
    pub scales: [Scale; 2],
    /// Rows of it that the last stage has not read.
    pub flight: u32,
}

/// A beat, less its data.
#[derive(Clone, Copy, Debug)]
struct Beat {
    start: bool,
    last: bool,
    table: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    held: Option<Beat>,
    data: Vec<u64>,
    /// A load is in progress: of which table, and whether it had an error.
    busy: bool,
    table: u32,
    bad: bool,
    /// Core, from 0, and its line that come next.
    core: usize,
    line: u32,
    /// A line has waited: no op that reads its memory may begin.
    turn: bool,
}

impl Load {
    pub fn new(words: usize) -> Self {
        Self {
            data: vec![0; words],
            ..Self::default()
        }
    }

    pub fn reset(&mut self) {
        let data = std::mem::take(&mut self.data);
        *self = Self {
            data,
            ..Self::default()
        };
    }

    /// A beat is held.
    #[inline]
    pub fn holds(&self) -> bool {
        self.held.is_some()
    }

    /// Whether stage `stage`, from 0, must not begin an op.
    #[inline]
    pub fn blocks(&self, stage: usize) -> bool {
        self.turn && (self.core == stage + 1 || (stage == 0 && self.core == 0))
    }

    /// The beat that is held writes a line.
    #[inline]
    fn writes(&self) -> bool {
        self.busy && self.held.is_some_and(|beat| !beat.start)
    }

    /// `l_go`; `reads`: whether the memory of a core is read.
    #[inline]
    pub fn go(&self, tables: &[Table], reads: impl FnOnce(usize) -> bool) -> bool {
        let Some(beat) = self.held else {
            return false;
        };
        if beat.start {
            let table = tables.get(beat.table as usize);
            table.is_none_or(|table| table.flight == 0)
        } else {
            !(self.busy && reads(self.core))
        }
    }

    /// The edge, less what [`Self::accept`] does. Gives the table that a start beat names.
    #[inline]
    pub fn step(
        &mut self,
        shape: &Shape,
        go: bool,
        tables: &mut [Table],
        cores: &mut Cores,
        status: &mut Status,
    ) -> Option<u32> {
        self.turn = self.writes() && !go;
        let beat = self.held.filter(|_| go)?;
        self.held = None;
        if beat.start {
            self.start(shape, beat.table, tables, status);
            return Some(beat.table);
        }
        if self.busy {
            self.line(shape, beat.last, tables, cores, status);
        } else {
            status.raise(Fault::Load);
        }
        None
    }

    fn start(&mut self, shape: &Shape, table: u32, tables: &mut [Table], status: &mut Status) {
        let rows = bits(&self.data, 0, 32);
        let table_at = tables.get_mut(table as usize);
        self.bad = table_at.is_none() || rows == 0 || rows > shape.row_space;
        if self.busy || self.bad {
            status.raise(Fault::Load);
        }
        (self.busy, self.table) = (true, table);
        (self.core, self.line) = (0, 0);
        let Some(table) = table_at else {
            return;
        };
        table.rows = rows as u32;
        if shape.element == Element::Int8 {
            let boundaries = shape.stages.len() - 1;
            for (at, scale) in table.scales[..boundaries].iter_mut().enumerate() {
                *scale = Scale {
                    mult: bits(&self.data, 32 + 24 * at, 16) as u16,
                    shift: bits(&self.data, 48 + 24 * at, 4) as u8,
                };
            }
        }
    }

    /// Writes a line.
    fn line(
        &mut self,
        shape: &Shape,
        last: bool,
        tables: &mut [Table],
        cores: &mut Cores,
        status: &mut Status,
    ) {
        let table = tables.get_mut(self.table as usize);
        if table.is_some() {
            cores.write(self.core, self.table, self.line, &self.data);
            status.count(Counter::Lines, true);
        }
        if !cores.finite(self.core, &self.data) {
            status.raise(Fault::NonFinite);
            self.bad = true;
        }
        let core = shape.cores[self.core];
        self.line += 1;
        let core_ends = self.line == core.slices * core.lines;
        let is_final = core_ends && self.core == shape.cores.len() - 1;
        if last != is_final {
            status.raise(Fault::Load);
            self.bad = true;
        }
        if last || is_final {
            self.busy = false;
            if let Some(table) = table
                && !self.bad
            {
                table.usable = true;
            }
        } else if core_ends {
            (self.core, self.line) = (self.core + 1, 0);
        }
    }

    /// A `load` transfer.
    #[inline]
    pub fn accept(
        &mut self,
        start: bool,
        last: bool,
        table: u32,
        data: &[u64],
        tables: &mut [Table],
    ) {
        self.held = Some(Beat { start, last, table });
        self.data.copy_from_slice(data);
        if start && let Some(table) = tables.get_mut(table as usize) {
            table.usable = false;
        }
    }
}
