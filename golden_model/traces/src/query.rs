//! One sample of a trace.

use std::fmt;

/// One query: a bag of row ids for each table, stored flat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    ids: Vec<u32>,
    /// Where each table's bag ends in `ids`. A line is short enough for 32 bits.
    ends: Vec<u32>,
}

impl Query {
    /// A query over no tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Removes all tables and keeps the memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.ends.clear();
    }

    /// Appends an id to the bag of the table that [`Self::end_table`] will close.
    pub fn push_id(&mut self, id: u32) {
        self.ids.push(id);
    }

    /// Closes the bag of one table.
    pub fn end_table(&mut self) {
        self.ends.push(self.ids.len() as u32);
    }

    /// Number of tables.
    pub fn tables(&self) -> usize {
        self.ends.len()
    }

    /// Look-ups over all tables.
    pub fn lookups(&self) -> usize {
        self.ids.len()
    }

    /// The bags, table by table.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let bag = &self.ids[start as usize..end as usize];
            start = end;
            bag
        })
    }
}

impl<B: AsRef<[u32]>> FromIterator<B> for Query {
    fn from_iter<I: IntoIterator<Item = B>>(bags: I) -> Self {
        let mut query = Self::new();
        for bag in bags {
            query.ids.extend_from_slice(bag.as_ref());
            query.end_table();
        }
        query
    }
}

/// The query as a line of a `.lk` file, without the newline.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (table, bag) in self.iter().enumerate() {
            if table > 0 {
                f.write_str(";")?;
            }
            for (at, id) in bag.iter().enumerate() {
                if at > 0 {
                    f.write_str(",")?;
                }
                write!(f, "{id}")?;
            }
        }
        Ok(())
    }
}
