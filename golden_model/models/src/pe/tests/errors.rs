//! Errors: the code, and that nothing else suffers.

use super::super::request::Request;
use super::super::status::Fault;
use super::driver::{Driver, Job, Pace};
use super::work::Work;
use super::{check_results, gather, named, random_config, random_pace};
use blocks::pe::PeConfig;
use contract::SplitMix64;

fn tiny(seed: u64) -> (PeConfig, Driver, Work, SplitMix64) {
    let config = named("tiny");
    let mut rng = SplitMix64::new(seed);
    let work = Work::random(&config, 5, 10, &mut rng);
    let driver = Driver::new(&config, Pace::FULL, seed);
    (config, driver, work, rng)
}

fn expect(driver: &mut Driver, fault: Fault) {
    assert_eq!(driver.error(), fault as u64);
}

/// Work after an error gives the right results.
fn still_works(driver: &mut Driver, config: &PeConfig, work: &Work, rng: &mut SplitMix64) {
    let outcome = driver.run(&work.gather(config, false, rng));
    check_results(work, config, &outcome);
    driver.assert_clean();
}

fn request(query: u32, last: bool, end: bool) -> Request {
    Request {
        row: query / 2,
        mask: 1 << (query % 2),
        last: u32::from(last) << (query % 2),
        end,
    }
}

/// A job on `tiny` with one vector (v, v + 1) for each end in `requests`.
fn job(op: u64, requests: &[Request]) -> Job {
    let ends = requests.iter().filter(|r| r.end || op == 2).count() as u64;
    let float = |v: u64| (v as f32).to_bits();
    Job {
        op,
        queries: 8,
        visits: ends,
        lr: 1.0_f32.to_bits(),
        requests: requests.to_vec(),
        vectors: (0..ends)
            .map(|v| (v, vec![float(v), float(v + 1)]))
            .collect(),
        ..Job::default()
    }
}

#[test]
fn bad_commands_consume_their_visits() {
    for (op, queries) in [(3, 5), (7, 5), (1, 0), (1, 17), (2, 0), (2, 31)] {
        let (config, mut driver, work, mut rng) = tiny(op);
        let mut bad = work.gather(&config, true, &mut rng);
        (bad.op, bad.queries) = (op, queries);
        let outcome = driver.run(&bad);
        assert!(outcome.results.is_empty() && outcome.rows.is_empty());
        expect(&mut driver, Fault::BadCommand);
        still_works(&mut driver, &config, &work, &mut rng);
        // The first error stays.
        driver.run(&job(2, &[request(0, false, false)]));
        expect(&mut driver, Fault::BadCommand);
    }
}

#[test]
fn update_without_its_hardware_is_a_bad_command() {
    let config = named("int8");
    let mut driver = Driver::new(&config, Pace::FULL, 0);
    let mut rng = SplitMix64::new(0);
    let work = Work::random(&config, 5, 10, &mut rng);
    let mut bad = work.gather(&config, false, &mut rng);
    bad.op = 2;
    assert!(driver.run(&bad).results.is_empty());
    expect(&mut driver, Fault::BadCommand);
    still_works(&mut driver, &config, &work, &mut rng);
}

#[test]
fn a_gather_forgets_retained_sums() {
    let (config, mut driver, work, mut rng) = tiny(1);
    driver.run(&work.gather(&config, true, &mut rng));
    assert!(driver.model.tracker.live > 0);
    still_works(&mut driver, &config, &work, &mut rng);
    expect(&mut driver, Fault::RetainedLost);
}

#[test]
fn queries_out_of_range_are_ignored() {
    let (config, mut driver, mut work, mut rng) = tiny(2);
    let mut wide = work.gather(&config, false, &mut rng);
    work.bags.truncate(2);
    wide.queries = 2;
    let outcome = driver.run(&wide);
    expect(&mut driver, Fault::QueryRange);
    check_results(&work, &config, &outcome);
    driver.assert_clean();
}

#[test]
fn a_second_look_up_in_one_visit_is_dropped() {
    let (_, mut driver, _, _) = tiny(3);
    let outcome = driver.run(&job(
        1,
        &[
            request(0, false, false),
            request(1, false, false),
            request(0, false, true),
            request(0, false, false),
            request(1, true, false),
            request(0, false, true),
            request(0, true, true),
        ],
    ));
    expect(&mut driver, Fault::Duplicate);
    let mut results = outcome.results;
    results.sort();
    let sum = |a: f32, b: f32| vec![a.to_bits(), b.to_bits()];
    assert_eq!(results, [(0, sum(3.0, 6.0)), (1, sum(1.0, 3.0))]);
    driver.assert_clean();
}

#[test]
fn unfinished_queries_are_forgotten() {
    let (config, mut driver, work, mut rng) = tiny(4);
    let outcome = driver.run(&job(1, &[request(0, false, false), request(5, true, true)]));
    assert_eq!(outcome.results.len(), 1);
    expect(&mut driver, Fault::Unfinished);
    driver.assert_clean();
    still_works(&mut driver, &config, &work, &mut rng);
}

#[test]
fn rows_without_gradient_are_not_written() {
    let (config, mut driver, work, mut rng) = tiny(5);
    let mut first = job(1, &[request(0, false, false), request(5, true, true)]);
    first.retain = true;
    driver.run(&first);
    let none = Request::default();
    let updates = [
        request(3, false, false),
        request(5, false, false),
        request(5, false, false),
        none,
        request(0, false, false),
    ];
    let rows = driver.run(&job(2, &updates)).rows;
    expect(&mut driver, Fault::NoGradient);
    let row = |w: f32| vec![w.to_bits(), w.to_bits()];
    assert_eq!(rows, [(1, row(1.0)), (4, row(4.0))]);
    driver.assert_clean();
    still_works(&mut driver, &config, &work, &mut rng);
}

#[test]
fn one_row_is_updated_at_a_time() {
    let (_, mut driver, _, _) = tiny(6);
    let both = Request {
        mask: 3,
        ..request(0, false, true)
    };
    let mut first = job(1, &[both]);
    first.retain = true;
    driver.run(&first);
    let rows = driver.run(&job(2, &[both, request(1, false, false)])).rows;
    expect(&mut driver, Fault::ManyRows);
    assert_eq!(rows.len(), 2);
    driver.assert_clean();
}

/// With too few slots some sums are lost, and only those.
#[test]
fn exhausted_slots_poison_only_their_queries() {
    let mut rng = SplitMix64::new(7);
    let mut lost = 0;
    for case in 0..300 {
        let mut config = random_config(&mut rng);
        config.slots = (config.queries / 4).max(4);
        let mut driver = Driver::new(&config, random_pace(&mut rng), case);
        eprintln!("case {case}: {config:?}");
        let work = Work::random(&config, config.queries as usize, 25, &mut rng);
        let outcome = driver.run(&work.gather(&config, false, &mut rng));
        let (mut results, sums) = (outcome.results, work.sums(&config));
        results.sort();
        assert!(results.windows(2).all(|w| w[0].0 != w[1].0));
        assert!(results.iter().all(|r| sums.contains(r)));
        let complete = results.len() == sums.len();
        if driver.error() == 0 {
            assert!(complete);
        } else {
            expect(&mut driver, Fault::SlotsExhausted);
            lost += u32::from(!complete);
        }
        driver.assert_clean();
        let few = Work::random(&config, 4, 12, &mut rng);
        driver.cut("clear_i");
        gather(&mut driver, &config, &few, &mut rng);
    }
    assert!(lost > 50, "{lost}");
}

/// As above for retained sums: rows of lost gradients are not written.
#[test]
fn exhausted_slots_lose_only_their_rows() {
    let mut rng = SplitMix64::new(8);
    let mut lost = 0;
    for case in 0..300 {
        let mut config = random_config(&mut rng);
        if !config.has_update() {
            continue;
        }
        config.slots = (config.queries / 4).max(4);
        let mut driver = Driver::new(&config, random_pace(&mut rng), case);
        eprintln!("case {case}: {config:?}");
        let work = Work::random(&config, config.queries as usize, 25, &mut rng);
        driver.run(&work.gather(&config, true, &mut rng));
        let exhausted = driver.error() != 0;
        let (job, expected) = work.update(&config, &mut rng);
        let rows = driver.run(&job).rows;
        if exhausted {
            expect(&mut driver, Fault::SlotsExhausted);
            let mut rest = expected.iter();
            assert!(rows.iter().all(|row| rest.any(|e| e == row)));
            lost += u32::from(rows.len() < expected.len());
        } else {
            assert_eq!(driver.error(), 0);
            assert_eq!(rows, expected);
        }
        driver.assert_clean();
    }
    assert!(lost > 30, "{lost}");
}
