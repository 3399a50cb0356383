//! `asymflow tune`: this CPU.

use std::num::NonZeroU32;
use std::path::PathBuf;

use report::{Column, Table};

use crate::queries::Distribution;
use crate::tune::{Measured, measure};
use crate::workload::Workload;

/// Run a workload's plan on this CPU, pinned threads and 2 MB pages, against the plain loop
///
/// The plain loop goes table after table with a barrier, the batch over all threads. Runs are paired.
/// Measure on an idle machine: load and pages are printed beside the result.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// kaggle, avazu, terabyte, taobao, meta788, meta856, a .toml file of tables, or a trace
    #[arg(long, value_name = "W|FILE")]
    plan: String,
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    batch: u32,
    /// Real queries, as many tables as the workload has
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroU32>,
    /// Paired runs
    #[arg(long, default_value = "21", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    runs: u32,
    /// Seed of tables and queries
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

/// Most threads.
const MOST: usize = 1024;

/// Runs it and returns what to print.
///
/// # Errors
/// One line about what is wrong, or sums that differ from the plain loop's.
pub fn run(args: &Args) -> Result<String, String> {
    let workload = Workload::load(&args.plan)?;
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.map_or(all, |threads| threads.get() as usize);
    if threads > MOST {
        return Err(format!("--threads is {threads}, use 1 to {MOST}"));
    }
    let mut of = vec![
        ("uniform", Distribution::Uniform),
        ("zipf", Distribution::Zipf),
        ("same", Distribution::Same),
    ];
    of.extend(
        args.trace
            .as_deref()
            .map(|path| ("real", Distribution::Real(path))),
    );
    let mut all = Vec::new();
    for (name, of) in &of {
        let runs = args.runs as usize;
        let found = measure(
            &workload,
            (name, of),
            (args.batch, args.seed),
            (threads, runs),
        )?;
        if !found.equal {
            return Err(format!(
                "{name}: the plan's sums differ from the plain loop's: please report this"
            ));
        }
        all.push(found);
    }
    if args.json {
        Ok(report::json(&all))
    } else {
        Ok(text(&all))
    }
}

fn text(all: &[Measured]) -> String {
    let us = |title: &str| Column::right(title).unit(report::unit::US);
    let ratio = |title: &str| Column::right(title).unit(report::unit::RATIO);
    let mut table = Table::new([
        Column::left("medians"),
        us("plain loop"),
        us("with 2 MB pages"),
        us("plan"),
        us("predicted"),
        ratio("loop / plan"),
        ratio("least"),
        ratio("most"),
        ratio("2 MB loop / plan"),
    ]);
    for of in all {
        let over = of.loop_over_plan;
        table.row(report::row![
            of.distribution,
            of.loop_us.median,
            of.loop_huge_us.median,
            of.plan_us.median,
            of.predicted_us,
            over.median,
            over.least,
            over.most,
            of.loop_huge_over_plan.median,
        ]);
    }
    let first = &all[0];
    let shown =
        |value: Option<f64>| value.map_or("unknown".to_owned(), |value| format!("{value:.2}"));
    format!(
        "{}, batches of {}, {} threads, {} paired runs, seed {}\n\
         load {}, part of memory in 2 MB pages {}; sums equal the plain loop's bit for bit\n\n{table}",
        first.workload,
        first.batch,
        first.threads,
        first.runs,
        first.seed,
        shown(first.load),
        shown(first.huge_share),
    )
}
