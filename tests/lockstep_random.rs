//! Random configurations under random stimulus: ten in every test run, a hundred at night.

use cosim::{Agent, Cache, Effort, Lockstep, Options, verilate};
use embertl::designs;
use embertl::pe::{PeAgent, random};
use hdl_gen::BlockConfig;
use hdl_gen::pe::{Element, Modes, PeConfig, Tracker};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Any configuration that can be built; wide floating-point units are rare, for they take long to
/// compile.
fn configs() -> impl Strategy<Value = PeConfig> {
    let exponent = |range: std::ops::RangeInclusive<u32>| range.prop_map(|e| 1u32 << e);
    let element = prop_oneof![
        4 => Just(Element::Fp32),
        2 => Just(Element::Bf16),
        1 => Just(Element::Int8),
        1 => Just(Element::Int32),
    ];
    let width = prop_oneof![8 => exponent(5..=7), 1 => exponent(8..=9)];
    let sizes = (exponent(2..=8), exponent(2..=8), exponent(0..=5), exponent(0..=4));
    let buffers = (exponent(2..=6), exponent(2..=6), 4u32..=64);
    let tracker = (1u32..=16, 2u32..=16, exponent(1..=6));
    let arithmetic = (1u32..=3, 2u32..=5, any::<bool>());
    (element, width, sizes, buffers, tracker, arithmetic).prop_map(
        |(element, width, sizes, buffers, tracker, (add, mul_stages, update))| {
            let (slots, queries, lookups_per_cycle, beats) = sizes;
            let (input_beats, output_beats, id_bits) = buffers;
            let (group_entries, tag_bits, op_queue) = tracker;
            let beat_bytes = width / 8;
            let vector_beat_bytes = width / 32 * element.bits() / 8;
            let update = update && element.is_float();
            PeConfig {
                width,
                element,
                slice_bytes: beats * beat_bytes,
                slots,
                queries,
                input_buffer_bytes: input_beats * vector_beat_bytes,
                output_buffer_bytes: output_beats * beat_bytes,
                id_bits,
                tracker: Tracker::Rename,
                match_ids: 0,
                lookups_per_cycle,
                group_entries,
                tag_bits,
                op_queue,
                add_stages: 2 * add,
                mul_stages,
                modes: if update { Modes::GnrUpdate } else { Modes::Gnr },
            }
        },
    )
}

/// Draws `count` configurations and plays `cycles` cycles on each; prints what was drawn.
fn check(seed: u64, count: usize, cycles: u64) {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &key);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cache = Cache::at(concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/waves");
    println!("seed {seed:#x}: {count} configurations of {cycles} cycles");
    let (mut checked, mut total) = (0, 0);
    while checked < count {
        let config = configs().new_tree(&mut runner).unwrap().current();
        if config.validate().is_err() {
            continue;
        }
        checked += 1;
        let rtl = designs::emitted("random", &config).unwrap();
        let build = |trace| {
            let options = Options { effort: Effort::Quick, trace };
            verilate(&rtl, &config.ports(), options, &cache)
        };
        let model = build(false).unwrap();
        let agent = PeAgent::new(&config);
        let lockstep = Lockstep {
            agent: &agent,
            model: &model,
            traced: &|| build(true),
            block: "pe",
            folder: folder.as_ref(),
            command: "lockstep pe",
            shrink: std::time::Duration::from_secs(20),
        };
        let (mut done, mut index) = (0, 0);
        while done < cycles {
            let episode = random(&config, seed ^ (checked as u64) << 40 ^ index);
            let mut watch = agent.watch(&episode);
            let outcome = lockstep.run(&episode, &mut watch, cycles - done);
            if let Some(failure) = &outcome.failure {
                let report = lockstep.explain("pe/random", &episode, failure, outcome.touched);
                panic!("seed {seed:#x}, configuration {checked}: {config:#?}\n{report}");
            }
            done += outcome.cycles;
            index += 1;
        }
        total += done;
    }
    println!("seed {seed:#x}: {checked} configurations, {total} cycles, 0 divergences");
}

#[test]
fn ten_random_configurations_agree() {
    check(0x5eed, 10, 50_000);
}

/// Another seed every night; `EMBERTL_SEED` repeats one.
#[test]
#[ignore = "a long run: make nightly"]
fn a_hundred_random_configurations_agree() {
    let seed = std::env::var("EMBERTL_SEED").ok().and_then(|text| {
        let digits = text.trim_start_matches("0x");
        u64::from_str_radix(digits, 16).ok()
    });
    let now = || std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    check(seed.unwrap_or_else(now), 100, 100_000);
}
