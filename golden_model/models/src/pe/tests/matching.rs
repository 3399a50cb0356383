//! The match tracker gives what the rename tracker gives.

use super::super::request::Request;
use super::driver::{Driver, Job};
use super::work::Work;
use super::{check_results, named, random_pace};
use blocks::pe::{PeConfig, Tracker};
use contract::BlockConfig;
use contract::SplitMix64;

/// `tiny` with a list memory of 16 words, and slots for all queries.
fn small() -> PeConfig {
    PeConfig {
        slots: 16,
        tracker: Tracker::Match,
        match_ids: 16,
        ..named("tiny")
    }
}

/// Random bags whose lists fit: all ids but each query's first are in the list memory.
fn work(config: &PeConfig, rng: &mut SplitMix64) -> Work {
    let queries = 1 + rng.below(config.queries.into()) as usize;
    let visits = 1 + rng.below(12) as usize;
    let mut work = Work::random(config, queries, visits, rng);
    let mut room = config.match_ids as usize;
    for bag in &mut work.bags {
        bag.truncate(1 + room);
        room -= bag.len().saturating_sub(1);
    }
    // A command needs at least one list.
    if work.bags.iter().all(Vec::is_empty) {
        work.bags[0].push(0);
    }
    work
}

/// The same command for the match tracker: the driver sends `row` as query and `mask` as id.
fn listed(job: &Job, lists: &[(usize, Vec<u64>)], ids: impl Fn(usize) -> u64) -> Job {
    let mut job = job.clone();
    job.requests.clear();
    for (query, list) in lists {
        for (at, &id) in list.iter().enumerate() {
            job.requests.push(Request {
                row: *query as u32,
                mask: id as u32,
                last: u32::from(at + 1 == list.len()),
                end: false,
            });
        }
    }
    job.requests.last_mut().unwrap().end = true;
    for (at, vector) in job.vectors.iter_mut().enumerate() {
        vector.0 = ids(at);
    }
    job
}

/// The gather-and-reduce with id `3 * visit`, queries in random order.
fn gather(work: &Work, config: &PeConfig, retain: bool, rng: &mut SplitMix64) -> Job {
    let bags = work
        .bags
        .iter()
        .enumerate()
        .filter(|(_, bag)| !bag.is_empty());
    let mut lists: Vec<(usize, Vec<u64>)> = bags
        .map(|(query, bag)| (query, bag.iter().map(|&visit| 3 * visit as u64).collect()))
        .collect();
    for at in (1..lists.len()).rev() {
        lists.swap(at, rng.below(at as u64 + 1) as usize);
    }
    listed(&work.gather(config, retain, rng), &lists, |visit| {
        3 * visit as u64
    })
}

#[test]
fn same_sums_and_additions_as_rename() {
    let mut rng = SplitMix64::new(21);
    let matching = small();
    let rename = PeConfig {
        tracker: Tracker::Rename,
        match_ids: 0,
        ..small()
    };
    assert_eq!(matching.validate(), Ok(()));
    for case in 0..300 {
        let pace = random_pace(&mut rng);
        let mut driver = Driver::new(&matching, pace, case);
        let mut other = Driver::new(&rename, pace, case);
        for _ in 0..3 {
            let work = work(&matching, &mut rng);
            let outcome = driver.run(&gather(&work, &matching, false, &mut rng));
            let expected = other.run(&work.gather(&rename, false, &mut rng));
            check_results(&work, &matching, &outcome);
            check_results(&work, &rename, &expected);
            assert_eq!((driver.error(), other.error()), (0, 0));
            driver.assert_clean();
            assert_eq!(driver.counter(1), other.counter(1), "case {case}");
            assert_eq!(driver.counter(4), other.counter(4), "case {case}");
        }
    }
}

#[test]
fn updates_follow_retained_sums() {
    let mut rng = SplitMix64::new(22);
    let config = small();
    for case in 0..200 {
        let mut driver = Driver::new(&config, random_pace(&mut rng), case);
        let work = work(&config, &mut rng);
        let kept = driver.run(&gather(&work, &config, true, &mut rng));
        assert!(kept.results.is_empty());
        let (job, mut expected) = work.update(&config, &mut rng);
        let rows = job.requests.iter().enumerate().map(|(at, request)| {
            let lane = request.mask.trailing_zeros();
            let query = request.row * config.lookups_per_cycle + lane;
            (query as usize, vec![at as u64])
        });
        let rows: Vec<_> = rows.collect();
        let outcome = driver.run(&listed(&job, &rows, |at| at as u64));
        for (at, row) in expected.iter_mut().enumerate() {
            row.0 = at as u64;
        }
        assert_eq!(outcome.rows, expected);
        assert_eq!(driver.error(), 0);
        driver.assert_clean();
    }
}

#[test]
fn a_list_that_is_too_long_is_told() {
    let config = small();
    let mut rng = SplitMix64::new(23);
    let mut work = Work::random(&config, 1, 18, &mut rng);
    work.bags[0] = (0..17).collect();
    let mut driver = Driver::new(&config, super::Pace::FULL, 1);
    driver.run(&gather(&work, &config, false, &mut rng));
    assert_eq!(driver.error(), 0);
    work.bags[0] = (0..18).collect();
    driver.run(&gather(&work, &config, false, &mut rng));
    assert_eq!(driver.error(), 9);
}
