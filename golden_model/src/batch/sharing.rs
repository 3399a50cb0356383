//! The prefix tree of the queries' ordered visit lists, by partition refinement.
//!
//! Queries are kept in one array, in which those with equal lists so far are contiguous: a group is
//! a node of the prefix tree. A visit splits each group it touches into the queries that ask for
//! the vector (moved to the front: a new node) and the rest. Each request costs one swap, so the
//! whole tree costs time linear in the look-ups and memory linear in the queries.

use super::Visits;

/// What the prefix tree of a batch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Nodes at depth one: copies of a vector into a fresh partial sum, no arithmetic.
    pub fills: u64,
    /// Nodes at depth two and more: additions when identical partial sums share one.
    pub additions: u64,
    /// Different results, at most one a query.
    pub results: usize,
    /// The non-empty queries in the order of [`number_queries`].
    pub order: Vec<u32>,
}

/// Builds the prefix tree of all queries' ordered visit lists.
pub fn share(visits: &Visits) -> Sharing {
    let mut groups = Partition::new(visits.queries());
    let (mut fills, mut additions) = (0, 0);
    for visit in visits.iter() {
        let nodes = groups.refine(visit.queries);
        fills += u64::from(nodes.first);
        additions += u64::from(nodes.later);
    }
    Sharing {
        fills,
        additions,
        results: groups.spans.len() - 1,
        order: groups.into_order(),
    }
}

/// The non-empty queries so that equal prefixes of their ordered visit lists are adjacent: the
/// lexicographic order of the lists, where a list that ends comes after its continuations, ties by
/// smaller index. Position in the returned list is the PE-local number, the value is the query.
///
/// Why: queries that share a partial sum then have neighbouring numbers, so one row of the PE's
/// query table, and the few group registers that remember recent slots, serve many look-ups at
/// once.
pub fn number_queries(visits: &Visits) -> Vec<u32> {
    share(visits).order
}

/// The group of queries that have had no look-up yet.
const ROOT: u32 = 0;

/// Nodes that one visit adds to the tree.
struct NewNodes {
    first: bool,
    later: u32,
}

/// A contiguous range of `Partition::order`.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    len: u32,
    /// Queries at the front of the span that ask for the vector being visited.
    asking: u32,
}

struct Partition {
    order: Vec<u32>,
    /// Where each query is in `order`.
    place: Vec<u32>,
    /// The group of each query.
    group: Vec<u32>,
    spans: Vec<Span>,
    touched: Vec<u32>,
}

impl Partition {
    fn new(queries: usize) -> Self {
        let all: Vec<u32> = (0..queries as u32).collect();
        Self {
            order: all.clone(),
            place: all,
            group: vec![ROOT; queries],
            spans: vec![Span {
                start: 0,
                len: queries as u32,
                asking: 0,
            }],
            touched: Vec::new(),
        }
    }

    /// Splits every group by whether its queries are in `asking`.
    fn refine(&mut self, asking: &[u32]) -> NewNodes {
        for &query in asking {
            let group = self.group[query as usize];
            let span = &mut self.spans[group as usize];
            if span.asking == 0 {
                self.touched.push(group);
            }
            let (from, to) = (self.place[query as usize], span.start + span.asking);
            span.asking += 1;
            let other = self.order[to as usize];
            self.order.swap(from as usize, to as usize);
            self.place[other as usize] = from;
            self.place[query as usize] = to;
        }
        let mut nodes = NewNodes {
            first: false,
            later: 0,
        };
        while let Some(group) = self.touched.pop() {
            if group == ROOT {
                nodes.first = true;
            } else {
                nodes.later += 1;
            }
            let span = &mut self.spans[group as usize];
            let asking = std::mem::take(&mut span.asking);
            // A group that moves as a whole keeps its number; the root is never left by renaming.
            if asking == span.len && group != ROOT {
                continue;
            }
            let front = Span {
                start: span.start,
                len: asking,
                asking: 0,
            };
            span.start += asking;
            span.len -= asking;
            let new_group = self.spans.len() as u32;
            let members = front.start as usize..(front.start + front.len) as usize;
            for &query in &self.order[members] {
                self.group[query as usize] = new_group;
            }
            self.spans.push(front);
        }
        nodes
    }

    /// The queries that have left the root, equal lists in index order.
    fn into_order(mut self) -> Vec<u32> {
        for span in &self.spans[1..] {
            self.order[span.start as usize..(span.start + span.len) as usize].sort_unstable();
        }
        self.order
            .truncate(self.spans[ROOT as usize].start as usize);
        self.order
    }
}
