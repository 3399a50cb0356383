//! `golden_model bench`

use std::fmt::Write;

use golden_model::bench::{BatchSpeed, DramSpeed, batch, dram};

/// Measure the DDR5 model and the batch analysis
///
/// On embedded synthetic input. DDR5: one thread, refresh on, one and two ranks. Batches: Zipf 1.05
/// over 100 M ids, 26 look-ups a query; all threads. Takes about ten seconds, and 0.5 GB.
#[derive(Debug, clap::Args)]
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

/// Runs the command and returns what it prints.
pub fn run(args: &Args) -> Result<String, String> {
    let sizes = [100_000, 1_000_000, 10_000_000, 100_000_000];
    let sizes = if args.large { &sizes[..] } else { &sizes[..3] };
    let output = Output {
        dram: dram().map_err(|error| error.to_string())?,
        batch: batch(sizes).map_err(|error| error.to_string())?,
    };
    if args.json {
        let json = serde_json::to_string_pretty(&output).map_err(|error| error.to_string())?;
        Ok(json + "\n")
    } else {
        Ok(table(&output))
    }
}

fn table(Output { dram, batch }: &Output) -> String {
    // Writing to a string can't fail.
    let mut text = format!(
        "DDR5: {} requests, medians of {} interleaved rounds, one thread\n\n",
        dram.requests, dram.rounds
    );
    let mut line = |name: &str, speed: f64, note: &str| {
        let _ = writeln!(text, "{name:<28}{speed:>14.0} requests/s{note}");
    };
    for row in &dram.rows {
        line(
            &format!("{} {}", row.config, row.pattern),
            row.requests_per_s,
            "",
        );
    }
    let over = |ratio: f64| format!("  {ratio:.0} x reference");
    line(
        "median",
        dram.median_requests_per_s,
        &over(dram.median_over_reference),
    );
    line(
        "slowest",
        dram.slowest_requests_per_s,
        &over(dram.slowest_over_reference),
    );
    let _ = write!(
        text,
        "reference: 54,000 requests/s, {}\n\nbatch analysis, ns a look-up (schedules include sharing)\n\n",
        dram.reference
    );
    let mut columns = |names: [&str; 12]| {
        let _ = write!(text, "{:>10}", names[0]);
        for name in &names[1..] {
            let _ = write!(text, "{name:>10}");
        }
        text.push('\n');
    };
    columns([
        "look-ups",
        "unique",
        "visits",
        "share",
        "schedule",
        "transpose",
        "visits",
        "share",
        "schedule",
        "total",
        "over 1st",
        "peak GB",
    ]);
    for speed in batch {
        let (ns, peak) = (&speed.ns_a_lookup, speed.peak_bytes);
        let one = |value: f64| format!("{value:.1}");
        columns([
            &speed.lookups.to_string(),
            &speed.unique.to_string(),
            &one(ns.visits),
            &one(ns.share),
            &one(ns.schedule),
            &one(ns.transpose),
            &one(ns.backward_visits),
            &one(ns.backward_share),
            &one(ns.backward_schedule),
            &one(ns.total),
            &format!("{:.2}", speed.over_first),
            &peak.map_or("-".to_owned(), |bytes| format!("{:.2}", bytes as f64 / 1e9)),
        ]);
    }
    if let Some(last) = batch.last() {
        let _ = writeln!(
            text,
            "{:.0} look-ups/s through all steps at {}",
            last.lookups_per_s, last.lookups
        );
    }
    text
}
