//! What a core holds, by the load beats that it took: the host's side of section 4 of
//! `docs/tt_core.md`.

use blocks::tt_core::TtCoreConfig;

use super::command::Cores;
use super::shape;

/// Bits of `err_o`.
pub(super) const LOAD: u64 = 4;
pub(super) const NOT_FINITE: u64 = 8;

/// A table that was loaded whole and right.
pub(super) struct Table {
    pub rows: u64,
    pub cores: Cores,
}

/// The load in progress.
struct Under {
    table: Option<usize>,
    bad: bool,
    rows: u64,
    core: usize,
    cores: Cores,
}

/// All tables.
pub(super) struct Loads {
    config: TtCoreConfig,
    /// Words of each core, and of a line of it.
    sizes: Vec<(usize, usize)>,
    under: Option<Under>,
    tables: Vec<Option<Table>>,
    /// Errors that the beats must raise.
    pub errors: u64,
    /// Lines that were written.
    pub lines: u64,
}

impl Loads {
    pub fn new(config: &TtCoreConfig) -> Self {
        let words = shape::line_words(config).into_iter();
        let lines = shape::lines(config).into_iter();
        Self {
            sizes: lines
                .zip(words)
                .map(|(lines, words)| (lines * words, words))
                .collect(),
            under: None,
            tables: (0..config.tables).map(|_| None).collect(),
            errors: 0,
            lines: 0,
            config: config.clone(),
        }
    }

    /// The table, if it is whole and right.
    pub fn table(&self, table: usize) -> Option<&Table> {
        self.tables.get(table)?.as_ref()
    }

    /// Bit per table that is whole and right.
    pub fn whole(&self) -> u64 {
        let bits = self.tables.iter().enumerate();
        bits.map(|(at, table)| u64::from(table.is_some()) << at)
            .sum()
    }

    /// The load in progress is aborted; the tables in `usable` stay loaded.
    pub fn abort(&mut self, usable: u64) {
        self.under = None;
        for (at, table) in self.tables.iter_mut().enumerate() {
            if usable >> at & 1 == 0 {
                *table = None;
            }
        }
    }

    /// A beat of `load` was taken. Gives the table that a start beat names.
    pub fn beat(&mut self, start: bool, last: bool, table: usize, data: &[u64]) -> Option<usize> {
        match start {
            true => self.start(table, data),
            false => {
                self.line(last, data);
                None
            }
        }
    }

    fn start(&mut self, table: usize, data: &[u64]) -> Option<usize> {
        let rows = field(data, 0, 32);
        let named = (table < self.tables.len()).then_some(table);
        let bad = named.is_none() || !(1..=self.config.row_space()).contains(&rows);
        if bad || self.under.is_some() {
            self.errors |= LOAD;
        }
        if let Some(table) = named {
            self.tables[table] = None;
        }
        let boundaries = match self.config.element.is_float() {
            true => 0,
            false => self.config.p.len() as u32 - 2,
        };
        let requant = |k: u32| {
            let mult = field(data, 32 + 24 * k, 16) as u16;
            (mult, field(data, 48 + 24 * k, 4) as u8)
        };
        let words = self
            .sizes
            .iter()
            .map(|&(words, _)| Vec::with_capacity(words));
        self.under = Some(Under {
            table: named,
            bad,
            rows,
            core: 0,
            cores: Cores {
                words: words.collect(),
                requant: (0..boundaries).map(requant).collect(),
            },
        });
        named
    }

    fn line(&mut self, last: bool, data: &[u64]) {
        let Some(under) = &mut self.under else {
            self.errors |= LOAD;
            return;
        };
        self.lines += u64::from(under.table.is_some());
        let bits = self.config.element.bits();
        let (size, words) = self.sizes[under.core];
        let line = (0..words as u32).map(|word| field(data, word * bits, bits) as u32);
        let line: Vec<u32> = line.collect();
        let exponent = match bits {
            16 => 0x7f80,
            32 => 0x7f80_0000,
            _ => u32::MAX,
        };
        if line.iter().any(|word| word & exponent == exponent) {
            self.errors |= NOT_FINITE;
            under.bad = true;
        }
        let core = &mut under.cores.words[under.core];
        core.extend(line);
        if core.len() == size {
            under.core += 1;
        }
        let complete = under.core == self.sizes.len();
        if complete != last {
            self.errors |= LOAD;
            under.bad = true;
        }
        if complete || last {
            let under = self.under.take().filter(|under| !under.bad);
            if let Some(under) = under
                && let Some(table) = under.table
            {
                self.tables[table] = Some(Table {
                    rows: under.rows,
                    cores: under.cores,
                });
            }
        }
    }
}

/// Bits of a wide word, at most 32.
fn field(data: &[u64], at: u32, bits: u32) -> u64 {
    let (word, by) = ((at / 64) as usize, at % 64);
    let mut value = data[word] >> by;
    if by + bits > 64 {
        value |= data[word + 1] << (64 - by);
    }
    value & u64::MAX >> (64 - bits)
}
