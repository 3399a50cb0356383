//! Requests per second of the DDR5 model.

use std::hint::black_box;
use std::time::Instant;

use serde::Serialize;

use super::median;
use contract::SplitMix64;
use dram::{Access, Config, ConfigError, Map, run};
use refree::scatter;
use traces::zipf::Ranks;

/// Requests a second of the simulator whose completions the model reproduces: median of its 126 runs,
/// one thread of a machine with two cores.
pub const REFERENCE_REQUESTS_PER_S: f64 = 54_000.0;
/// Where that figure comes from.
pub const REFERENCE_SOURCE: &str = "Ramulator 2.1 (c5b1c3a), flat addresses, drained, one thread of a 2-core machine; \
     measured in another run, so the ratio is a rough one";

/// Requests of a trace.
const REQUESTS: usize = 20_000;
/// Interleaved rounds over all traces.
const ROUNDS: usize = 9;
/// Configurations with refresh, one and two ranks.
const CONFIGS: [(&str, &str); 2] = [
    ("C", include_str!("../../tests/dram/C_paper_r1_ref.json")),
    ("D", include_str!("../../tests/dram/D_paper_r2_ref.json")),
];
const PATTERNS: [Pattern; 4] = [
    Pattern::Random,
    Pattern::Zipf,
    Pattern::Sequential,
    Pattern::Mix,
];

/// What a trace looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Pattern {
    /// Reads of random lines.
    Random,
    /// Reads of random lines by Zipf's law, exponent 1.05.
    Zipf,
    /// Reads of one line after the other.
    Sequential,
    /// Random lines, a quarter of them written.
    Mix,
}

/// One trace on one configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub config: String,
    pub pattern: String,
    /// Median of the rounds.
    pub requests_per_s: f64,
    /// Cycles of the trace, the same on every machine.
    pub cycles: u64,
}

/// All traces.
#[derive(Clone, Debug, Serialize)]
pub struct DramSpeed {
    pub requests: usize,
    pub rounds: usize,
    /// Median and slowest of the rows.
    pub median_requests_per_s: f64,
    pub slowest_requests_per_s: f64,
    /// Over [`REFERENCE_REQUESTS_PER_S`].
    pub median_over_reference: f64,
    pub slowest_over_reference: f64,
    pub reference: &'static str,
    pub rows: Vec<Row>,
}

/// Measures the model on one thread.
///
/// # Errors
/// If an embedded configuration is not one.
pub fn dram() -> Result<DramSpeed, ConfigError> {
    let mut cases = Vec::new();
    for (name, json) in CONFIGS {
        let config = Config::parse(name, json)?;
        for pattern in PATTERNS {
            cases.push((config.clone(), pattern, trace(&config, pattern)));
        }
    }
    let mut speeds = vec![Vec::new(); cases.len()];
    let mut cycles = vec![0; cases.len()];
    for _ in 0..ROUNDS {
        for (case, (config, _, trace)) in cases.iter().enumerate() {
            let start = Instant::now();
            let outcome = black_box(run(config, trace));
            speeds[case].push(trace.len() as f64 / start.elapsed().as_secs_f64().max(1e-9));
            cycles[case] = outcome.cycles;
        }
    }
    let rows = cases.iter().zip(speeds).zip(cycles);
    let rows = rows.map(|(((config, pattern, _), speeds), cycles)| Row {
        config: config.name.clone(),
        pattern: format!("{pattern:?}").to_lowercase(),
        requests_per_s: median(speeds),
        cycles,
    });
    let rows: Vec<Row> = rows.collect();
    let speeds = || rows.iter().map(|row| row.requests_per_s);
    let (middle, slowest) = (
        median(speeds().collect()),
        speeds().fold(f64::INFINITY, f64::min),
    );
    Ok(DramSpeed {
        requests: REQUESTS,
        rounds: ROUNDS,
        median_requests_per_s: middle,
        slowest_requests_per_s: slowest,
        median_over_reference: middle / REFERENCE_REQUESTS_PER_S,
        slowest_over_reference: slowest / REFERENCE_REQUESTS_PER_S,
        reference: REFERENCE_SOURCE,
        rows,
    })
}

fn trace(config: &Config, pattern: Pattern) -> Vec<Access> {
    let line = config.line_bytes();
    let lines = Map::new(config).bytes() / line;
    let mut rng = SplitMix64::new(1);
    let zipf = Ranks::of(lines as u32, 1.05);
    let accesses = (0..REQUESTS as u64).map(|index| Access {
        write: pattern == Pattern::Mix && rng.one_in(4),
        address: line
            * match pattern {
                Pattern::Random | Pattern::Mix => rng.below(lines),
                Pattern::Zipf => scatter(zipf.draw(&mut rng).into(), lines),
                Pattern::Sequential => index,
            },
    });
    accesses.collect()
}
