//! Batch analysis against the paper's worked example and against a naive prefix tree.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use traces::batch::{
    Backward, Bags, Counts, Visits, backward, count_backward, count_forward, number_queries,
    rank_of, rank_share, schedule, share,
};

/// The example of the REFREE paper.
fn worked_example() -> Bags {
    [
        vec![0, 2, 5],
        vec![2, 5, 6, 1],
        vec![0, 5, 6],
        vec![2, 5, 6, 3],
    ]
    .iter()
    .collect()
}

#[test]
fn worked_example_forward() {
    assert_eq!(
        count_forward(&worked_example()),
        Counts {
            reads: 14,
            reads_unique: 6,
            additions: 10,
            additions_shared: 7
        }
    );
}

#[test]
fn worked_example_backward() {
    assert_eq!(
        count_backward(&worked_example()),
        Counts {
            reads: 14,
            reads_unique: 4,
            additions: 8,
            additions_shared: 5
        }
    );
}

#[test]
fn worked_example_visits() {
    let visits = Visits::new(&worked_example());
    let listed: Vec<(u32, Vec<u32>)> = visits
        .iter()
        .map(|visit| (visit.id, visit.queries.to_vec()))
        .collect();
    assert_eq!(
        listed,
        [
            (5, vec![0, 1, 2, 3]),
            (2, vec![0, 1, 3]),
            (6, vec![1, 2, 3]),
            (0, vec![0, 2]),
            (1, vec![1]),
            (3, vec![3]),
        ]
    );
}

#[test]
fn worked_example_schedule() {
    let schedule = schedule(&worked_example(), 2).expect("two lanes");
    // 5 2 6 1 | 5 2 6 3 | 5 2 0 | 5 6 0
    assert_eq!(schedule.order, [1, 3, 0, 2]);
    // Per visit: the vector, and of each request the row, the mask and the last look-ups.
    let packed: Vec<(u32, Vec<[u32; 3]>)> = schedule
        .visits
        .iter()
        .map(|visit| {
            (
                visit.id,
                visit
                    .requests
                    .iter()
                    .map(|r| [r.row, r.mask, r.last])
                    .collect(),
            )
        })
        .collect();
    assert_eq!(
        packed,
        [
            (5, vec![[0, 0b11, 0], [1, 0b11, 0]]),
            (2, vec![[0, 0b11, 0], [1, 0b01, 0]]),
            (6, vec![[0, 0b11, 0], [1, 0b10, 0]]),
            (0, vec![[1, 0b11, 0b11]]),
            (1, vec![[0, 0b01, 0b01]]),
            (3, vec![[0, 0b10, 0b10]]),
        ]
    );
    assert_eq!(schedule.lookups(), 14);
    assert_eq!(schedule.row_requests(), 9);
    assert_eq!(schedule.reads_unique(), 6);
    assert_eq!(schedule.additions(), 10);
    assert_eq!(schedule.additions_shared(), 7);
    assert_eq!(schedule.fills(), 1);
}

#[test]
fn copies_are_visits_directly_after_the_first() {
    let bags: Bags = [vec![7, 7, 7], vec![9, 7, 9], vec![9]].iter().collect();
    let visits = Visits::new(&bags);
    let listed: Vec<(u32, Vec<u32>)> = visits
        .iter()
        .map(|visit| (visit.id, visit.queries.to_vec()))
        .collect();
    assert_eq!(
        listed,
        [
            (7, vec![0, 1]),
            (7, vec![0]),
            (7, vec![0]),
            (9, vec![1, 2]),
            (9, vec![1])
        ]
    );
    assert_eq!(
        count_forward(&bags),
        Counts {
            reads: 7,
            reads_unique: 2,
            additions: 4,
            additions_shared: 4
        }
    );
}

#[test]
fn equal_queries_share_everything() {
    let bags: Bags = [[4, 8, 6], [8, 6, 4]].iter().collect();
    let sharing = share(&Visits::new(&bags));
    assert_eq!(
        (sharing.fills, sharing.additions, sharing.results),
        (1, 2, 1)
    );
}

#[test]
fn nothing_to_do() {
    for bags in [Bags::new(), std::iter::repeat_n([], 3).collect()] {
        assert_eq!(count_forward(&bags), Counts::default());
        assert_eq!(count_backward(&bags), Counts::default());
        let schedule = schedule(&bags, 32).expect("32 lanes");
        assert!(schedule.visits.is_empty() && schedule.order.is_empty());
        assert!(backward(&bags).tiles(4).is_empty());
    }
}

#[test]
fn lanes_must_be_a_power_of_two() {
    for lanes in [0, 3, 33, 64, u32::MAX] {
        let error = schedule(&worked_example(), lanes).expect_err("not a width");
        assert_eq!(
            error.to_string(),
            format!("look-ups a cycle is {lanes}, but must be a power of two from 1 to 32")
        );
    }
}

#[test]
fn tiles_hold_the_busiest_rows_first() {
    let tiles = backward(&worked_example()).tiles(4);
    let rows: Vec<&[u32]> = tiles.iter().map(|tile| tile.rows.as_slice()).collect();
    assert_eq!(rows, [&[5, 2, 6, 0][..], &[1, 3]]);
    assert_eq!(tiles[0].bags.bag(3), [0, 2]);
}

#[test]
fn rank_hash() {
    assert_eq!(rank_of(0, 8), 0);
    assert_eq!(rank_of(1, 8), (2_654_435_761_u64 >> 16) as u32 % 8);
    let id = 4_000_000_000_u64;
    assert_eq!(
        u64::from(rank_of(id as u32, 7)),
        ((id * 2_654_435_761 % (1 << 32)) >> 16) % 7
    );
}

/// How often each id is looked up.
fn popularity(bags: &Bags) -> BTreeMap<u32, u32> {
    let mut count = BTreeMap::new();
    for id in bags.iter().flatten() {
        *count.entry(*id).or_default() += 1;
    }
    count
}

/// The ordered visit list of every query, from the definition: (count descending, id, copy).
fn naive_lists_by(bags: &Bags, count: &BTreeMap<u32, u32>) -> Vec<Vec<(u32, u32)>> {
    bags.iter()
        .map(|bag| {
            let mut list: Vec<(u32, u32)> = bag
                .iter()
                .enumerate()
                .map(|(at, &id)| (id, bag[..at].iter().filter(|&&b| b == id).count() as u32))
                .collect();
            list.sort_by_key(|&(id, copy)| (Reverse(count[&id]), id, copy));
            list
        })
        .collect()
}

fn naive_lists(bags: &Bags) -> Vec<Vec<(u32, u32)>> {
    naive_lists_by(bags, &popularity(bags))
}

/// Nodes at depth two and more of the prefix tree.
fn naive_nodes(lists: &[Vec<(u32, u32)>]) -> u64 {
    let prefixes = lists
        .iter()
        .flat_map(|list| (2..=list.len()).map(move |depth| &list[..depth]));
    prefixes.collect::<BTreeSet<_>>().len() as u64
}

fn naive_counts(bags: &Bags) -> Counts {
    let lists = naive_lists(bags);
    let unique: BTreeSet<u32> = bags.iter().flatten().copied().collect();
    Counts {
        reads: bags.lookups() as u64,
        reads_unique: unique.len() as u64,
        additions: lists
            .iter()
            .map(|list| list.len().saturating_sub(1) as u64)
            .sum(),
        additions_shared: naive_nodes(&lists),
    }
}

/// Bags with few ids (much sharing, copies) or many.
fn any_bags() -> impl Strategy<Value = Bags> {
    (1u32..60, 0usize..9, 0usize..60)
        .prop_flat_map(|(ids, longest, queries)| {
            let id = prop_oneof![8 => 0..ids, 1 => Just(u32::MAX)];
            prop::collection::vec(prop::collection::vec(id, 0..=longest), 0..=queries)
        })
        .prop_map(|bags| bags.iter().collect())
}

proptest! {
    #[test]
    fn counts_agree_with_a_naive_prefix_tree(bags in any_bags()) {
        prop_assert_eq!(count_forward(&bags), naive_counts(&bags));
        let Backward { bags: transposed, .. } = backward(&bags);
        prop_assert_eq!(count_backward(&bags), naive_counts(&transposed));
    }

    #[test]
    fn backward_twice_is_the_batch_sorted(bags in any_bags()) {
        let once = backward(&bags);
        let twice = backward(&once.bags);
        let expected: Bags = bags
            .iter()
            .filter(|bag| !bag.is_empty())
            .map(|bag| {
                let mut bag = bag.to_vec();
                bag.sort_unstable();
                bag
            })
            .collect();
        let named: Bags = twice
            .bags
            .iter()
            .map(|rows| rows.iter().map(|&row| once.rows[row as usize]).collect::<Vec<_>>())
            .collect();
        prop_assert_eq!(named, expected);
    }

    #[test]
    fn numbering_is_lexicographic_with_ends_last(bags in any_bags()) {
        let lists = naive_lists(&bags);
        let visits: Vec<(u32, u32)> = {
            let mut all: Vec<_> = lists.iter().flatten().copied().collect::<BTreeSet<_>>()
                .into_iter().collect();
            let count = |id| bags.iter().flatten().filter(|&&b| b == id).count();
            all.sort_by_key(|&(id, copy)| (Reverse(count(id)), id, copy));
            all
        };
        let rank = |visit| visits.iter().position(|&v| v == visit).expect("a visit");
        let mut expected: Vec<u32> =
            (0..bags.len() as u32).filter(|&q| !lists[q as usize].is_empty()).collect();
        expected.sort_by_key(|&q| {
            let mut ranks: Vec<usize> = lists[q as usize].iter().map(|&v| rank(v)).collect();
            ranks.push(usize::MAX);
            (ranks, q)
        });
        prop_assert_eq!(number_queries(&Visits::new(&bags)), expected);
    }

    #[test]
    fn schedule_holds_every_look_up_once(bags in any_bags(), lanes in 0u32..=5) {
        let lanes = 1 << lanes;
        let schedule = schedule(&bags, lanes).expect("a power of two");
        let lists = naive_lists(&bags);
        let mut served: Vec<Vec<u32>> = vec![Vec::new(); bags.len()];
        let mut finished = BTreeSet::new();
        for visit in &schedule.visits {
            prop_assert!(!visit.requests.is_empty());
            prop_assert!(visit.requests.windows(2).all(|pair| pair[0].row < pair[1].row));
            for request in &visit.requests {
                prop_assert!(request.mask != 0 && request.last & !request.mask == 0);
                prop_assert!(lanes == 32 || request.mask >> lanes == 0);
                for lane in (0..lanes).filter(|lane| request.mask >> lane & 1 == 1) {
                    let query = schedule.order[(request.row * lanes + lane) as usize];
                    prop_assert!(!finished.contains(&query));
                    served[query as usize].push(visit.id);
                    if request.last >> lane & 1 == 1 {
                        finished.insert(query);
                    }
                }
            }
        }
        let expected: Vec<Vec<u32>> =
            lists.iter().map(|list| list.iter().map(|&(id, _)| id).collect()).collect();
        prop_assert_eq!(served, expected);
        prop_assert_eq!(finished.len(), schedule.queries);
        let counts = count_forward(&bags);
        prop_assert_eq!(schedule.lookups(), counts.reads);
        prop_assert_eq!(schedule.additions(), counts.additions);
        prop_assert_eq!(schedule.additions_shared(), counts.additions_shared);
    }

    #[test]
    fn tiles_partition_the_rows(bags in any_bags(), max_queries in 1usize..20) {
        let work = backward(&bags);
        let mut rows = Vec::new();
        for tile in work.tiles(max_queries) {
            prop_assert!(tile.rows.len() <= max_queries && tile.rows.len() == tile.bags.len());
            rows.extend(tile.rows.iter().copied().zip(tile.bags.iter().map(<[u32]>::to_vec)));
        }
        let busier = |a: &(u32, Vec<u32>), b: &(u32, Vec<u32>)| {
            (Reverse(a.1.len()), a.0) < (Reverse(b.1.len()), b.0)
        };
        prop_assert!(rows.is_sorted_by(busier));
        rows.sort();
        let all: Vec<(u32, Vec<u32>)> =
            work.rows.iter().copied().zip(work.bags.iter().map(<[u32]>::to_vec)).collect();
        prop_assert_eq!(rows, all);
    }

    #[test]
    fn tiles_keep_the_order_of_their_batch(bags in any_bags(), max_queries in 1usize..20) {
        let work = backward(&bags);
        let whole = popularity(&work.bags);
        for tile in work.tiles(max_queries) {
            let lists = naive_lists_by(&tile.bags, &whole);
            let schedule = tile.schedule(8).expect("eight lanes");
            prop_assert_eq!(schedule.additions_shared(), naive_nodes(&lists));
            let visited: Vec<u32> = schedule.visits.iter().map(|visit| visit.id).collect();
            prop_assert!(visited.is_sorted_by_key(|id| (Reverse(whole[id]), *id)));
        }
    }

    #[test]
    fn rank_shares_partition_the_look_ups(bags in any_bags(), ranks in 1u32..9) {
        let shares: Vec<Bags> = (0..ranks).map(|rank| rank_share(&bags, ranks, rank)).collect();
        for (query, bag) in bags.iter().enumerate() {
            let mut whole: Vec<u32> = bag.to_vec();
            let mut parts: Vec<u32> =
                shares.iter().flat_map(|share| share.bag(query).to_vec()).collect();
            whole.sort_unstable();
            parts.sort_unstable();
            prop_assert_eq!(whole, parts);
        }
    }
}
