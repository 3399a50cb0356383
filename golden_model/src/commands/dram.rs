//! `dram`: a trace of accesses on a DDR5 memory system.

use std::path::PathBuf;
use std::time::Instant;

use dram::{Config, Map, Outcome, read, run as serve, source};
use report::{Column, Table, Unit, row};
use shell::{Command, Failure};

/// Serve a trace of line accesses by a DDR5 memory system
///
/// One access is offered per cycle, in the trace's order; each waits while its queue is full. `cycles`
/// is the last completion. Scheduler FRFCFS takes the first request whose command may issue, a PRE
/// as well as a RD; RowHit prefers open rows.
#[derive(Debug, clap::Parser)]
#[command(name = "dram")]
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

/// The command.
pub fn command() -> Box<dyn Command> {
    shell::command(|args: &Args| run(args).map(Into::into).map_err(Failure::of))
}

fn run(args: &Args) -> Result<String, String> {
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
        Ok(report::json(&output))
    } else {
        Ok(table(&output))
    }
}

fn table(output: &Output) -> String {
    let outcome = output.outcome;
    let (latency, commands, energy) = (&outcome.read_latency, &outcome.commands, &outcome.energy);
    let peak = format!("{:.2}% of peak", 100.0 * outcome.fraction_of_peak);
    let of = |count: u64, what: &str| format!("{count} {what}");
    let (gb_per_s, mean) = (Unit::plain(3), Unit::plain(2));
    let nj = |nj: f64| (nj, Unit::plain(1));
    let mut table = Table::new([Column::left(""), Column::right(""), Column::left("")]);
    table
        .row(row!["cycles", outcome.cycles, "last completion"])
        .row(row!["GB/s", (outcome.gb_per_s, gb_per_s), peak])
        .row(row![
            "latency mean",
            (latency.mean, mean),
            "cycles of a read"
        ])
        .row(row!["latency p50", latency.p50])
        .row(row!["latency p99", latency.p99])
        .row(row!["latency max", latency.max])
        .row(row!["completion_fnv", outcome.completion_fnv.as_str()])
        .row(row![
            "nJ activate",
            nj(energy.activate_nj),
            of(commands.activates, "ACT")
        ])
        .row(row![
            "nJ read",
            nj(energy.read_nj),
            of(commands.reads, "RD")
        ])
        .row(row![
            "nJ write",
            nj(energy.write_nj),
            of(commands.writes, "WR")
        ])
        .row(row![
            "nJ refresh",
            nj(energy.refresh_nj),
            of(commands.refreshes, "REFab")
        ])
        .row(row![
            "nJ background",
            nj(energy.background_nj),
            "all ranks, rows open"
        ])
        .row(row!["nJ", nj(energy.total_nj)])
        .row(row![
            "requests/s",
            output.requests_per_s,
            "of this model, one thread"
        ]);
    format!(
        "configuration {}: {} requests, {} of them reads\n\n{table}\nenergy: {}\n",
        outcome.config,
        outcome.requests,
        outcome.reads,
        source()
    )
}
