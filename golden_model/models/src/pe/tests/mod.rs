//! The model against a plain loop of additions, over small configurations and random pace.

mod driver;
mod errors;
mod issuing;
mod matching;
mod restart;
mod timing;
mod work;

use blocks::pe::{Element, Modes, PeConfig};
use contract::BlockConfig;
use contract::SplitMix64;
use driver::{Driver, Outcome, Pace};
use work::Work;

pub(super) fn named(name: &str) -> PeConfig {
    let all = PeConfig::named();
    all.into_iter().find(|(n, _)| *n == name).unwrap().1
}

/// A random small configuration with 1 to 16 beats.
fn random_config(rng: &mut SplitMix64) -> PeConfig {
    let pick = |rng: &mut SplitMix64, from: &[u32]| from[rng.below(from.len() as u64) as usize];
    let width = pick(rng, &[32, 64, 128, 512]);
    let beats = pick(rng, &[1, 2, 4, 8, 16]);
    let lookups_per_cycle = pick(rng, &[1, 2, 8, 32]);
    let queries = pick(rng, &[4, 8, 16, 32, 64]).max(2 * lookups_per_cycle);
    let element =
        [Element::Fp32, Element::Bf16, Element::Int8, Element::Int32][rng.below(4) as usize];
    let add_stages = pick(rng, &[2, 4, 6]);
    let mul_stages = pick(rng, &[2, 3, 4, 5]).min(add_stages + 1);
    let beat_bytes = width / 8;
    let slice_bytes = beats * beat_bytes;
    let buffer = slice_bytes.max(4 * beat_bytes) * pick(rng, &[1, 2, 8]);
    PeConfig {
        width,
        element,
        slice_bytes,
        slots: queries.max(4) * pick(rng, &[1, 2]),
        queries,
        input_buffer_bytes: buffer,
        output_buffer_bytes: slice_bytes.max(4 * beat_bytes) * pick(rng, &[1, 2, 4]),
        id_bits: 8,
        lookups_per_cycle,
        group_entries: pick(rng, &[1, 2, 3, 4, 8]),
        tag_bits: pick(rng, &[2, 2, 4]),
        op_queue: pick(rng, &[2, 4, 8]),
        add_stages,
        mul_stages,
        modes: if element.is_float() {
            Modes::GnrUpdate
        } else {
            Modes::Gnr
        },
        ..named("tiny")
    }
}

fn random_pace(rng: &mut SplitMix64) -> Pace {
    let mut percent = || [100, 100, 80, 50, 15][rng.below(5) as usize];
    Pace {
        requests: percent(),
        vectors: percent(),
        outputs: percent(),
    }
}

fn random_work(config: &PeConfig, rng: &mut SplitMix64) -> Work {
    let queries = 1 + rng.below(config.queries.into()) as usize;
    let visits = 1 + rng.below(40) as usize;
    Work::random(config, queries, visits, rng)
}

fn check_results(work: &Work, config: &PeConfig, outcome: &Outcome) {
    let mut results = outcome.results.clone();
    results.sort();
    assert_eq!(results, work.sums(config));
}

/// Runs a gather-and-reduce that must succeed, and checks all of it.
fn gather(driver: &mut Driver, config: &PeConfig, work: &Work, rng: &mut SplitMix64) {
    let before = (driver.counter(1), driver.counter(4));
    let outcome = driver.run(&work.gather(config, false, rng));
    assert_eq!(driver.error(), 0);
    check_results(work, config, &outcome);
    let additions = driver.counter(1) - before.0;
    assert_eq!(additions, work.additions() as u32 * config.beats());
    assert_eq!(driver.counter(4) - before.1, outcome.results.len() as u32);
    driver.assert_clean();
}

#[test]
fn random_gathers_equal_plain_loops() {
    let mut rng = SplitMix64::new(1);
    for case in 0..400 {
        let config = random_config(&mut rng);
        let pace = random_pace(&mut rng);
        eprintln!("case {case}: {pace:?} {config:?}");
        let mut driver = Driver::new(&config, pace, case);
        for _ in 0..3 {
            let work = random_work(&config, &mut rng);
            gather(&mut driver, &config, &work, &mut rng);
        }
    }
}

#[test]
fn named_configurations_gather() {
    let mut rng = SplitMix64::new(2);
    // The match tracker has streams of its own.
    let rename = |(_, config): &(&str, PeConfig)| !config.has_match();
    for (name, config) in PeConfig::named().into_iter().filter(rename) {
        for (case, queries) in [3, 8, 300].into_iter().enumerate() {
            eprintln!("{name} {case}");
            let mut driver = Driver::new(&config, Pace::FULL, 7);
            let queries = queries.min(config.queries.min(config.slots) as usize);
            let work = Work::random(&config, queries, 60, &mut rng);
            gather(&mut driver, &config, &work, &mut rng);
        }
    }
}

#[test]
fn retained_gathers_and_updates() {
    let mut rng = SplitMix64::new(3);
    let mut done = 0;
    for case in 0..600 {
        let config = random_config(&mut rng);
        if !config.has_update() {
            continue;
        }
        let pace = random_pace(&mut rng);
        eprintln!("case {case}: {pace:?} {config:?}");
        let mut driver = Driver::new(&config, pace, case);
        for _ in 0..2 {
            let work = random_work(&config, &mut rng);
            let kept = driver.run(&work.gather(&config, true, &mut rng));
            assert!(kept.results.is_empty());
            let (job, expected) = work.update(&config, &mut rng);
            let outcome = driver.run(&job);
            assert_eq!(outcome.rows, expected);
            assert_eq!(driver.error(), 0);
            driver.assert_clean();
        }
        done += 1;
    }
    assert!(done > 200);
}
