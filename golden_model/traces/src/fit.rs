//! Parameters of the generator under which its queries are like those of a trace.
//!
//! * **tables**: of each table an estimate of its rows, also those that the trace is too short to
//!   show (Chao, Scand. J. Statist. 11, 1984);
//! * **exponents**: of each table the most likely one ([`zipf_exponent`]), then all moved by the same
//!   amount, at most 1, until memory accesses, forward and backward, are fewer by the factor of the
//!   trace (copied queries repeat rows as well, so the move is down);
//! * **co-occurrence**, until additions, forward and backward, are fewer by the factor of the trace;
//! * **copied**: the one of [`COPIED`] with which these two, and additions of each direction, come
//!   nearest to the trace's;
//! * **bags**: from the shortest of a table to as far beyond the mean as that is below it, and
//!   repeated rows if there are any.
//!
//! What is not matched: which tables go together, the form of the distribution of bag lengths, and
//! change over time ([`ZipfConfig::drift`] stays 0; `trace stats` measures it).

use std::num::NonZeroU32;

use serde::Serialize;

use super::popularity::zipf_exponent;
use super::zipf::{MAX_TABLE, Zipf, ZipfConfig, ZipfError};
use super::{Measurement, Query, Stats, Trace, TraceError, computation, memory};

/// What is tried for [`ZipfConfig::copied`].
pub const COPIED: [f64; 4] = [0.7, 0.8, 0.9, 1.0];
/// And with each of these for [`ZipfConfig::templates`].
pub const TEMPLATES: [u32; 2] = [1 << 10, 1 << 12];
/// Batches generated in each step of the search, and for the figures at its end.
const SEARCH_BATCHES: u32 = 3;
const FINAL_BATCHES: u32 = 8;
/// Halvings of the range of co-occurrence, and for each of the range of exponents.
const HALVINGS: u64 = 7;
/// Most that exponents are moved.
const MOVE: f64 = 1.0;
/// Steps of the whole search.
const STEPS: u64 = (COPIED.len() * TEMPLATES.len()) as u64 * (HALVINGS + 1) * (HALVINGS + 1) + 1;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Unique rows over look-ups of a batch.
    pub unique_fraction: Option<f64>,
    /// As in [`Summary`](super::Summary), all four.
    pub mem_both: Option<f64>,
    /// Forward.
    pub comp_forward: Option<f64>,
    /// Backward.
    pub comp_backward: Option<f64>,
    /// Both directions.
    pub comp_all: Option<f64>,
}

impl Figures {
    fn of(stats: &Stats) -> Self {
        let mut both = stats.forward;
        both += stats.backward;
        Self {
            unique_fraction: memory(&stats.forward).map(|ratio| 1.0 / ratio),
            mem_both: memory(&both),
            comp_forward: computation(&stats.forward),
            comp_backward: computation(&stats.backward),
            comp_all: computation(&both),
        }
    }

    /// Sum of the relative differences.
    fn distance(&self, other: &Self) -> f64 {
        let pairs = [
            (self.mem_both, other.mem_both),
            (self.comp_forward, other.comp_forward),
            (self.comp_backward, other.comp_backward),
            (self.comp_all, other.comp_all),
        ];
        pairs
            .into_iter()
            .map(|(a, b)| a.zip(b).map_or(0.0, |(a, b)| (a / b - 1.0).abs()))
            .sum()
    }
}

/// The fitted parameters and how well they do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The parameters.
    pub config: ZipfConfig,
    /// By how much all exponents were moved from the most likely ones.
    pub exponents_moved: f64,
    /// Figures of the trace.
    pub trace: Figures,
    /// Figures of the generator with these parameters, over four batches.
    pub generator: Figures,
}

/// Why nothing could be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The trace cannot be read again.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The generator cannot do what the trace would need.
    #[error("the generator cannot imitate this trace: {0}")]
    Generator(#[from] ZipfError),
}

/// Fits to a trace that has been measured in batches of `batch`, and tells `progress` the steps
/// done and all steps.
///
/// # Errors
/// If the trace cannot be read again, or has tables that the generator cannot have.
pub fn fit(
    trace: &Trace,
    measured: &Measurement,
    batch: NonZeroU32,
    mut progress: impl FnMut(u64, u64),
) -> Result<Fit, FitError> {
    let mut done = 0;
    let batch = u64::from(batch.get()).min(trace.queries()) as usize;
    let target = Figures::of(&measured.stats);
    let likely = tables(trace, measured)?;
    let mut evaluate = |config: &ZipfConfig, batches| -> Result<Figures, ZipfError> {
        let mut zipf = Zipf::new(config.clone())?;
        let mut stats = Stats::default();
        for _ in 0..batches {
            stats.add(&zipf.batch(batch));
        }
        done += 1;
        progress(done, STEPS);
        Ok(Figures::of(&stats))
    };
    let mut best: Option<(f64, ZipfConfig, f64)> = None;
    let tried = TEMPLATES
        .iter()
        .flat_map(|&templates| COPIED.map(|copied| (templates, copied)));
    for (templates, copied) in tried {
        let mut config = ZipfConfig {
            copied,
            templates,
            ..likely.clone()
        };
        // For each co-occurrence the exponents that match memory accesses.
        let mut moved = 0.0;
        let mut found = target;
        let mut matched = |co_occurrence, moved: &mut f64, found: &mut Figures| {
            config.co_occurrence = co_occurrence;
            *moved = halve(-MOVE, MOVE, |moved| {
                move_exponents(&mut config, &likely, moved);
                let found = evaluate(&config, SEARCH_BATCHES)?.mem_both;
                Ok(found.unwrap_or(1.0) < target.mem_both.unwrap_or(1.0))
            })?;
            move_exponents(&mut config, &likely, *moved);
            *found = evaluate(&config, SEARCH_BATCHES)?;
            Ok(found.comp_all.unwrap_or(1.0) < target.comp_all.unwrap_or(1.0))
        };
        let co_occurrence = halve(0.0, 1.0, |co_occurrence| {
            matched(co_occurrence, &mut moved, &mut found)
        })?;
        matched(co_occurrence, &mut moved, &mut found)?;
        let distance = found.distance(&target);
        if best.as_ref().is_none_or(|&(least, ..)| distance < least) {
            best = Some((distance, config, moved));
        }
    }
    let (config, exponents_moved) =
        best.map_or((likely, 0.0), |(_, config, moved)| (config, moved));
    let generator = evaluate(&config, FINAL_BATCHES)?;
    Ok(Fit {
        config,
        exponents_moved,
        trace: target,
        generator,
    })
}

/// The number between `low` and `high` from which on `below` is false.
fn halve(
    mut low: f64,
    mut high: f64,
    mut below: impl FnMut(f64) -> Result<bool, ZipfError>,
) -> Result<f64, ZipfError> {
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        match below(middle)? {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(round((low + high) / 2.0))
}

/// A thousandth is finer than one batch can tell.
fn round(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn move_exponents(config: &mut ZipfConfig, likely: &ZipfConfig, moved: f64) {
    let by = |exponent: f64| round((exponent + moved).clamp(0.0, 8.0));
    config.exponent = by(likely.exponent);
    config.exponents = likely
        .exponents
        .iter()
        .map(|&exponent| by(exponent))
        .collect();
}

/// What the trace says by itself: tables, exponents and bags.
fn tables(trace: &Trace, measured: &Measurement) -> Result<ZipfConfig, TraceError> {
    let sizes = trace.joint_ids().sizes();
    let mut bags = vec![(u32::MAX, 0u64); sizes.len()];
    let mut repeats = false;
    let mut source = trace.source()?;
    let mut query = Query::new();
    let mut sorted = Vec::new();
    while source.read(&mut query)? {
        for ((shortest, all), bag) in bags.iter_mut().zip(query.iter()) {
            *shortest = (*shortest).min(bag.len() as u32);
            *all += bag.len() as u64;
            if bag.len() > 1 && !repeats {
                sorted.clear();
                sorted.extend_from_slice(bag);
                sorted.sort_unstable();
                repeats = sorted.windows(2).any(|pair| pair[0] == pair[1]);
            }
        }
    }
    let queries = trace.queries() as f64;
    let bags: Vec<[u32; 2]> = bags
        .iter()
        .zip(sizes)
        .map(|(&(shortest, all), &size)| {
            let longest = (2.0 * all as f64 / queries).round() - f64::from(shortest);
            let longest = longest.max(f64::from(shortest)) as u32;
            match repeats {
                true => [shortest, longest],
                false => [
                    shortest,
                    longest.min(u32::try_from(size).unwrap_or(u32::MAX)),
                ],
            }
        })
        .collect();
    let mut first = 0;
    let (mut tables, mut exponents) = (Vec::new(), Vec::new());
    for &size in sizes {
        let ranked = measured.popularity.ranked(first, first + size);
        first += size;
        tables.push(rows(size, &ranked));
        exponents.push(round(zipf_exponent(&ranked).unwrap_or(0.0)));
    }
    let all = zipf_exponent(&measured.popularity.ranked(0, u64::MAX));
    Ok(ZipfConfig {
        exponents,
        exponent: round(all.unwrap_or(0.0)),
        tables,
        bags,
        repeats,
        ..ZipfConfig::default()
    })
}

/// Rows that a table has, seen or not: those seen, and (Chao's lower bound) a (a - 1) / 2 (b + 1)
/// more, where a are seen once and b twice; at least as many as there are ids, and one.
fn rows(size: u64, ranked: &[u32]) -> u32 {
    let seen = |times| ranked.iter().filter(|&&count| count == times).count() as f64;
    let (once, twice) = (seen(1), seen(2));
    let unseen = once * (once - 1.0).max(0.0) / (2.0 * (twice + 1.0));
    let rows = (ranked.len() as f64 + unseen).round().max(size as f64);
    rows.clamp(1.0, f64::from(MAX_TABLE)) as u32
}
