//! Random rows as a host might send them, and as it should not.

use blocks::tt_core::TtCoreConfig;
use contract::SplitMix64;

use super::command::Row;
use super::shape;

/// Fewest cycles between rows, whatever the configuration: handshakes.
const LEAST: u64 = 8;

/// Sends rows, and knows which bags are open.
pub(super) struct Host<'a> {
    config: &'a TtCoreConfig,
    rng: SplitMix64,
    open: Vec<u32>,
    /// Row ids with one prefix, at each boundary and for a single row.
    spans: Vec<u64>,
}

/// Which ids follow each other.
#[derive(Clone, Copy)]
enum Ids {
    Any,
    /// Ascending.
    Sorted,
    /// Of a few prefixes.
    Few,
    /// Of as many prefixes as there are entries, or one more, in turn.
    Turns(u64),
    /// The same prefix for a while.
    Runs,
    Same,
}

/// How rows make bags.
#[derive(Clone, Copy)]
enum Bags {
    Single,
    /// One after the other.
    Runs(u64),
    /// Rows of any bag; each ends with this chance.
    Mixed(u64),
    /// One bag, which stays open.
    Long,
}

impl<'a> Host<'a> {
    pub fn new(config: &'a TtCoreConfig, rng: SplitMix64) -> Self {
        let mut spans = shape::prefixes(config);
        spans.push(1);
        Self {
            config,
            rng,
            open: Vec::new(),
            spans,
        }
    }

    /// Cycles of a row, about.
    pub fn cycles(&self) -> u64 {
        shape::steps(self.config).into_iter().fold(LEAST, u64::max)
    }

    /// No bag is open any more.
    pub fn close(&mut self) {
        self.open.clear();
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.rng.below(n) == 0
    }

    /// Rows of tables of these sizes, 0 where none is loaded.
    pub fn rows(&mut self, tables: &[u32]) -> Vec<Row> {
        let most = [4, 16, 60][self.below(3) as usize];
        let count = (1 + self.below(most)) as usize;
        let loaded: Vec<u32> = (0..tables.len() as u32)
            .filter(|&table| tables[table as usize] != 0)
            .collect();
        let favourite = match &loaded[..] {
            [] => 0,
            some => some[self.below(some.len() as u64) as usize],
        };
        let mixed = self.one_in(3);
        let bad = self.one_in(3);
        let bags = self.bags();
        let ids = self.ids(tables, favourite, count);
        let mut rows = Vec::with_capacity(count);
        let mut bag = self.fresh();
        for id in ids {
            let table = match mixed && !loaded.is_empty() {
                true => loaded[self.below(loaded.len() as u64) as usize],
                false => favourite,
            };
            let (number, last) = self.bag(bags, &mut bag);
            let size = tables.get(table as usize).copied().unwrap_or(0);
            let mut row = Row {
                table,
                id: if id < size { id } else { id % size.max(1) },
                bag: number,
                last,
            };
            if bad && self.one_in(4) {
                self.spoil(&mut row, size);
            }
            rows.push(row);
        }
        rows
    }

    /// Another table, or an id at or beyond the limit.
    fn spoil(&mut self, row: &mut Row, size: u32) {
        match self.below(4) {
            0 => row.table = self.below(1 << self.config.table_bits()) as u32,
            1 => row.id = size,
            2 => row.id = size.saturating_sub(1),
            _ => row.id = self.rng.next_u64() as u32,
        }
    }

    fn ids(&mut self, tables: &[u32], table: u32, count: usize) -> Vec<u32> {
        let size = tables.get(table as usize).copied().unwrap_or(0).max(1);
        let size = u64::from(size);
        let entries = u64::from(self.config.prefix_entries);
        let span = self.spans[self.rng.below(self.spans.len() as u64) as usize];
        let kind = match self.below(8) {
            0 | 1 => Ids::Any,
            2 => Ids::Sorted,
            3 => Ids::Few,
            4 => Ids::Turns(entries),
            5 => Ids::Turns(entries + 1),
            6 => Ids::Runs,
            _ => Ids::Same,
        };
        let base = self.below(size);
        let mut run = base;
        let ids = (0..count as u64).map(|at| match kind {
            Ids::Any | Ids::Sorted => self.rng.below(size),
            Ids::Few => base + self.rng.below(3) * span + self.rng.below(4),
            Ids::Turns(turns) => base + at % turns * span + self.rng.below(span.min(3)),
            Ids::Runs => {
                if self.rng.below(6) == 0 {
                    run = self.rng.below(size);
                }
                run - run % span + self.rng.below(span)
            }
            Ids::Same => base,
        });
        let mut ids: Vec<u32> = ids.map(|id| (id % size) as u32).collect();
        if matches!(kind, Ids::Sorted) {
            ids.sort_unstable();
        }
        ids
    }

    fn bags(&mut self) -> Bags {
        if !self.config.pooling {
            return Bags::Single;
        }
        match self.below(8) {
            0 | 1 => Bags::Single,
            2 | 3 => Bags::Runs(2 + self.below(6)),
            4 => Bags::Mixed(3),
            5 => Bags::Mixed(20),
            6 => Bags::Runs(30),
            _ => Bags::Long,
        }
    }

    /// A bag, which may be open.
    fn fresh(&mut self) -> u32 {
        self.below(u64::from(self.config.bags)) as u32
    }

    /// The bag of the next row, and whether it ends with it.
    fn bag(&mut self, kind: Bags, bag: &mut u32) -> (u32, bool) {
        let number = match kind {
            Bags::Mixed(_) if !self.open.is_empty() && self.one_in(2) => {
                self.open[self.rng.below(self.open.len() as u64) as usize]
            }
            Bags::Single | Bags::Mixed(_) => self.fresh(),
            Bags::Runs(_) | Bags::Long => *bag,
        };
        let last = match kind {
            Bags::Single => true,
            Bags::Runs(length) => self.one_in(length),
            Bags::Mixed(length) => self.one_in(length),
            Bags::Long => false,
        };
        if last {
            self.open.retain(|&open| open != number);
            *bag = self.fresh();
        } else if !self.open.contains(&number) {
            self.open.push(number);
        }
        (number, last)
    }
}
