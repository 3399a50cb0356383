//! Lists of numbers, stored flat, and the training queries as such lists.

use traces::batch::Bags;

/// Many lists of ids (4 bytes per entry, 8 per list).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    ids: Vec<u32>,
    /// Where each list ends.
    ends: Vec<usize>,
}

impl Lists {
    /// This many empty lists.
    pub fn empty(count: usize) -> Self {
        Self {
            ids: Vec::new(),
            ends: vec![0; count],
        }
    }

    /// Appends a list.
    pub fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.ids.extend(list);
        self.ends.push(self.ids.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Entries of all lists.
    pub fn entries(&self) -> usize {
        self.ids.len()
    }

    /// List `index`, which must exist.
    #[inline]
    pub fn get(&self, index: u32) -> &[u32] {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.ids[start..self.ends[index]]
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.get(index as u32))
    }

    /// For each of `count` ids the numbers of the lists that have it, ascending.
    pub fn transposed(&self, count: usize) -> Self {
        let mut ends = vec![0_usize; count];
        for &id in &self.ids {
            ends[id as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            // Start for now; filling moves it to the end.
            let entries = *end;
            *end = sum;
            sum += entries;
        }
        let mut ids = vec![0; sum];
        for (list, entries) in (0..).zip(self.iter()) {
            for &id in entries {
                let at = &mut ends[id as usize];
                ids[*at] = list;
                *at += 1;
            }
        }
        Self { ids, ends }
    }
}

/// The queries that a mapping is made from: sets of rows, and each row's queries.
#[derive(Clone, Debug)]
pub struct Training {
    /// Rows of each query, ascending, each once.
    pub queries: Lists,
    /// Queries of each row.
    pub of_row: Lists,
    /// Rows that occur, by falling number of queries, ties by smaller id.
    pub by_count: Vec<u32>,
}

impl Training {
    /// From bags over `rows` rows.
    pub fn new<'a>(rows: usize, bags: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut queries = Lists::default();
        let mut set = Vec::new();
        for bag in bags {
            set.clear();
            set.extend_from_slice(bag);
            set.sort_unstable();
            set.dedup();
            queries.push(set.iter().copied());
        }
        let of_row = queries.transposed(rows);
        let mut by_count: Vec<u32> = (0..rows as u32).collect();
        by_count.retain(|&row| !of_row.get(row).is_empty());
        by_count.sort_by_key(|&row| std::cmp::Reverse(of_row.get(row).len()));
        Self {
            queries,
            of_row,
            by_count,
        }
    }

    /// From all queries of a batch.
    pub fn of(rows: usize, bags: &Bags) -> Self {
        Self::new(rows, bags.iter())
    }

    /// Queries with `row`, f(r).
    #[inline]
    pub fn count(&self, row: u32) -> u32 {
        self.of_row.get(row).len() as u32
    }

    /// Rows of all tables.
    pub fn rows(&self) -> usize {
        self.of_row.len()
    }
}
