//! Random configurations in lock-step: the whole parameter space, as far as the designs stay small.

mod adc_switch;
#[path = "../common/mod.rs"]
mod common;
mod pe;
mod tt_core;

use blocks::tt_core::TtCoreConfig;
use common::{folder, lockstep, parallel, sources, write};
use contract::BlockConfig;
use contract::SplitMix64;
use contract::load::to_toml;
use hdl_gen::Block;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Configurations and cycles each of `make test`.
const TEST: (usize, u64) = (10, 5_000);

#[test]
fn ten_pes() {
    run(pe::configs, TEST);
}

#[test]
fn ten_adc_switches() {
    run(adc_switch::configs, TEST);
}

#[test]
fn ten_tt_cores() {
    run(tt_core::configs, TEST);
}

#[test]
#[ignore = "10 million cycles: part of `make nightly`"]
fn hundred_pes() {
    run(pe::configs, (110, 95_000));
}

#[test]
#[ignore = "10 million cycles: part of `make nightly`"]
fn two_hundred_adc_switches() {
    run(adc_switch::configs, (220, 50_000));
}

#[test]
#[ignore = "10 million cycles: part of `make nightly`"]
fn hundred_tt_cores() {
    run(tt_core::configs, (110, 95_000));
}

/// Every named core does real work, bit by bit: rows and sums, ids as they are and scattered.
#[test]
#[ignore = "large designs: part of `make nightly`"]
fn named_tt_cores() {
    let queries = (0..60).map(|query| format!("{};{}\n", query % 7, query % 3));
    let log: String = std::iter::once("# two tables\n".to_owned())
        .chain(queries)
        .collect();
    let named = TtCoreConfig::named();
    let failed = parallel(&named, |_, (name, config)| {
        let dir = folder(&format!("nightly/tt_core/{name}"));
        write(&dir, &sources(config));
        std::fs::write(dir.join("trace.lk"), &log).expect("the file can be written");
        let verdict = lockstep(TtCoreConfig::BLOCK, &dir, name, &["--trace", "trace.lk"]);
        println!("{name}: exit {:?}", verdict.code);
        (verdict.code != Some(0)).then(|| format!("{name}:\n{}", verdict.report))
    });
    let failed: Vec<String> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Plays random stimulus on `count` random configurations, each for `cycles` cycles.
fn run<B: Block + Sync, S: Strategy<Value = B>>(configs: fn() -> S, (count, cycles): (usize, u64)) {
    let seed = seed();
    let started = std::time::Instant::now();
    println!("seed {seed:#x}; SEED=N plays another");
    let configs = draw(configs(), seed, count);
    let results = parallel(&configs, |number, (config, seed)| {
        play(number, config, *seed, cycles)
    });
    let total: u64 = results
        .iter()
        .map(|result| *result.as_ref().unwrap_or(&0))
        .sum();
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    println!(
        "{}: {count} configurations, {total} lock-step cycles, {} divergences, {:.0} s",
        B::BLOCK,
        failed.len(),
        started.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "seed {seed:#x}\n{}", failed.join("\n"));
    assert!(total >= count as u64 * cycles);
}

/// `SEED` of the environment, or 1: a test is the same every time unless a seed is given.
fn seed() -> u64 {
    std::env::var("SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

/// Distinct configurations and a seed for each.
fn draw<B: Block>(configs: impl Strategy<Value = B>, seed: u64, count: usize) -> Vec<(B, u64)> {
    let mut rng = SplitMix64::new(seed);
    let bytes: Vec<u8> = (0..4).flat_map(|_| rng.next_u64().to_le_bytes()).collect();
    let source = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), source);
    let mut drawn: Vec<(B, u64)> = Vec::new();
    while drawn.len() < count {
        let config = configs
            .new_tree(&mut runner)
            .expect("nothing is rejected")
            .current();
        if config.validate().is_ok() && drawn.iter().all(|(known, _)| *known != config) {
            drawn.push((config, rng.next_u64()));
        }
    }
    drawn
}

/// A power of two from `2^low` to `2^high`.
fn power(low: u32, high: u32) -> impl Strategy<Value = u32> {
    (low..=high).prop_map(|bits| 1 << bits)
}

/// Plays one configuration; says what diverged, with the command that shows it again.
fn play<B: Block>(number: usize, config: &B, seed: u64, cycles: u64) -> Result<u64, String> {
    let dir = folder(&format!("nightly/{}/{number}", B::BLOCK));
    write(&dir, &sources(config));
    std::fs::write(dir.join("config.toml"), to_toml(config)).map_err(|e| e.to_string())?;
    let (seed, cycles) = (seed.to_string(), cycles.to_string());
    let more = ["--brief", "--seed", &seed, "--cycles", &cycles];
    let verdict = lockstep(B::BLOCK, &dir, "config.toml", &more);
    let _ = std::fs::remove_dir_all(&dir);
    match verdict.code {
        Some(0) => Ok(verdict.cycles),
        _ => Err(format!(
            "{}lockstep {} --config FILE --seed {seed} --cycles {cycles}, FILE with\n{}",
            verdict.report,
            B::BLOCK,
            to_toml(config)
        )),
    }
}
