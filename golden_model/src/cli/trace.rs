//! `golden_model trace ...`

use std::fmt::Write;
use std::num::NonZeroU32;
use std::path::PathBuf;

use golden_model::batch::Counts;
use golden_model::trace::{Stats, Trace};

use super::progress::Progress;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Stats(StatsArgs),
}

/// Count reads and additions of a trace, and what a PE saves of them
///
/// Sums over all full batches; a short rest is left out, unless it is all there is. `queries` and
/// `lookups` are those of the batches counted. Forward: rows are read and summed into queries.
/// Backward: gradients (one per query with look-ups) are read and summed into rows, each batch as a
/// whole. `reads_unique` counts each vector once a batch; `additions_shared` counts one addition
/// for all queries that hold the identical partial sum, vectors visited by descending look-up
/// count, ties by smaller id.
#[derive(Debug, clap::Args)]
pub struct StatsArgs {
    /// The trace
    #[arg(value_name = "FILE.lk")]
    file: PathBuf,
    /// Queries in a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs a trace command and returns what it prints.
pub fn run(command: &Command) -> Result<String, String> {
    let Command::Stats(args) = command;
    let stats = stats(args)?;
    if args.json {
        let json = serde_json::to_string_pretty(&stats).map_err(|error| error.to_string())?;
        Ok(json + "\n")
    } else {
        Ok(table(&stats, args))
    }
}

fn stats(args: &StatsArgs) -> Result<Stats, String> {
    let size = std::fs::metadata(&args.file).map_or(0, |file| file.len());
    // Both passes read the whole file.
    let progress = Progress::new(2 * size);
    let trace = Trace::open_with(&args.file, |bytes| progress.set(bytes));
    let trace = trace.map_err(|error| error.to_string())?;
    let mut stats = Stats::default();
    let mut batches = trace
        .batches(args.batch)
        .map_err(|error| error.to_string())?;
    while let Some(batch) = batches.next() {
        stats.add(&batch.map_err(|error| error.to_string())?);
        progress.set(size + batches.bytes());
    }
    Ok(stats)
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
