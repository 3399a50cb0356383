//! Abort, clear and reset in mid-flight, and streams that make no sense.

use super::super::request::Request;
use super::driver::{Driver, Job};
use super::work::{Work, element};
use super::{gather, random_config, random_pace, random_work};
use contract::Clocked;
use contract::SplitMix64;

#[test]
fn abort_and_clear_leave_a_clean_pe() {
    let mut rng = SplitMix64::new(11);
    for case in 0..200 {
        let config = random_config(&mut rng);
        let mut driver = Driver::new(&config, random_pace(&mut rng), case);
        eprintln!("case {case}: {config:?}");
        for level in ["abort_i", "clear_i", "abort_i"] {
            let work = random_work(&config, &mut rng);
            let retain = config.has_update() && rng.below(3) == 0;
            driver.offer(&work.gather(&config, retain, &mut rng));
            for _ in 0..rng.below(600) {
                driver.tick();
            }
            let counters: Vec<u32> = (0..10).map(|i| driver.counter(i)).collect();
            driver.cut(level);
            driver.offer(&Job::default());
            let kept: Vec<u32> = (0..10).map(|i| driver.counter(i)).collect();
            assert_eq!(
                kept,
                if level == "clear_i" {
                    vec![0; 10]
                } else {
                    counters
                }
            );
            let work = random_work(&config, &mut rng);
            gather(&mut driver, &config, &work, &mut rng);
        }
    }
}

/// Whatever comes in, nothing panics, and a clear gives a PE that works.
#[test]
fn nonsense_does_no_lasting_harm() {
    let mut rng = SplitMix64::new(12);
    for case in 0..200 {
        let mut config = random_config(&mut rng);
        if rng.below(2) == 0 {
            config.slots = 4;
        }
        let mut driver = Driver::new(&config, random_pace(&mut rng), case);
        eprintln!("case {case}: {config:?}");
        let elements = (config.beats() * config.sum_lanes()) as usize;
        for _ in 0..6 {
            let lanes = u32::MAX >> (32 - config.lookups_per_cycle);
            let few = 1 + rng.below(config.rows().into()) as u32;
            let requests = (0..200)
                .map(|_| Request {
                    row: rng.below(few.into()) as u32,
                    mask: rng.next_u64() as u32 & lanes,
                    last: (rng.next_u64() & rng.next_u64()) as u32 & lanes,
                    end: rng.below(4) == 0,
                })
                .collect();
            let vectors = (0..60)
                .map(|id| {
                    (
                        id,
                        (0..elements).map(|_| element(&config, &mut rng)).collect(),
                    )
                })
                .collect();
            driver.offer(&Job {
                op: 1 + rng.below(5) * rng.below(2),
                retain: rng.below(2) == 0,
                queries: rng.below(u64::from(config.queries) + 3),
                visits: rng.below(50),
                lr: 0x3f00_0000,
                requests,
                vectors,
            });
            for _ in 0..1500 {
                driver.tick();
            }
        }
        driver.cut("clear_i");
        let queries = config.queries.min(config.slots) as usize;
        let work = Work::random(&config, queries, 20, &mut rng);
        gather(&mut driver, &config, &work, &mut rng);
    }
}

#[test]
fn reset_is_as_new() {
    let mut rng = SplitMix64::new(13);
    let config = random_config(&mut rng);
    let mut driver = Driver::new(&config, random_pace(&mut rng), 0);
    let work = random_work(&config, &mut rng);
    driver.offer(&work.gather(&config, false, &mut rng));
    for _ in 0..300 {
        driver.tick();
    }
    driver.model.reset();
    driver.offer(&Job::default());
    assert!((0..10).all(|i| driver.counter(i) == 0));
    gather(&mut driver, &config, &work, &mut rng);
}
