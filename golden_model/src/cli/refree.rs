//! `golden_model refree`

use std::fmt::Write;
use std::num::NonZeroU32;
use std::path::PathBuf;

use golden_model::refree::{
    Figures, Placement, System, Workload, study,
    sweep::{self, Point},
    tables::{Table, tables},
    variants::{Variant, variants},
};
use hdl_gen::pe::PeConfig;
use hdl_gen::{Named, Request};
use serde::Serialize;

use super::progress::Progress;

/// A training step's embedding layer on REFREE and on the systems it is compared with
///
/// REFREE's models RM1 to RM4 are generated; traces are added to them. Times are those of the slowest
/// rank, PE and DRAM in closed loop, cycle by cycle. Averages are over RM1 to RM4.
#[derive(Debug, clap::Args)]
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
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Batches of each workload; a trace may have fewer
    #[arg(long, default_value = "4", value_name = "N")]
    batches: NonZeroU32,
    /// Which rank holds which row
    #[arg(long, value_enum, default_value = "hash")]
    placement: Placement,
    /// DRAM cycles of a PE cycle: 2 is 1.2 GHz, 4 is 0.6, 8 is 0.3
    #[arg(long, default_value = "2", value_name = "N")]
    ratio: NonZeroU32,
    /// Named configuration of block pe, or a .toml file with every parameter
    #[arg(long, value_name = "NAME|FILE")]
    pe: Option<String>,
    /// Sweep width and clock of the PE as well, on each workload's first batch
    #[arg(long)]
    sweep: bool,
    /// Seed of generated queries
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Output {
    batch: u32,
    seed: u64,
    placement: Placement,
    pe: String,
    clock_ghz: f64,
    workloads: Vec<Figures>,
    tables: Vec<Table>,
    beyond: Vec<Beyond>,
    sweeps: Vec<Sweep>,
}

#[derive(Serialize)]
struct Beyond {
    workload: String,
    variants: Vec<Variant>,
}

#[derive(Serialize)]
struct Sweep {
    workload: String,
    points: Vec<Point>,
}

/// Runs the command and returns what it prints.
pub fn run(args: &Args) -> Result<String, String> {
    let named = pe(args.pe.as_deref())?;
    let system = System {
        pe: named.config,
        ratio: args.ratio.get().into(),
        placement: args.placement,
        ..System::default()
    };
    let workloads = workloads(args)?;
    let total: usize = workloads
        .iter()
        .map(|workload| workload.batches.len())
        .sum();
    let progress = Progress::steps(total as u64);
    let (mut done, mut figures, mut beyond, mut sweeps) = (0, Vec::new(), Vec::new(), Vec::new());
    for workload in &workloads {
        let failed = |error| format!("{}: {error}", workload.name);
        let set = |batches| progress.set((done + batches) as u64);
        figures.push(study(&system, workload, set).map_err(failed)?);
        done += workload.batches.len();
        beyond.push(Beyond {
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
    drop(progress);
    let output = Output {
        batch: args.batch.get(),
        seed: args.seed,
        placement: args.placement,
        pe: named.name,
        clock_ghz: sweep::clock_ghz(system.ratio),
        tables: tables(&figures),
        workloads: figures,
        beyond,
        sweeps,
    };
    if args.json {
        let json = serde_json::to_string_pretty(&output).map_err(|error| error.to_string())?;
        Ok(json + "\n")
    } else {
        Ok(text(&output))
    }
}

fn pe(name: Option<&str>) -> Result<Named<PeConfig>, String> {
    let request = Request {
        config: name.map(str::to_owned),
        ..Request::default()
    };
    let named = hdl_gen::load::<PeConfig>(&request).map_err(|error| error.to_string())?;
    let config = &named.config;
    if !config.has_update() || config.has_match() || config.element.bits() != 32 {
        return Err(format!(
            "configuration {}: a training step needs update hardware, the rename tracker and 32-bit \
             elements: modes = gnr_update, tracker = rename, element = fp32",
            named.name
        ));
    }
    Ok(named)
}

fn workloads(args: &Args) -> Result<Vec<Workload>, String> {
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
        workloads.push(workload.map_err(|error| error.to_string())?);
    }
    if workloads.is_empty() {
        return Err("nothing to run: name some of --models 1,2,3,4, or a --trace".to_owned());
    }
    let dim = args.dim.get();
    if !args.trace.is_empty() && !(dim.is_power_of_two() && (16..=1024).contains(&dim)) {
        return Err(format!(
            "--dim is {dim}, but a row must be whole lines of 64 bytes: 16, 32, 64, ... 1024"
        ));
    }
    Ok(workloads)
}

// Writing to a string can't fail.
fn text(output: &Output) -> String {
    let mut text = format!(
        "batches of {}, seed {}, PE {} at {:.2} GHz, placement {:?}, 4 channels x 2 ranks of DDR5-4800\n",
        output.batch, output.seed, output.pe, output.clock_ghz, output.placement
    );
    for figures in &output.workloads {
        let _ = writeln!(text, "\n{}", workload(figures));
    }
    let names: Vec<&str> = output
        .workloads
        .iter()
        .map(|f| f.workload.as_str())
        .collect();
    for table in &output.tables {
        let _ = writeln!(text, "\n{}: {}", table.figure, table.title);
        let _ = write!(text, "{:<58}{:>8}{:>9}", "", "paper", "average");
        for name in &names {
            let _ = write!(text, "{:>10}", name.chars().take(9).collect::<String>());
        }
        text.push('\n');
        for line in &table.lines {
            let paper = line
                .paper
                .map_or("-".to_owned(), |paper| format!("{paper:.2}x"));
            let average = format!("{:.2}x", line.average);
            let _ = write!(text, "{:<58}{paper:>8}{average:>9}", line.what);
            for value in &line.ours {
                let _ = write!(text, "{:>10}", format!("{value:.2}x"));
            }
            text.push('\n');
        }
        for note in &table.notes {
            let _ = writeln!(text, "  * {note}");
        }
    }
    for Beyond { workload, variants } in &output.beyond {
        let _ = writeln!(
            text,
            "\nbeyond the paper, {workload}: {:<14}{:<10}{:>8}{:>10}{:>12}{:>10}{:>14}",
            "gradients in",
            "which are",
            "us",
            "backward",
            "additions",
            "fewer",
            "host us"
        );
        for variant in variants {
            let _ = writeln!(
                text,
                "{:>width$}{:<14}{:<10}{:>8.1}{:>10.1}{:>12.0}{:>10}{:>14.0}",
                "",
                format!("{:?}", variant.order).to_lowercase(),
                format!("{:?}", variant.gradients).to_lowercase(),
                variant.embedding_s.mean * 1e6,
                variant.backward_s.mean * 1e6,
                variant.backward_additions,
                format!("{:.3}x", variant.backward_reduction),
                variant.analysis_s * 1e6,
                width = workload.len() + 20,
            );
        }
    }
    for sweep in &output.sweeps {
        let _ = writeln!(
            text,
            "\nPE width and clock, {}, us a batch (bound)",
            sweep.workload
        );
        let _ = write!(text, "{:>8}", "GHz");
        for width in sweep::WIDTHS {
            let _ = write!(text, "{:>16}", format!("{width} bits"));
        }
        text.push('\n');
        for row in sweep.points.chunks(sweep::WIDTHS.len()) {
            let _ = write!(text, "{:>8.2}", row[0].clock_ghz);
            for point in row {
                let cell = format!("{:.1} ({})", point.embedding_s * 1e6, point.bound);
                let _ = write!(text, "{cell:>16}");
            }
            text.push('\n');
        }
    }
    text
}

fn workload(figures: &Figures) -> String {
    let mut text = format!(
        "{} ({}): {} batches, {:.0} look-ups each, rows of {} elements; us and uJ a batch\n\
         {:<18}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}{:>10}{:>11}\n",
        figures.workload,
        figures.source,
        figures.batches,
        figures.lookups,
        figures.dim,
        "",
        "forward",
        "backward",
        "both",
        "+/-",
        "DRAM",
        "I/O",
        "PE",
        "CPU",
        "lines",
        "additions"
    );
    for system in &figures.systems {
        let us = |seconds: f64| format!("{:.1}", seconds * 1e6);
        let energy = &system.energy;
        let _ = writeln!(
            text,
            "{:<18}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}{:>10.0}{:>11.0}",
            system.name.text(),
            us(system.forward_s.mean),
            us(system.backward_s.mean),
            us(system.embedding_s.mean),
            us(system.embedding_s.deviation),
            us(energy.dram_j),
            us(energy.io_j + energy.gpu_memory_j),
            us(energy.pe_j),
            us(energy.cpu_j),
            system.lines_read,
            system.additions,
        );
    }
    let [forward, gradients, backward, update] = figures.phases_s.map(|seconds| seconds * 1e6);
    let _ = write!(
        text,
        "REFREE: forward {forward:.1}, gradients to the ranks {gradients:.1}, backward {backward:.1}, \
         update {update:.1} us; busiest rank {:.2} of the mean; {:.3} W a PE by activity\n\
         dense layers and PCIe {:.1} us; host analysis {:.0} us, measured, one core; FAE: {:.1} % of \
         queries hot",
        figures.imbalance,
        figures.pe_w,
        figures.dense_s * 1e6,
        figures.analysis_s * 1e6,
        100.0 * figures.fae_hot_share,
    );
    text
}
