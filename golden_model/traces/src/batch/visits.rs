//! The visiting order of a batch and the request list of each visit.

use std::cmp::Reverse;

use super::Bags;

/// The visits of a batch in visiting order, each with the queries that request it, stored flat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    ids: Vec<u32>,
    /// Where each visit's requests end in `requests`.
    ends: Vec<usize>,
    requests: Vec<u32>,
    queries: usize,
    unique: usize,
}

/// One visit of one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitView<'a> {
    /// The vector.
    pub id: u32,
    /// The queries that request it, ascending, each once.
    pub queries: &'a [u32],
}

impl Visits {
    /// Orders the vectors of `bags` as the [module](super) says.
    pub fn new(bags: &Bags) -> Self {
        Self::by_key(bags, |_, lookups| Reverse(lookups))
    }

    /// Orders the vectors of `bags` by `key(id, number of its look-ups)`, ties by smaller id. The
    /// copies of a vector stay together.
    pub fn by_key<K: Ord>(bags: &Bags, key: impl Fn(u32, usize) -> K) -> Self {
        let lookups = bags.lookups_by_id();
        let mut by_id: Vec<&[u64]> = lookups.chunk_by(|a, b| a >> 32 == b >> 32).collect();
        // Groups are ascending in id, so a stable sort leaves ties in id order.
        by_id.sort_by_cached_key(|group| key((group[0] >> 32) as u32, group.len()));

        let mut visits = Self {
            ids: Vec::with_capacity(by_id.len()),
            ends: Vec::with_capacity(by_id.len()),
            requests: Vec::with_capacity(lookups.len()),
            queries: bags.len(),
            unique: by_id.len(),
        };
        let mut copies = Vec::new();
        for group in by_id {
            let id = (group[0] >> 32) as u32;
            copies.clear();
            // Equal look-ups are adjacent: one chunk is one query and its number of copies.
            let chunks = group.chunk_by(|a, b| a == b);
            copies.extend(chunks.map(|chunk| (chunk[0] as u32, chunk.len())));
            let mut copy = 0;
            while !copies.is_empty() {
                visits.ids.push(id);
                visits
                    .requests
                    .extend(copies.iter().map(|&(query, _)| query));
                visits.ends.push(visits.requests.len());
                copy += 1;
                copies.retain(|&(_, count)| count > copy);
            }
        }
        visits
    }

    /// One visit for each look-up, in the order in which queries hold them: every query's first look-up,
    /// then every second one, and so on. What hardware does that eliminates nothing.
    pub fn singly(bags: &Bags) -> Self {
        let mut visits = Self {
            ids: Vec::with_capacity(bags.lookups()),
            ends: (1..=bags.lookups()).collect(),
            requests: Vec::with_capacity(bags.lookups()),
            queries: bags.len(),
            unique: bags.lookups(),
        };
        let mut left: Vec<u32> = (0..bags.len() as u32).collect();
        let mut place = 0;
        while !left.is_empty() {
            left.retain(|&query| {
                let id = bags.bag(query as usize).get(place);
                if let Some(&id) = id {
                    visits.ids.push(id);
                    visits.requests.push(query);
                }
                id.is_some()
            });
            place += 1;
        }
        visits
    }

    /// The same visits, but a query's first look-up is a visit of its own, so that no two queries
    /// ever hold the same partial sum. Visits of one vector stay neighbours: it is still read once.
    pub fn apart(&self) -> Self {
        let mut met = vec![false; self.queries];
        let mut apart = Self {
            ids: Vec::with_capacity(self.ids.len()),
            ends: Vec::with_capacity(self.ids.len()),
            requests: Vec::with_capacity(self.requests.len()),
            ..*self
        };
        for VisitView { id, queries } in self.iter() {
            let first = |&&query: &&u32| !met[query as usize];
            let firsts: Vec<u32> = queries.iter().filter(first).copied().collect();
            let rest: Vec<u32> = queries
                .iter()
                .filter(|q| met[**q as usize])
                .copied()
                .collect();
            firsts.iter().for_each(|&query| met[query as usize] = true);
            for queries in firsts.chunks(1).chain(rest.chunks(rest.len().max(1))) {
                apart.ids.push(id);
                apart.requests.extend(queries);
                apart.ends.push(apart.requests.len());
            }
        }
        apart
    }

    /// Number of visits: unique ids plus the extra visits of ids that are twice or more in a bag.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is nothing to visit.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Different vectors.
    pub fn unique(&self) -> usize {
        self.unique
    }

    /// Requests of all visits, which are the look-ups of the batch.
    pub fn lookups(&self) -> usize {
        self.requests.len()
    }

    /// Queries of the batch, those without ids included.
    pub fn queries(&self) -> usize {
        self.queries
    }

    /// All visits in visiting order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = VisitView<'_>> {
        let mut start = 0;
        self.ids.iter().zip(&self.ends).map(move |(&id, &end)| {
            let queries = &self.requests[start..end];
            start = end;
            VisitView { id, queries }
        })
    }
}
