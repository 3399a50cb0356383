//! Time and memory a look-up of the batch analysis, from small batches to very large ones.

use std::hint::black_box;
use std::time::Instant;

use serde::Serialize;

use super::median;
use contract::SplitMix64;
use refree::scatter;
use traces::batch::{Bags, LanesError, Schedule, Visits, backward, share};
use traces::zipf::Ranks;

/// Look-ups of a query.
const BAG: usize = 26;
/// Different ids that there may be.
const IDS: u32 = 100_000_000;
/// Zipf's.
const EXPONENT: f64 = 1.05;
/// Look-ups a cycle of the schedules.
const LANES: u32 = 8;

/// Nanoseconds a look-up of each step, medians.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Steps {
    /// Unique ids, visiting order and request lists: [`Visits::new`].
    pub visits: f64,
    /// Additions with and without sharing: [`share`].
    pub share: f64,
    /// The stream of a PE, which includes sharing: [`Schedule::new`].
    pub schedule: f64,
    /// The batch transposed: [`backward`].
    pub transpose: f64,
    pub backward_visits: f64,
    pub backward_share: f64,
    pub backward_schedule: f64,
    /// All of these.
    pub total: f64,
}

/// One size of batch.
#[derive(Clone, Debug, Serialize)]
pub struct BatchSpeed {
    pub lookups: usize,
    pub queries: usize,
    /// Different ids.
    pub unique: usize,
    pub rounds: usize,
    pub ns_a_lookup: Steps,
    /// Of all steps together.
    pub lookups_per_s: f64,
    /// Total time per look-up over that of the first size.
    pub over_first: f64,
    /// The most that the process has held so far, sizes ascending, with the batch itself; nothing
    /// where there is no /proc.
    pub peak_bytes: Option<u64>,
}

/// Measures batches of about these numbers of look-ups, in this order.
///
/// # Errors
/// None that these lanes can have.
pub fn batch(sizes: &[usize]) -> Result<Vec<BatchSpeed>, LanesError> {
    let mut speeds: Vec<BatchSpeed> = Vec::new();
    for &size in sizes {
        let bags = generate(size);
        // As many look-ups in all for small sizes, an odd number of rounds.
        let rounds = (10_000_000 / size).clamp(1, 31) | 1;
        let mut times = [const { Vec::new() }; 7];
        let mut unique = 0;
        for _ in 0..rounds {
            unique = round(&bags, &mut times)?;
        }
        let [a, b, c, d, e, f, g] = times.map(median);
        let total = a + b + c + d + e + f + g;
        speeds.push(BatchSpeed {
            lookups: bags.lookups(),
            queries: bags.len(),
            unique,
            rounds,
            ns_a_lookup: Steps {
                visits: a,
                share: b,
                schedule: c,
                transpose: d,
                backward_visits: e,
                backward_share: f,
                backward_schedule: g,
                total,
            },
            lookups_per_s: 1e9 / total,
            over_first: speeds
                .first()
                .map_or(1.0, |first| total / first.ns_a_lookup.total),
            peak_bytes: peak_bytes(),
        });
    }
    Ok(speeds)
}

fn generate(lookups: usize) -> Bags {
    let mut rng = SplitMix64::new(1);
    let law = Ranks::of(IDS, EXPONENT);
    let mut id = || scatter(law.draw(&mut rng).into(), IDS.into()) as u32;
    let mut bags = Bags::new();
    for _ in 0..lookups.div_ceil(BAG) {
        bags.push((0..BAG).map(|_| id()));
    }
    bags
}

/// Adds the times of one round, and returns the number of different ids.
fn round(bags: &Bags, times: &mut [Vec<f64>; 7]) -> Result<usize, LanesError> {
    let mut step = 0;
    let mut start = Instant::now();
    let mut note = || {
        let nanoseconds = start.elapsed().as_nanos() as f64;
        times[step].push(nanoseconds / bags.lookups().max(1) as f64);
        step += 1;
        start = Instant::now();
    };
    let visits = Visits::new(bags);
    note();
    black_box(share(&visits));
    note();
    let schedule = black_box(Schedule::new(&visits, LANES)?);
    note();
    let unique = visits.unique();
    drop((visits, schedule));
    let work = backward(bags);
    note();
    let visits = work.visits();
    note();
    black_box(share(&visits));
    note();
    black_box(Schedule::new(&visits, LANES)?);
    note();
    Ok(unique)
}

/// The process' peak resident memory.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
