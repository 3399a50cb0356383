//! Batches beyond the cache, for which other paths are taken than for the small ones of `batch.rs`,
//! against plain lists.

use contract::SplitMix64;
use traces::batch::{Bags, Schedule, Visits, backward, share};
use traces::zipf::Ranks;

const LANES: u32 = 16;

/// Popular ids, copies within a bag, and one query in four the same as another.
fn bags(queries: u64) -> Bags {
    let (law, mut rng) = (Ranks::of(1 << 24, 1.2), SplitMix64::new(7));
    let mut bags: Vec<Vec<u32>> = Vec::new();
    for query in 0..queries {
        let bag = match rng.one_in(4) && query > 0 {
            true => bags[rng.below(query) as usize].clone(),
            false => (0..rng.below(24)).map(|_| law.draw(&mut rng)).collect(),
        };
        bags.push(bag);
    }
    bags.iter().collect()
}

/// The visits of each query, as their places in the visiting order.
fn lists(visits: &Visits) -> Vec<Vec<u32>> {
    let mut lists = vec![Vec::new(); visits.queries()];
    for (place, visit) in (0..).zip(visits.iter()) {
        for &query in visit.queries {
            lists[query as usize].push(place);
        }
    }
    lists
}

fn check(visits: &Visits) {
    let lists = lists(visits);
    let mut sorted: Vec<(Vec<u32>, u32)> = (0..)
        .zip(&lists)
        .filter(|(_, list)| !list.is_empty())
        .map(|(query, list)| ([&list[..], &[u32::MAX]].concat(), query))
        .collect();
    sorted.sort();
    let (mut nodes, mut fills, mut results) = (0, 0, 0);
    let mut before: &[u32] = &[];
    for (list, _) in &sorted {
        let both = list.iter().zip(before);
        let common = both.take_while(|(a, b)| a == b).count();
        results += usize::from(common < list.len());
        nodes += (list.len() - 1).saturating_sub(common) as u64;
        fills += u64::from(common == 0);
        before = list;
    }
    let order: Vec<u32> = sorted.iter().map(|&(_, query)| query).collect();
    let sharing = share(visits);
    assert_eq!((sharing.fills, sharing.additions), (fills, nodes - fills));
    assert_eq!(sharing.results, results);
    assert!(sharing.order == order);

    let schedule = Schedule::new(visits, LANES).expect("good lanes");
    assert!(schedule.order == order);
    let mut served = vec![Vec::new(); lists.len()];
    for (place, visit) in (0..).zip(&schedule.visits) {
        assert!(visit.requests.is_sorted_by_key(|request| request.row));
        for request in &visit.requests {
            for lane in (0..LANES).filter(|lane| request.mask >> lane & 1 == 1) {
                let query = order[(request.row * LANES + lane) as usize] as usize;
                served[query].push(place);
                let last = served[query].len() == lists[query].len();
                assert_eq!(request.last >> lane & 1 == 1, last);
            }
        }
    }
    assert!(served == lists);
}

#[test]
fn forward_and_backward() {
    let bags = bags(20_000);
    assert!(bags.lookups() > 1 << 17, "{}", bags.lookups());
    let visits = Visits::new(&bags);
    let requests = visits.iter().map(|visit| visit.queries.len());
    assert_eq!(requests.sum::<usize>(), bags.lookups());
    check(&visits);
    check(&backward(&bags).visits());
}
