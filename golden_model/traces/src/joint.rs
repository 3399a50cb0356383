//! From an id within its table to an id among all tables.

use super::Query;

/// Most rows that 32-bit joint ids can tell apart.
const MAX_ROWS: u64 = 1 << 32;

/// The sizes of the tables, and with them the joint ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JointIds {
    /// Rows of each table.
    sizes: Vec<u64>,
    rows: u64,
}

/// The tables together have more rows than joint ids of 32 bits can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tables together have {rows} rows (largest id + 1 each), but joint ids are 32 bits wide \
     and name at most 4294967296; renumber each table by first appearance or leave tables out"
)]
pub struct TooManyRows {
    /// Rows of all tables.
    pub rows: u64,
}

impl JointIds {
    /// Tables of known sizes, in rows.
    ///
    /// # Errors
    /// If all tables together have more than 2^32 rows.
    pub fn new(sizes: impl IntoIterator<Item = u32>) -> Result<Self, TooManyRows> {
        let sizes: Vec<u64> = sizes.into_iter().map(u64::from).collect();
        let rows = sizes.iter().sum();
        if rows > MAX_ROWS {
            Err(TooManyRows { rows })
        } else {
            Ok(Self { sizes, rows })
        }
    }

    /// Grows the tables so that they hold the rows of `query`.
    ///
    /// # Errors
    /// If all tables together have more than 2^32 rows.
    pub fn include(&mut self, query: &Query) -> Result<(), TooManyRows> {
        if self.sizes.len() < query.tables() {
            self.sizes.resize(query.tables(), 0);
        }
        for (size, bag) in self.sizes.iter_mut().zip(query.iter()) {
            for &id in bag {
                let needed = u64::from(id) + 1;
                if needed > *size {
                    self.rows += needed - *size;
                    *size = needed;
                }
            }
        }
        if self.rows > MAX_ROWS {
            Err(TooManyRows { rows: self.rows })
        } else {
            Ok(())
        }
    }

    /// Rows of each table.
    pub fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// Rows of all tables: one more than the largest joint id.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether every row of `query` exists.
    pub fn contains(&self, query: &Query) -> bool {
        query.tables() <= self.sizes.len()
            && self
                .sizes
                .iter()
                .zip(query.iter())
                .all(|(&size, bag)| bag.iter().all(|&id| u64::from(id) < size))
    }

    /// The joint ids of a query over these tables ([`Self::contains`]), table by table.
    pub fn join<'a>(&'a self, query: &'a Query) -> impl Iterator<Item = u32> + 'a {
        self.sizes
            .iter()
            .scan(0, |start, size| {
                let first = *start;
                *start += size;
                Some(first)
            })
            .zip(query.iter())
            // At most 2^32 rows in all, so the sum of an existing row fits.
            .flat_map(|(first, bag)| bag.iter().map(move |&id| (first + u64::from(id)) as u32))
    }
}
