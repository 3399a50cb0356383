//! `golden_model dram`

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use golden_model::dram::{Config, Map, Outcome, read, run as serve, source};

/// Serve a trace of line accesses by a DDR5 memory system
///
/// One access is offered a cycle, in the trace's order; each waits while its queue is full. `cycles`
/// is the last completion. Scheduler FRFCFS takes the first request whose command may issue, a PRE
/// as well as a RD; RowHit prefers open rows.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Organisation, timings and policies
    #[arg(long, value_name = "FILE.json")]
    config: PathBuf,
    /// Lines `LD 0x..` and `ST 0x..`, byte addresses
    #[arg(long, value_name = "FILE.trace")]
    trace: PathBuf,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    energy_source: String,
    /// Of this run; the only figure that differs from run to run.
    requests_per_s: f64,
}

/// Runs the command and returns what it prints.
pub fn run(args: &Args) -> Result<String, String> {
    let config = Config::open(&args.config).map_err(|error| error.to_string())?;
    let trace = read(&args.trace, Map::new(&config).bytes()).map_err(|error| error.to_string())?;
    let start = Instant::now();
    let outcome = serve(&config, &trace);
    let output = Output {
        outcome: &outcome,
        energy_source: source(),
        requests_per_s: trace.len() as f64 / start.elapsed().as_secs_f64().max(1e-9),
    };
    if args.json {
        let json = serde_json::to_string_pretty(&output).map_err(|error| error.to_string())?;
        Ok(json + "\n")
    } else {
        Ok(table(&output))
    }
}

fn table(output: &Output) -> String {
    let outcome = output.outcome;
    let (latency, commands, energy) = (&outcome.read_latency, &outcome.commands, &outcome.energy);
    let mut text = format!(
        "configuration {}: {} requests, {} of them reads\n\n",
        outcome.config, outcome.requests, outcome.reads
    );
    // Writing to a string can't fail.
    let mut line = |name: &str, value: String, note: &str| {
        let _ = writeln!(text, "{name:<16}{value:>16}  {note}");
    };
    line("cycles", outcome.cycles.to_string(), "last completion");
    let peak = format!("{:.2}% of peak", 100.0 * outcome.fraction_of_peak);
    line("GB/s", format!("{:.3}", outcome.gb_per_s), &peak);
    line(
        "latency mean",
        format!("{:.2}", latency.mean),
        "cycles of a read",
    );
    line("latency p50", latency.p50.to_string(), "");
    line("latency p99", latency.p99.to_string(), "");
    line("latency max", latency.max.to_string(), "");
    line("completion_fnv", outcome.completion_fnv.clone(), "");
    let nj = |value: f64| format!("{value:.1}");
    line(
        "nJ activate",
        nj(energy.activate_nj),
        &format!("{} ACT", commands.activates),
    );
    line(
        "nJ read",
        nj(energy.read_nj),
        &format!("{} RD", commands.reads),
    );
    line(
        "nJ write",
        nj(energy.write_nj),
        &format!("{} WR", commands.writes),
    );
    line(
        "nJ refresh",
        nj(energy.refresh_nj),
        &format!("{} REFab", commands.refreshes),
    );
    line(
        "nJ background",
        nj(energy.background_nj),
        "all ranks, rows open",
    );
    line("nJ", nj(energy.total_nj), "");
    line(
        "requests/s",
        format!("{:.0}", output.requests_per_s),
        "of this model, one thread",
    );
    let text = text
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n");
    format!("{text}\n\nenergy: {}\n", source())
}
