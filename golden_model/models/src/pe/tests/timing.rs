//! Cycle counts: one traced by hand, the paper's example, and the model's own speed.

use super::super::PeModel;
use super::super::request::Request;
use super::driver::{Driver, Job, Pace};
use super::named;
use super::work::Work;
use blocks::pe::PeConfig;
use contract::Clocked;
use contract::SplitMix64;
use std::time::Instant;

/// One query with one look-up on `tiny` (B = 2, D = 5), its streams waiting in the buffers. The
/// command is transferred in cycle 0: A 1, B 2, CMP 3, S1 4, S2 5, PASS moves on in 6, issues in 7,
/// END in 8, the beats are pushed in 13 and 14 and leave in 16 and 17, RUN ends in 18.
#[test]
fn a_single_copy_takes_the_specified_cycles() {
    let mut driver = Driver::new(&named("tiny"), Pace::FULL, 0);
    let streams = Job {
        requests: vec![Request {
            row: 1,
            mask: 1,
            last: 1,
            end: true,
        }],
        vectors: vec![(0, vec![10, 11])],
        ..Job::default()
    };
    driver.offer(&streams);
    for _ in 0..50 {
        driver.tick();
    }
    let command = Job {
        op: 1,
        queries: 8,
        visits: 1,
        ..Job::default()
    };
    driver.offer(&command);
    let (mut valid, mut busy) = (Vec::new(), Vec::new());
    for cycle in 0..30 {
        driver.tick();
        if driver.output("res_valid_o") == 1 {
            valid.push(cycle);
        }
        if driver.output("busy_o") == 1 {
            busy.push(cycle);
        }
    }
    assert_eq!(valid, [16, 17]);
    assert_eq!(busy, (1..=18).collect::<Vec<_>>());
    assert_eq!(driver.counter(0), 18);
    // The issue register is empty in 1 to 6 and 9 to 18.
    assert_eq!(driver.counter(9), 16);
    assert_eq!(driver.counter(4), 1);
}

/// The worked example of REFREE: ids 0, 2, 5 / 2, 5, 6, 1 / 0, 5, 6 / 2, 5, 6, 3, visited in
/// descending count, ties by smaller id (5, 2, 6, 0, 1, 3), need 7 additions instead of 10.
#[test]
fn the_papers_example_shares_as_it_says() {
    let order = [5, 2, 6, 0, 1, 3];
    let queries: [&[usize]; 4] = [&[0, 2, 5], &[2, 5, 6, 1], &[0, 5, 6], &[2, 5, 6, 3]];
    for (name, config) in [("tiny", named("tiny")), ("paper", named("paper"))] {
        let mut rng = SplitMix64::new(21);
        let mut work = Work::random(&config, 4, order.len(), &mut rng);
        work.bags = queries
            .iter()
            .map(|ids| {
                (0..order.len())
                    .filter(|&v| ids.contains(&order[v]))
                    .collect()
            })
            .collect();
        let mut driver = Driver::new(&config, Pace::FULL, 0);
        let outcome = driver.run(&work.gather(&config, false, &mut rng));
        super::check_results(&work, &config, &outcome);
        assert_eq!(driver.counter(1), 7 * config.beats(), "{name}");
    }
}

/// Bags like those of a click log: one id from each of 26 tables, hot ids first, queries in the
/// host's order.
fn click_log(config: &PeConfig, rng: &mut SplitMix64) -> Work {
    let queries = config.queries as usize;
    let mut counts = std::collections::HashMap::new();
    let mut ids: Vec<Vec<u64>> = (0..queries)
        .map(|_| {
            (0..26_u64)
                .map(|table| {
                    // Log-uniform: an id's share falls with its rank.
                    let size = [10.0, 1e3, 1e6][table as usize % 3];
                    let id = f64::powf(size, rng.unit()) as u64;
                    table << 32 | id
                })
                .collect()
        })
        .collect();
    for id in ids.iter().flatten() {
        *counts.entry(*id).or_insert(0_u32) += 1;
    }
    let mut order: Vec<u64> = counts.keys().copied().collect();
    order.sort_by_key(|id| (std::cmp::Reverse(counts[id]), *id));
    let rank: std::collections::HashMap<u64, usize> =
        order.iter().enumerate().map(|(i, &id)| (id, i)).collect();
    let mut bags: Vec<Vec<usize>> = ids
        .iter_mut()
        .map(|bag| {
            let mut visits: Vec<usize> = bag.iter().map(|id| rank[id]).collect();
            visits.sort_unstable();
            visits
        })
        .collect();
    bags.sort();
    let lanes = config.beats() * config.sum_lanes();
    let vectors = (0..order.len())
        .map(|_| {
            (0..lanes)
                .map(|_| super::work::element(config, rng))
                .collect()
        })
        .collect();
    Work { bags, vectors }
}

/// Prints the model's cycles per second, busy and idle, on the `paper` configuration:
/// `cargo test --release -p golden_model --lib throughput -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn throughput() {
    let config = named("paper");
    let mut rng = SplitMix64::new(22);
    let work = click_log(&config, &mut rng);
    let mut job = work.gather(&config, false, &mut rng);
    job.requests = work.requests(&config, true, &mut rng);
    let visits = job.visits;
    println!(
        "{visits} visits, {} request beats, {} additions",
        job.requests.len(),
        work.additions()
    );
    let mut model = PeModel::new(&config);
    let mut inputs = vec![0_u64; model.layout().input_words];
    let mut outputs = vec![0_u64; model.layout().output_words];
    let at = |name: &str| model.layout().word(name);
    let (cmd, req, vec) = (at("cmd_valid_i"), at("req_valid_i"), at("vec_valid_i"));
    let (op, queries, visits_at) = (at("cmd_op_i"), at("cmd_queries_i"), at("cmd_visits_i"));
    let (row, mask) = (at("req_row_i"), at("req_mask_i"));
    let (last, end, data) = (at("req_last_i"), at("req_end_i"), at("vec_data_i"));
    let (req_ready, vec_ready) = (at("req_ready_o"), at("vec_ready_o"));
    let (busy, valid) = (at("busy_o"), at("res_valid_o"));
    inputs[at("res_ready_i")] = 1;
    inputs[op] = 1;
    inputs[queries] = job.queries;
    inputs[visits_at] = visits;
    let beats: Vec<[u64; 2]> = job
        .vectors
        .iter()
        .flat_map(|(_, v)| v.chunks(4))
        .map(|l| [0, 2].map(|i| u64::from(l[i]) | u64::from(l[i + 1]) << 32))
        .collect();
    let requests = std::mem::take(&mut job.requests);

    // The machine may be shared: the best batch counts.
    let (mut results, mut best) = (0, 0.0);
    for _ in 0..20 {
        while {
            model.eval(&inputs, &mut outputs);
            outputs[busy] == 1
        } {
            model.clock(&inputs);
        }
        let (mut next_request, mut next_beat) = (0, 0);
        inputs[cmd] = 1;
        let start = Instant::now();
        let mut cycles = 0_u64;
        loop {
            inputs[req] = u64::from(next_request < requests.len());
            if let Some(beat) = requests.get(next_request) {
                inputs[row] = beat.row.into();
                inputs[mask] = beat.mask.into();
                inputs[last] = beat.last.into();
                inputs[end] = beat.end.into();
            }
            inputs[vec] = u64::from(next_beat < beats.len());
            if let Some(beat) = beats.get(next_beat) {
                inputs[data..data + 2].copy_from_slice(beat);
            }
            model.eval(&inputs, &mut outputs);
            next_request += (inputs[req] & outputs[req_ready]) as usize;
            next_beat += (inputs[vec] & outputs[vec_ready]) as usize;
            results += outputs[valid];
            model.clock(&inputs);
            cycles += 1;
            inputs[cmd] = 0;
            if cycles.is_multiple_of(64) && outputs[busy] == 0 {
                break;
            }
        }
        best = f64::max(best, cycles as f64 / start.elapsed().as_secs_f64() / 1e6);
    }
    println!("busy: {best:.1} M cycles/s, {results} result beats");
    println!(
        "one batch: {} cycles, {} adder beats",
        model.status.counter(0) / 20,
        model.status.counter(1) / 20
    );
    let mut best = 0.0;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..200_000 {
            model.eval(&inputs, &mut outputs);
            model.clock(&inputs);
        }
        best = f64::max(best, 0.2 / start.elapsed().as_secs_f64());
    }
    println!("idle: {best:.1} M cycles/s");
}
