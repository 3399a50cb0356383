//! Which products are made and which are there already: section 6 of `docs/tt_core.md` without its
//! cycles. Entries are replaced in turn, so what hits follows from the order of the rows alone.

use blocks::tt_core::TtCoreConfig;

use super::shape;

/// Entries of all boundaries, and what was counted.
pub(super) struct Directory {
    boundaries: Vec<Boundary>,
    /// Ops of each stage.
    pub ops: Vec<u64>,
    /// Hits at each boundary.
    pub hits: Vec<u64>,
}

struct Boundary {
    /// Rows with one prefix.
    rows: u64,
    /// Table and prefix of each entry.
    entries: Vec<Option<(usize, u64)>>,
    next: usize,
}

impl Directory {
    pub fn new(config: &TtCoreConfig) -> Self {
        let boundaries = shape::prefixes(config).into_iter().map(|rows| Boundary {
            rows,
            entries: vec![None; config.prefix_entries as usize],
            next: 0,
        });
        let boundaries: Vec<_> = boundaries.collect();
        Self {
            ops: vec![0; boundaries.len() + 1],
            hits: vec![0; boundaries.len()],
            boundaries,
        }
    }

    /// Nothing is there any more; what was counted stays.
    pub fn forget(&mut self) {
        for boundary in &mut self.boundaries {
            boundary.entries.fill(None);
            boundary.next = 0;
        }
    }

    /// A table is loaded anew.
    pub fn reload(&mut self, table: usize) {
        for entry in self.boundaries.iter_mut().flat_map(|b| &mut b.entries) {
            if entry.is_some_and(|(of, _)| of == table) {
                *entry = None;
            }
        }
    }

    /// A good row: the misses of each boundary look up the one before it.
    pub fn row(&mut self, table: usize, id: u64) {
        let stages = self.ops.len();
        self.ops[stages - 1] += 1;
        for (at, boundary) in self.boundaries.iter_mut().enumerate().rev() {
            let key = Some((table, id / boundary.rows));
            if boundary.entries.contains(&key) {
                self.hits[at] += 1;
                return;
            }
            boundary.entries[boundary.next] = key;
            boundary.next = (boundary.next + 1) % boundary.entries.len();
            self.ops[at] += 1;
        }
    }
}
