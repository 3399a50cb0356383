//! `golden_model trace stats`

use std::num::NonZeroU32;
use std::path::PathBuf;

use report::unit::RATIO;
use report::{Column, Table, Unit, row};
use traces::batch::Counts;
use traces::{Measurement, Stats, Summary, Trace, computation, memory};

use super::reading::{self, Reading};
use shell::Failure;
use shell::Progress;

/// Count reads and additions of a trace, what a PE saves of them, and how skewed look-ups are
///
/// Sums over all full batches; a short rest is left out, unless it is all there is. `queries` and
/// `lookups` are those of the batches counted. Forward: rows are read and summed into queries.
/// Backward: gradients (one per query with look-ups) are read and summed into rows, each batch as a
/// whole. `reads_unique` counts each vector once per batch; `additions_shared` counts one addition
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
    let progress = Progress::bytes(2 * size);
    let options = args.reading.options();
    let trace =
        Trace::open_as(&args.file, options, |bytes| progress.set(bytes)).map_err(Failure::of)?;
    let measured = Measurement::of(&trace, args.batch, |bytes| progress.set(size + bytes));
    let summary = measured.map_err(Failure::of)?.summary();
    drop(progress);
    reading::warn(&args.file, trace.skipped());
    match args.json {
        true => Ok(report::json(&summary)),
        false => Ok(shown(&summary, args)),
    }
}

fn shown(summary: &Summary, args: &StatsArgs) -> String {
    let Stats {
        queries,
        lookups,
        batches,
        ..
    } = summary.stats;
    let batch = u64::from(args.batch.get()).min(queries);
    format!(
        "{batches} batches of {batch} queries: {queries} queries, {lookups} look-ups\n\n{}\n{}",
        table(&summary.stats),
        rows(summary)
    )
}

/// How look-ups are spread over rows.
fn rows(summary: &Summary) -> Table {
    let percent = |part: Option<f64>| part.map(|part| (100.0 * part, Unit::attached(" %", 1)));
    let exponent = summary.zipf_exponent.map(|value| (value, Unit::plain(3)));
    let mut table = Table::new([Column::left(""), Column::right(""), Column::left("")]);
    table
        .row(row!["distinct rows", summary.distinct_rows])
        .row(row![
            "unique rows of a batch",
            percent(summary.unique_fraction),
            "of its look-ups"
        ])
        .row(row![
            "on the top 1 %",
            percent(summary.top1_share),
            "of all look-ups"
        ])
        .row(row![
            "on the top 10 %",
            percent(summary.top10_share),
            "of all look-ups"
        ])
        .row(row!["Zipf exponent", exponent, "most likely"])
        .row(row![
            "top 1 % that stays",
            percent(summary.top1_overlap),
            "from the first to the last quarter"
        ]);
    table
}

/// Reads and additions in each direction.
fn table(stats: &Stats) -> Table {
    let ratio = || Column::right("ratio").unit(RATIO.decimals(3));
    let mut table = Table::new([
        Column::left(""),
        Column::right("reads"),
        Column::right("unique"),
        ratio(),
        Column::right("additions"),
        Column::right("shared"),
        ratio(),
    ]);
    let (forward, backward) = (stats.forward, stats.backward);
    let mut both = forward;
    both += backward;
    let cells = |name, counts: Counts| {
        row![
            name,
            counts.reads,
            counts.reads_unique,
            memory(&counts),
            counts.additions,
            counts.additions_shared,
            computation(&counts),
        ]
    };
    table
        .row(cells("forward", forward))
        .row(cells("backward", backward))
        .footer(cells("both", both));
    table
}
