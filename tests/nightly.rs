//! Random configurations in lock-step: the whole parameter space, as far as its PEs stay small.

mod common;

use common::{folder, lockstep, parallel, sources, write};
use golden_model::trace::SplitMix64;
use hdl_gen::BlockConfig;
use hdl_gen::load::to_toml;
use hdl_gen::pe::{Element, Modes, PeConfig, Tracker};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Configurations and cycles each of `make test` and of `make nightly`.
const TEST: (usize, u64) = (10, 5_000);
const NIGHTLY: (usize, u64) = (110, 95_000);

#[test]
fn ten_configurations() {
    run(TEST);
}

#[test]
#[ignore = "10 million cycles: part of `make nightly`"]
fn hundred_configurations() {
    run(NIGHTLY);
}

/// Plays random stimulus on random configurations, each for `cycles` cycles.
fn run((count, cycles): (usize, u64)) {
    let seed = seed();
    let started = std::time::Instant::now();
    println!("seed {seed:#x}; SEED=N plays another");
    let configs = draw(seed, count);
    let results = parallel(&configs, |number, (config, seed)| {
        play(number, config, *seed, cycles)
    });
    let total: u64 = results
        .iter()
        .map(|result| *result.as_ref().unwrap_or(&0))
        .sum();
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    println!(
        "{count} configurations, {total} lock-step cycles, {} divergences, {:.0} s",
        failed.len(),
        started.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "seed {seed:#x}\n{}", failed.join("\n"));
    assert!(total >= count as u64 * cycles);
}

/// `SEED` of the environment, or 1: a test says the same every time unless it is told otherwise.
fn seed() -> u64 {
    std::env::var("SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

/// Distinct configurations and a seed for each.
fn draw(seed: u64, count: usize) -> Vec<(PeConfig, u64)> {
    let mut rng = SplitMix64::new(seed);
    let bytes: Vec<u8> = (0..4).flat_map(|_| rng.next_u64().to_le_bytes()).collect();
    let source = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), source);
    let mut drawn: Vec<(PeConfig, u64)> = Vec::new();
    while drawn.len() < count {
        let config = configs()
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

prop_compose! {
    /// Small PEs of all kinds; a few don't keep the rules between parameters.
    fn configs()(
        width in power(5, 7),
        beats in power(0, 3),
        slots in power(2, 6),
        queries in power(3, 6),
        lookups_per_cycle in power(0, 4),
        group_entries in power(1, 3),
        tag_bits in 2..=4_u32,
        op_queue in power(1, 3),
        add_stages in prop::sample::select(vec![2_u32, 4, 6]),
        mul_stages in 2..=5_u32,
        element in prop::sample::select(vec![
            Element::Fp32, Element::Fp32, Element::Bf16, Element::Int8, Element::Int32,
        ]),
        modes in prop::sample::select(vec![Modes::Gnr, Modes::GnrUpdate]),
        id_bits in 4..=40_u32,
        match_ids in prop_oneof![2 => Just(0), 1 => power(4, 7)],
        (input_room, output_room) in (power(0, 2), power(0, 2)),
    ) -> PeConfig {
        let lanes = width / 32;
        let room = beats.max(4);
        PeConfig {
            width,
            element,
            slice_bytes: beats * width / 8,
            slots,
            queries,
            input_buffer_bytes: room * input_room * lanes * element.bits() / 8,
            output_buffer_bytes: room * output_room * width / 8,
            id_bits,
            tracker: if match_ids == 0 { Tracker::Rename } else { Tracker::Match },
            match_ids,
            lookups_per_cycle,
            group_entries,
            tag_bits,
            op_queue,
            add_stages,
            mul_stages,
            modes: if element.is_float() { modes } else { Modes::Gnr },
        }
    }
}

/// Plays one configuration; says what diverged, with the command that shows it again.
fn play(number: usize, config: &PeConfig, seed: u64, cycles: u64) -> Result<u64, String> {
    let dir = folder(&format!("nightly/{number}"));
    write(&dir, &sources(config));
    std::fs::write(dir.join("config.toml"), to_toml(config)).map_err(|e| e.to_string())?;
    let (seed, cycles) = (seed.to_string(), cycles.to_string());
    let more = ["--brief", "--seed", &seed, "--cycles", &cycles];
    let verdict = lockstep(&dir, "config.toml", &more);
    let _ = std::fs::remove_dir_all(&dir);
    match verdict.code {
        Some(0) => Ok(verdict.cycles),
        _ => Err(format!(
            "{}lockstep pe --config FILE --seed {seed} --cycles {cycles}, FILE with\n{}",
            verdict.report,
            to_toml(config)
        )),
    }
}
