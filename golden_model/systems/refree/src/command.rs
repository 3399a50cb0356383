//! `refree`: all systems on models and traces, the paper's figures beside ours.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use crate::tables::{Extensions, Report, Silicon, Sweep, html, tables, text};
use crate::variants::variants;
use crate::{Placement, System, Workload, study, sweep};
use blocks::pe::PeConfig;
use contract::input::{TEXT_LIMIT, Wanted, read_text};
use contract::{ConfigSpec, Named};

use shell::{Command, Failure, Progress};

/// A training step's embedding layer on REFREE and on the systems it is compared with
///
/// REFREE's models RM1 to RM4 are generated; traces are added to them. Times are those of the slowest
/// rank, PE and DRAM in closed loop, cycle by cycle. Averages are over RM1 to RM4.
#[derive(Debug, clap::Parser)]
#[command(name = "refree")]
pub struct Args {
    /// Real queries, too; may be given more than once
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    /// REFREE's models, of 1 to 4; none with `--models ""`
    #[arg(long, value_name = "N,N", default_value = "1,2,3,4")]
    models: String,
    /// Elements of a row in traces, binary32
    #[arg(long, default_value = "16", value_name = "N")]
    dim: NonZeroU32,
    /// Queries per batch
    #[arg(long, default_value = "2048", value_name = "N", value_parser = number::<{ 1 << 20 }>)]
    batch: NonZeroU32,
    /// Batches of each workload; a trace may have fewer
    #[arg(long, default_value = "4", value_name = "N", value_parser = number::<1000>)]
    batches: NonZeroU32,
    /// Which rank holds which row
    #[arg(long, value_enum, default_value = "hash")]
    placement: Placement,
    /// DRAM cycles per PE cycle: 2 is 1.2 GHz, 4 is 0.6, 8 is 0.3
    #[arg(long, default_value = "2", value_name = "N", value_parser = number::<1000>)]
    ratio: NonZeroU32,
    /// Named configuration of block pe, or a .toml file with every parameter
    #[arg(long, value_name = "NAME|FILE")]
    pe: Option<String>,
    /// Sweep width and clock of the PE on each workload's first batch, and batch size and locality of
    /// RM3
    #[arg(long)]
    sweep: bool,
    /// Seed of generated queries
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Report of `embertl area --block pe --json`, for the paper's table of area and power
    #[arg(long, value_name = "FILE.json")]
    area: Option<PathBuf>,
    /// Write refree.html, tables and plots, into this folder as well
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

/// A number from 1 to `MOST`: beyond, memory or time would run out.
fn number<const MOST: u32>(text: &str) -> Result<NonZeroU32, String> {
    let number = text.parse().ok().filter(|n: &NonZeroU32| n.get() <= MOST);
    number.ok_or_else(|| format!("use a number from 1 to {MOST}"))
}

/// The command.
pub fn command() -> Box<dyn Command> {
    shell::command(|args: &Args| run(args).map(Into::into).map_err(Failure::of))
}

/// Runs the command and returns what it prints.
fn run(args: &Args) -> Result<String, String> {
    let named = pe(args.pe.as_deref())?;
    let system = System {
        pe: named.config,
        ratio: args.ratio.get().into(),
        placement: args.placement,
        ..System::default()
    };
    let silicon = args.area.as_deref().map(silicon).transpose()?;
    if let Some(dir) = &args.report {
        // A folder that can't be is told before the work is done.
        std::fs::create_dir_all(dir).map_err(|error| not_written(dir, &error.to_string()))?;
    }
    let workloads = workloads(args)?;
    let total: usize = workloads
        .iter()
        .map(|workload| workload.batches.len())
        .sum();
    let progress = Progress::steps(total as u64);
    let (mut done, mut figures, mut extensions, mut sweeps) =
        (0, Vec::new(), Vec::new(), Vec::new());
    for workload in &workloads {
        let failed = |error| format!("{}: {error}", workload.name);
        let set = |batches| progress.set((done + batches) as u64);
        figures.push(study(&system, workload, set).map_err(failed)?);
        done += workload.batches.len();
        extensions.push(Extensions {
            workload: workload.name.clone(),
            variants: variants(&system, workload).map_err(failed)?,
        });
        if args.sweep {
            sweeps.push(Sweep {
                workload: workload.name.clone(),
                points: sweep::sweep(&system, workload).map_err(failed)?,
            });
        }
    }
    let sensitivity = match args.sweep {
        true => sweep::sensitivity(&system, args.seed).map_err(|error| error.to_string())?,
        false => Vec::new(),
    };
    drop(progress);
    let report = Report {
        batch: args.batch.get(),
        seed: args.seed,
        placement: args.placement,
        pe: named.name,
        clock_ghz: sweep::clock_ghz(system.ratio),
        silicon,
        tables: tables(&figures),
        workloads: figures,
        extensions,
        sweeps,
        sensitivity,
    };
    if let Some(dir) = &args.report {
        write_page(dir, &report)?;
    }
    if args.json {
        Ok(report::json(&report))
    } else {
        Ok(text(&report))
    }
}

/// What `embertl area` says of the PE.
fn silicon(path: &Path) -> Result<Silicon, String> {
    let failed = |why: String| format!("--area {}: {why}", path.display());
    let wanted = Wanted {
        what: "a report of area",
        save: "give what `embertl area --block pe --json` prints",
    };
    let text =
        read_text(path, wanted, TEXT_LIMIT).map_err(|error| failed(error.fault.to_string()))?;
    let silicon: Silicon = serde_json::from_str(&text).map_err(|error| {
        failed(format!(
            "{error}; give what `embertl area --block pe --json` prints"
        ))
    })?;
    match silicon.block.as_str() {
        "pe" => Ok(silicon),
        other => Err(failed(format!(
            "is about block {other}, but must be about pe"
        ))),
    }
}

fn write_page(dir: &Path, report: &Report) -> Result<(), String> {
    let page = html(report).map_err(|error| not_written(dir, &error.to_string()))?;
    let written = contract::write_file(&dir.join("refree.html"), &page);
    written.map_err(|error| not_written(dir, &error.to_string()))
}

fn not_written(dir: &Path, why: &str) -> String {
    format!("--report {}: {why}", dir.display())
}

fn pe(name: Option<&str>) -> Result<Named<PeConfig>, String> {
    let request = ConfigSpec {
        config: name.map(str::to_owned),
        ..ConfigSpec::default()
    };
    let named = contract::load::<PeConfig>(&request).map_err(|error| error.to_string())?;
    if !System::takes(&named.config) {
        return Err(format!(
            "configuration {}: a training step needs update hardware, the rename tracker and 32-bit \
             elements: modes = gnr_update, tracker = rename, element = fp32",
            named.name
        ));
    }
    Ok(named)
}

fn workloads(args: &Args) -> Result<Vec<Workload>, String> {
    let dim = args.dim.get();
    let whole_lines = dim.is_power_of_two() && (16..=1024).contains(&dim);
    if !args.trace.is_empty() && !whole_lines {
        return Err(format!(
            "--dim is {dim}, but a row must be whole lines of 64 bytes: 16, 32, 64, ... 1024"
        ));
    }
    let mut workloads = Vec::new();
    let models = args.models.split(',').map(str::trim);
    for model in models.filter(|model| !model.is_empty()) {
        let (batch, batches) = (args.batch.get(), args.batches.get());
        let number = model.parse::<u8>().ok().filter(|n| (1..=4).contains(n));
        let Some(number) = number else {
            return Err(format!(
                "--models: {model} is not a model; use some of 1,2,3,4"
            ));
        };
        let workload = Workload::model(number, batch, batches, args.seed);
        workloads.push(workload.map_err(|error| error.to_string())?);
    }
    for trace in &args.trace {
        let workload = Workload::open(trace, args.dim.get(), args.batch, args.batches.get());
        let workload = workload.map_err(|error| error.to_string())?;
        if workload.batches.iter().all(|batch| batch.lookups() == 0) {
            return Err(format!("{}: its queries look nothing up", trace.display()));
        }
        workloads.push(workload);
    }
    if workloads.is_empty() {
        return Err("nothing to run: name some of --models 1,2,3,4, or a --trace".to_owned());
    }
    Ok(workloads)
}
