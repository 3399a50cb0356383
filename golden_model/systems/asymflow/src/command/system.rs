//! `asymflow system`: the plan and its baselines on every distribution.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::machine::Machine;
use crate::study::{Asked, study};
use crate::workload::Workload;
use crate::{page, tables};

/// One plan without a profile, on every distribution, beside vendor, fused and symmetric
///
/// All times are the third batch of the event model. Only HOT learns, from the two batches before.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// kaggle, avazu, terabyte, taobao, meta788, meta856, a .toml file of tables, or a trace
    #[arg(long, value_name = "W|FILE")]
    workload: String,
    /// ascend910, ascend310p, ascend910b or a .toml file
    #[arg(long, default_value = "ascend910", value_name = "M|FILE")]
    machine: String,
    /// Cycles between two requests to one granule, the calibrated parameter, in place of the machine's
    #[arg(long, value_name = "N")]
    t_same: Option<f64>,
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Real queries, as many tables as the workload has
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Seed of everything random
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Write asymflow.html, tables and plots, into this folder as well
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

/// A machine with its `--t-same`.
///
/// # Errors
/// If either is wrong.
pub fn machine(name: &str, t_same: Option<f64>) -> Result<Machine, String> {
    let machine = Machine::load(name)?;
    match t_same {
        Some(t) if !(0.0..=1000.0).contains(&t) => {
            Err(format!("--t-same is {t}, use a number from 0 to 1000"))
        }
        Some(t_same) => Ok(Machine { t_same, ..machine }),
        None => Ok(machine),
    }
}

/// Queries of a batch, if the machine of the user can hold three.
///
/// # Errors
/// If not.
pub fn batch(batch: NonZeroU32, workload: &Workload) -> Result<u32, String> {
    let lookups: f64 = workload.tables.iter().map(|table| table.lookups).sum();
    let most = (MOST_LOOKUPS / lookups).floor().max(1.0);
    match f64::from(batch.get()) <= most {
        true => Ok(batch.get()),
        false => Err(format!(
            "--batch is {batch}, use 1 to {most} with {lookups:.0} look-ups per query"
        )),
    }
}

/// Look-ups of a batch that memory is sure to hold.
const MOST_LOOKUPS: f64 = 6e7;

/// Runs it and returns what to print.
///
/// # Errors
/// One line about what is wrong.
pub fn run(args: &Args) -> Result<String, String> {
    let machine = machine(&args.machine, args.t_same)?;
    let workload = Workload::load(&args.workload)?;
    let batch = batch(args.batch, &workload)?;
    let asked = Asked {
        workload: &workload,
        machine: &machine,
        batch,
        trace: args.trace.as_deref(),
        seed: args.seed,
        headlines: true,
    };
    let not_written = |dir: &PathBuf, why: String| format!("--report {}: {why}", dir.display());
    if let Some(dir) = &args.report {
        // A folder that can't be is told before the work is done.
        std::fs::create_dir_all(dir).map_err(|error| not_written(dir, error.to_string()))?;
    }
    let study = study(&asked)?;
    if let Some(dir) = &args.report {
        let page = page::html(&study).map_err(|error| not_written(dir, error.to_string()))?;
        let written = contract::write_file(&dir.join("asymflow.html"), &page);
        written.map_err(|error| not_written(dir, error.to_string()))?;
    }
    if args.json {
        Ok(report::json(&study))
    } else {
        Ok(tables::system(&study))
    }
}
