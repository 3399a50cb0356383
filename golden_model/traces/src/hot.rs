//! The choice of hot rows: those looked up most often.

use rustc_hash::FxHashMap;

/// Rows by how often they were looked up: the most often first, of equals the smaller id. At most `most`.
pub fn hottest(ids: impl IntoIterator<Item = u32>, most: usize) -> Vec<(u32, u32)> {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for id in ids {
        *counts.entry(id).or_insert(0) += 1;
    }
    let mut rows: Vec<(u32, u32)> = counts.into_iter().collect();
    let hotter = |a: &(u32, u32), b: &(u32, u32)| b.1.cmp(&a.1).then(a.0.cmp(&b.0));
    if most < rows.len() {
        rows.select_nth_unstable_by(most, hotter);
        rows.truncate(most);
    }
    rows.sort_unstable_by(hotter);
    rows
}

#[cfg(test)]
mod tests {
    use super::hottest;

    #[test]
    fn the_most_often_first_and_the_smaller_id_of_equals() {
        let ids = [7, 3, 3, 9, 7, 3, 5];
        assert_eq!(hottest(ids, 3), [(3, 3), (7, 2), (5, 1)]);
        assert_eq!(hottest(ids, 9).len(), 4);
        assert_eq!(hottest([], 4), []);
        assert_eq!(hottest(ids, 0), []);
    }
}
