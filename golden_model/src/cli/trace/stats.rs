//! `golden_model trace stats`

use std::fmt::Write;
use std::num::NonZeroU32;
use std::path::PathBuf;

use golden_model::batch::Counts;
use golden_model::trace::{Measurement, Stats, Summary, Trace};

use super::reading::{self, Reading};
use super::{json, text};
use crate::cli::Failure;
use crate::cli::progress::Progress;

/// Count reads and additions of a trace, what a PE saves of them, and how skewed look-ups are
///
/// Sums over all full batches; a short rest is left out, unless it is all there is. `queries` and
/// `lookups` are those of the batches counted. Forward: rows are read and summed into queries.
/// Backward: gradients (one per query with look-ups) are read and summed into rows, each batch as a
/// whole. `reads_unique` counts each vector once a batch; `additions_shared` counts one addition
/// for all queries that hold the identical partial sum, vectors visited by descending look-up
/// count, ties by smaller id.
///
/// Over all queries: the rows looked up at all, the part of the look-ups on the most popular 1 and
/// 10 % of them, the Zipf exponent (the most likely one, over the ranks of all rows), and how many
/// of the most popular 1 % the first and last quarter have in common. The unique fraction is that of
/// batches.
#[derive(Debug, clap::Args)]
pub struct StatsArgs {
    /// A .lk or .lkb file, or a raw Criteo or Avazu log; also packed by gzip
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Queries in a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

pub fn run(args: &StatsArgs) -> Result<String, Failure> {
    let size = std::fs::metadata(&args.file).map_or(0, |file| file.len());
    // Both passes read the whole file.
    let progress = Progress::new(2 * size);
    let options = args.reading.options();
    let trace = Trace::open_as(&args.file, options, |bytes| progress.set(bytes)).map_err(text)?;
    let measured = Measurement::of(&trace, args.batch, |bytes| progress.set(size + bytes));
    let summary = measured.map_err(text)?.summary();
    drop(progress);
    reading::warn(&args.file, trace.skipped());
    match args.json {
        true => json(&summary),
        false => Ok(table(&summary.stats, args) + &rows(&summary)),
    }
}

/// How look-ups are spread over rows.
fn rows(summary: &Summary) -> String {
    let percent = |part: f64| format!("{:.1} %", 100.0 * part);
    let lines = [
        ("distinct rows", Some(summary.distinct_rows.to_string())),
        (
            "unique rows of a batch",
            summary.unique_fraction.map(percent),
        ),
        ("on the top 1 %", summary.top1_share.map(percent)),
        ("on the top 10 %", summary.top10_share.map(percent)),
        (
            "Zipf exponent",
            summary
                .zipf_exponent
                .map(|exponent| format!("{exponent:.3}")),
        ),
        ("top 1 % that stays", summary.top1_overlap.map(percent)),
    ];
    let notes = [
        "",
        "of its look-ups",
        "of all look-ups",
        "of all look-ups",
        "most likely",
        "from the first to the last quarter",
    ];
    let mut text = "\n".to_owned();
    for ((name, value), note) in lines.into_iter().zip(notes) {
        let value = value.as_deref().unwrap_or("-");
        let line = format!("{name:<24}{value:>12}  {note}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn table(stats: &Stats, args: &StatsArgs) -> String {
    let mut both = stats.forward;
    both += stats.backward;
    let Stats {
        queries,
        lookups,
        batches,
        ..
    } = stats;
    let batch = u64::from(args.batch.get()).min(*queries);
    let mut text = format!(
        "{batches} batches of {batch} queries: {queries} queries, {lookups} look-ups\n\n\
         {:<10}{:>12}{:>12}{:>10}{:>14}{:>12}{:>10}\n",
        "", "reads", "unique", "ratio", "additions", "shared", "ratio"
    );
    for (name, counts) in [
        ("forward", &stats.forward),
        ("backward", &stats.backward),
        ("both", &both),
    ] {
        let Counts {
            reads,
            reads_unique,
            additions,
            additions_shared,
        } = *counts;
        let read_ratio = ratio(reads, reads_unique);
        let addition_ratio = ratio(additions, additions_shared);
        let _ = writeln!(
            text,
            "{name:<10}{reads:>12}{reads_unique:>12}{read_ratio:>10}\
             {additions:>14}{additions_shared:>12}{addition_ratio:>10}"
        );
    }
    text
}

/// How many times fewer `after` is than `before`.
fn ratio(before: u64, after: u64) -> String {
    match after {
        0 => "-".to_owned(),
        _ => format!("{:.3}x", before as f64 / after as f64),
    }
}
