//! The batch itself: bags of ids, stored flat.

/// A list of bags of vector ids, one bag per query, stored flat (4 bytes per look-up, 8 per query).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bags {
    ids: Vec<u32>,
    /// Where each bag ends in `ids`.
    ends: Vec<usize>,
}

impl Bags {
    /// No queries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a query.
    pub fn push(&mut self, bag: impl IntoIterator<Item = u32>) {
        self.ids.extend(bag);
        self.ends.push(self.ids.len());
    }

    /// Removes all queries and keeps the memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.ends.clear();
    }

    /// Queries, those without ids included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no queries.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Look-ups of all queries.
    pub fn lookups(&self) -> usize {
        self.ids.len()
    }

    /// The ids of query `index` in the order given.
    ///
    /// # Panics
    /// If there is no such query.
    pub fn bag(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.ids[start..self.ends[index]]
    }

    /// All bags in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.bag(index))
    }

    /// Queries with at least one id: those that reach a PE.
    pub fn non_empty(&self) -> usize {
        self.iter().filter(|bag| !bag.is_empty()).count()
    }

    /// Every look-up as `id << 32 | query`, sorted by id, then query.
    pub(super) fn lookups_by_id(&self) -> Vec<u64> {
        let mut keys = Vec::with_capacity(self.lookups());
        for (query, bag) in self.iter().enumerate() {
            keys.extend(bag.iter().map(|&id| u64::from(id) << 32 | query as u64));
        }
        super::radix::sort_by_high_half(&mut keys);
        keys
    }
}

impl<B: AsRef<[u32]>> FromIterator<B> for Bags {
    fn from_iter<I: IntoIterator<Item = B>>(bags: I) -> Self {
        let mut all = Self::new();
        for bag in bags {
            all.push(bag.as_ref().iter().copied());
        }
        all
    }
}
