//! `bench`: speed of the DDR5 model and of the batch analysis.

use crate::bench::{BatchSpeed, DramSpeed, batch, dram};
use report::{Column, Table, Unit, row};
use shell::{Command, Failure};

/// Measure the DDR5 model and the batch analysis
///
/// On embedded synthetic input. DDR5: one thread, refresh on, one and two ranks. Batches: Zipf 1.05
/// over 100 M ids, 26 look-ups per query; all threads. Takes about ten seconds, and 0.5 GB.
#[derive(Debug, clap::Parser)]
#[command(name = "bench")]
pub struct Args {
    /// Batches up to 10^8 look-ups instead of 10^7: takes a minute, and 4 GB
    #[arg(long)]
    large: bool,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Output {
    dram: DramSpeed,
    batch: Vec<BatchSpeed>,
}

/// The command.
pub fn command() -> Box<dyn Command> {
    shell::command(|args: &Args| run(args).map(Into::into).map_err(Failure::of))
}

fn run(args: &Args) -> Result<String, String> {
    let sizes = [100_000, 1_000_000, 10_000_000, 100_000_000];
    let sizes = if args.large { &sizes[..] } else { &sizes[..3] };
    let output = Output {
        dram: dram().map_err(|error| error.to_string())?,
        batch: batch(sizes).map_err(|error| error.to_string())?,
    };
    if args.json {
        Ok(report::json(&output))
    } else {
        Ok(table(&output))
    }
}

fn table(Output { dram, batch }: &Output) -> String {
    let mut text = format!(
        "DDR5: {} requests, medians of {} interleaved rounds, one thread\n\n{}\
         reference: 54,000 requests/s, {}\n\nbatch analysis, ns a look-up (schedules include sharing)\n\n{}",
        dram.requests,
        dram.rounds,
        requests(dram),
        dram.reference,
        lookups(batch)
    );
    if let Some(last) = batch.last() {
        text += &format!(
            "{:.0} look-ups/s through all steps at {}\n",
            last.lookups_per_s, last.lookups
        );
    }
    text
}

fn requests(dram: &DramSpeed) -> Table {
    let mut table = Table::new([Column::left(""), Column::right(""), Column::left("")]);
    let speed = |speed: f64| (speed, Unit::attached(" requests/s", 0));
    for row in &dram.rows {
        let name = format!("{} {}", row.config, row.pattern);
        table.row(row![name, speed(row.requests_per_s)]);
    }
    let over = |ratio: f64| format!("{ratio:.0} x reference");
    let (median, slowest) = (dram.median_over_reference, dram.slowest_over_reference);
    table
        .footer(row![
            "median",
            speed(dram.median_requests_per_s),
            over(median)
        ])
        .footer(row![
            "slowest",
            speed(dram.slowest_requests_per_s),
            over(slowest)
        ]);
    table
}

fn lookups(batch: &[BatchSpeed]) -> Table {
    let ns = |title| Column::right(title).decimals(1);
    let mut table = Table::new([
        Column::right("look-ups"),
        Column::right("unique"),
        ns("visits"),
        ns("share"),
        ns("schedule"),
        ns("transpose"),
        ns("visits"),
        ns("share"),
        ns("schedule"),
        ns("total"),
        Column::right("over 1st").decimals(2),
        Column::right("peak").unit(Unit::new("GB", 2)),
    ]);
    for speed in batch {
        let ns = &speed.ns_a_lookup;
        table.row(row![
            speed.lookups,
            speed.unique,
            ns.visits,
            ns.share,
            ns.schedule,
            ns.transpose,
            ns.backward_visits,
            ns.backward_share,
            ns.backward_schedule,
            ns.total,
            speed.over_first,
            speed.peak_bytes.map(|bytes| bytes as f64 / 1e9),
        ]);
    }
    table
}
