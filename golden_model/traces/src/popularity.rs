//! How often each row is looked up, and what follows from it: top shares, Zipf exponent, drift.

use rustc_hash::{FxHashMap, FxHashSet};

/// Rows that are always counted in an array, whatever part of them is used.
const DENSE: u64 = 1 << 24;

/// Look-ups of each row, by joint id.
#[derive(Clone, Debug)]
pub enum Popularity {
    /// 4 bytes a row.
    Dense(Vec<u32>),
    /// For tables of which few rows are used: 10 to 21 bytes a row looked up.
    Sparse(FxHashMap<u32, u32>),
}

impl Popularity {
    /// Nothing counted yet, of `rows` rows in all and about `lookups` to count.
    pub fn new(rows: u64, lookups: u64) -> Self {
        match rows <= DENSE.max(lookups.saturating_mul(2)) {
            true => Self::Dense(vec![0; rows as usize]),
            false => Self::Sparse(FxHashMap::default()),
        }
    }

    /// Counts a look-up. A row beyond those announced is not counted.
    pub fn add(&mut self, id: u32) {
        let count = match self {
            Self::Dense(counts) => counts.get_mut(id as usize),
            Self::Sparse(counts) => Some(counts.entry(id).or_default()),
        };
        if let Some(count) = count {
            *count = count.saturating_add(1);
        }
    }

    /// Rows with look-ups from `first` to before `end`, and these, unordered.
    pub fn rows(&self, first: u64, end: u64) -> Vec<(u32, u32)> {
        match self {
            Self::Dense(counts) => {
                let end = (end as usize).min(counts.len());
                (first..)
                    .zip(&counts[(first as usize).min(end)..end])
                    .filter(|&(_, &count)| count > 0)
                    .map(|(id, &count)| (id as u32, count))
                    .collect()
            }
            Self::Sparse(counts) => counts
                .iter()
                .filter(|&(&id, _)| (first..end).contains(&u64::from(id)))
                .map(|(&id, &count)| (id, count))
                .collect(),
        }
    }

    /// Their look-ups alone, descending.
    pub fn ranked(&self, first: u64, end: u64) -> Vec<u32> {
        let rows = self.rows(first, end);
        let mut counts: Vec<u32> = rows.into_iter().map(|(_, count)| count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts
    }
}

/// The part of all look-ups that fall on the most popular `percent` % of the rows looked up (their
/// number rounded, and at least one). `ranked` is descending.
pub fn top_share(ranked: &[u32], percent: u32) -> Option<f64> {
    let sum = |counts: &[u32]| counts.iter().map(|&count| u64::from(count)).sum::<u64>();
    let all = sum(ranked);
    let top = sum(&ranked[..top_rows(ranked.len(), percent)]);
    (all > 0).then(|| top as f64 / all as f64)
}

fn top_rows(rows: usize, percent: u32) -> usize {
    ((rows * percent as usize + 50) / 100).max(1).min(rows)
}

/// The part of the most popular 1 % of rows that are so both `then` and `now`; by how many rows that
/// is decides the one of the two in which fewer are looked up. Ties by smaller id.
pub fn top_overlap(then: &Popularity, now: &Popularity) -> Option<f64> {
    let mut both = [then, now].map(|counts| counts.rows(0, u64::MAX));
    let rows = both.iter().map(Vec::len).min().unwrap_or_default();
    if rows == 0 {
        return None;
    }
    let top = top_rows(rows, 1);
    let [then, now] = both.each_mut().map(|rows| {
        rows.select_nth_unstable_by_key(top - 1, |&(id, count)| (std::cmp::Reverse(count), id));
        &rows[..top]
    });
    let then: FxHashSet<u32> = then.iter().map(|&(id, _)| id).collect();
    let stayed = now.iter().filter(|(id, _)| then.contains(id)).count();
    Some(stayed as f64 / top as f64)
}

/// Ranks of which each has a term of its own; the rest are integrated.
const HEAD: usize = 1 << 12;
const MAX_EXPONENT: f64 = 8.0;

/// The Zipf exponent under which these look-ups, ranked by their own number, are most likely: it
/// solves E[ln rank] = mean of ln rank over all look-ups, ranks from 1 to the number of rows looked
/// up. None if there are fewer than two; at most 8, to 10^-6.
///
/// Why not a straight line through log count over log rank: its slope is whatever the chosen range
/// of ranks makes it, while this needs no range.
pub fn zipf_exponent(ranked: &[u32]) -> Option<f64> {
    if ranked.len() < 2 {
        return None;
    }
    let (mut sum, mut weighted) = (0.0, 0.0);
    for (rank, &count) in (1u32..).zip(ranked) {
        sum += f64::from(count);
        weighted += f64::from(count) * f64::from(rank).ln();
    }
    let observed = weighted / sum;
    let head: Vec<f64> = (1..=ranked.len().min(HEAD) as u32)
        .map(|rank| f64::from(rank).ln())
        .collect();
    // The expectation falls with the exponent.
    let (mut low, mut high) = (0.0, MAX_EXPONENT);
    while high - low > 1e-8 {
        let middle = (low + high) / 2.0;
        match expected_log(middle, &head, ranked.len()) > observed {
            true => low = middle,
            false => high = middle,
        }
    }
    Some((low * 1e6).round() / 1e6)
}

/// E[ln rank] for ranks 1 to `rows`, of which the logarithms of the first are `head`.
fn expected_log(exponent: f64, head: &[f64], rows: usize) -> f64 {
    let (mut weight, mut weighted) = (0.0, 0.0);
    for &log in head {
        let part = (-exponent * log).exp();
        weight += part;
        weighted += part * log;
    }
    // Simpson's rule over x^-s and x^-s ln x, from half a rank before to half a rank behind.
    let end = rows as f64 + 0.5;
    let mut start = head.len() as f64 + 0.5;
    while start < end {
        let width = (start / 64.0).min(end - start);
        for (at, share) in [(0.0, 1.0), (0.5, 4.0), (1.0, 1.0)] {
            let log = (start + at * width).ln();
            let part = (-exponent * log).exp() * share * width / 6.0;
            weight += part;
            weighted += part * log;
        }
        start += width;
    }
    weighted / weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_an_exact_law() {
        for exponent in [0.0f64, 0.5, 0.99, 1.4] {
            let counts: Vec<u32> = (1..=20_000)
                .map(|rank| (1e9 * f64::from(rank).powf(-exponent)).round() as u32)
                .collect();
            let found = zipf_exponent(&counts).expect("enough rows");
            assert!((found - exponent).abs() < 1e-4, "{exponent} {found}");
        }
        assert_eq!(zipf_exponent(&[7]), None);
        assert_eq!(zipf_exponent(&[7, 7]), Some(0.0));
    }

    #[test]
    fn shares() {
        assert_eq!(top_share(&[], 1), None);
        assert_eq!(top_share(&[6, 3, 1], 1), Some(0.6));
        assert_eq!(top_share(&[6, 3, 1], 50), Some(0.9));
        assert_eq!(top_share(&[6, 3, 1], 100), Some(1.0));
    }

    #[test]
    fn dense_and_sparse_agree() {
        let mut both = [Popularity::new(9, 0), Popularity::new(1 << 32, 0)];
        for counts in &mut both {
            [3, 1, 3, 8].into_iter().for_each(|id| counts.add(id));
        }
        let [dense, sparse] = both;
        assert!(matches!(sparse, Popularity::Sparse(_)));
        for (first, end) in [(0, 9), (0, u64::MAX), (2, 8), (3, 3)] {
            let mut rows = sparse.rows(first, end);
            rows.sort_unstable();
            assert_eq!(dense.rows(first, end), rows);
        }
        assert_eq!(dense.ranked(0, 9), [2, 1, 1]);
        assert_eq!(top_overlap(&dense, &sparse), Some(1.0));
        assert_eq!(top_overlap(&dense, &Popularity::new(1, 1)), None);
    }
}
