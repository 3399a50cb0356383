//! The prefix tree of the queries' ordered visit lists, by sorting the lists.
//!
//! A list adds to the tree what it does not have in common with the one before it. Sorting looks at
//! two visits of each list at a time, and at more only of those that are equal so far, so what it
//! costs grows with the queries (and what they share), not with the look-ups.

use rayon::prelude::*;

use super::Visits;
use super::radix::sort_by_high_half;

/// What the prefix tree of a batch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Nodes at depth one: copies of a vector into a fresh partial sum, no arithmetic.
    pub fills: u64,
    /// Nodes at depth two and more: additions when identical partial sums share one.
    pub additions: u64,
    /// Different results, at most one per query.
    pub results: usize,
    /// The non-empty queries in the order of [`number_queries`].
    pub order: Vec<u32>,
}

/// Builds the prefix tree of all queries' ordered visit lists.
pub fn share(visits: &Visits) -> Sharing {
    Lists::new(visits).sharing()
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

/// The ordered visit lists of the non-empty queries, in the order of [`number_queries`].
pub(super) struct Lists {
    /// Every look-up as `query << 32 | visit`, by query, then visit.
    lookups: Vec<u64>,
    /// Where each list starts in `lookups`.
    starts: Vec<usize>,
    // As in `Sharing`.
    fills: u64,
    additions: u64,
    results: usize,
}

/// A list while they are sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    /// Two visits, [`END`] after the last.
    visits: u64,
    /// Of the list; ascending with the query.
    start: usize,
}

/// After all visits.
const END: u64 = u32::MAX as u64;

impl Lists {
    pub(super) fn new(visits: &Visits) -> Self {
        let mut lookups = Vec::with_capacity(visits.lookups());
        for (visit, of) in (0..).zip(visits.iter()) {
            let queries = of.queries.iter();
            lookups.extend(queries.map(|&query| u64::from(query) << 32 | visit));
        }
        sort_by_high_half(&mut lookups);

        let mut heads = Vec::new();
        let mut start = 0;
        for list in lookups.chunk_by(|a, b| a >> 32 == b >> 32) {
            heads.push(Head {
                visits: two(&lookups, start, 0),
                start,
            });
            start += list.len();
        }
        let [roots, common, equal] = sort(&mut heads, &lookups);
        Self {
            fills: roots as u64,
            additions: (lookups.len() - common - roots) as u64,
            results: heads.len() - equal,
            starts: heads.iter().map(|head| head.start).collect(),
            lookups,
        }
    }

    /// The lists, each visit as `query << 32 | visit`.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        self.starts.iter().map(|&start| list(&self.lookups, start))
    }

    pub(super) fn sharing(&self) -> Sharing {
        let query = |&start: &usize| (self.lookups[start] >> 32) as u32;
        Sharing {
            fills: self.fills,
            additions: self.additions,
            results: self.results,
            order: self.starts.iter().map(query).collect(),
        }
    }
}

/// The list that starts here.
fn list(lookups: &[u64], start: usize) -> &[u64] {
    let rest = &lookups[start..];
    let query = rest[0] >> 32;
    let len = rest.iter().take_while(|&lookup| lookup >> 32 == query);
    &rest[..len.count()]
}

/// Two visits of the list that starts here.
fn two(lookups: &[u64], start: usize, depth: usize) -> u64 {
    let query = lookups[start] >> 32;
    let visit = |at: usize| match lookups.get(at) {
        Some(lookup) if lookup >> 32 == query => lookup & END,
        _ => END,
    };
    visit(start + depth) << 32 | visit(start + depth + 1)
}

/// Sorts lists whose first two visits are filled in. Returns how many first visits there are, how many
/// visits in all that a list and the one before it begin with, and how many lists equal the one before.
fn sort(heads: &mut [Head], lookups: &[u64]) -> [usize; 3] {
    heads.par_sort_unstable();
    let first = |head: &Head| head.visits >> 32;
    let roots = heads.chunk_by(|a, b| first(a) == first(b)).count();
    // From here to there lists are equal up to a depth.
    let mut alike = vec![];
    let [mut common, mut equal] = compare(heads, 0, 2, &mut alike);
    while let Some((start, end, depth)) = alike.pop() {
        let heads = &mut heads[start..end];
        for head in heads.iter_mut() {
            head.visits = two(lookups, head.start, depth);
        }
        heads.sort_unstable();
        let more = compare(heads, start, depth + 2, &mut alike);
        (common, equal) = (common + more[0], equal + more[1]);
    }
    [roots, common, equal]
}

/// Compares sorted heads, the first of which is number `from`, with the ones before them: how many of
/// their two visits are common, and how many lists are equal. Notes those that are alike so far.
fn compare(
    heads: &[Head],
    from: usize,
    depth: usize,
    alike: &mut Vec<(usize, usize, usize)>,
) -> [usize; 2] {
    let [mut common, mut equal] = [0; 2];
    for pair in heads.windows(2) {
        let (before, visits) = (pair[0].visits, pair[1].visits);
        let one = before >> 32 == visits >> 32 && visits >> 32 != END;
        let two = before == visits && visits & END != END;
        common += usize::from(one) + usize::from(two);
        equal += usize::from(before == visits && !two);
    }
    let mut start = from;
    for same in heads.chunk_by(|a, b| a.visits == b.visits) {
        let end = start + same.len();
        if same.len() > 1 && same[0].visits & END != END {
            alike.push((start, end, depth));
        }
        start = end;
    }
    [common, equal]
}
