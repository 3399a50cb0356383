//! `recross map`: a mapping alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use report::{Column, Table, Unit, row};
use serde::Serialize;
use shell::Progress;

use super::options::MapOptions;
use crate::map::{Assignment, Mapping, Room, build};
use crate::serve::{Machine, Places, Plan, serve};
use crate::study::Saved;

/// Put rows on tiles, and count what a query then activates
///
/// Training queries say where rows go; the other half is counted, too.
#[derive(Debug, clap::Args)]
pub struct MapArgs {
    #[command(flatten)]
    map: MapOptions,
    /// Word lines of a tile, a power of two
    #[arg(long, default_value = "64", value_name = "R")]
    rows: u32,
    /// Write the mapping to this file
    #[arg(long, value_name = "FILE.json")]
    save: Option<PathBuf>,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Report {
    trace: String,
    mapping: Mapping,
    refine: u32,
    split: &'static str,
    seed: u64,
    rows: usize,
    lines: u32,
    tiles: u32,
    act_a_query: Halves,
    unseen_share: f64,
    /// Activations of the served half by their active rows.
    histogram: BTreeMap<usize, u64>,
    /// Of these, those with a single row.
    single_share: f64,
    /// Activations per query of the busiest tile.
    max_load_a_query: f64,
    seconds: f64,
    peak_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Halves {
    train: f64,
    serve: f64,
}

/// Runs the command and returns what it prints.
pub fn run(args: &MapArgs) -> Result<String, String> {
    if !args.rows.is_power_of_two() || !(16..=256).contains(&args.rows) {
        return Err(format!(
            "--rows is {}, but a tile has a power of two of word lines; use 16, 32, 64, 128 or 256",
            args.rows
        ));
    }
    let workload = args.map.workload()?;
    let recipe = args.map.recipe();
    let started = Instant::now();
    let room = Room::new(workload.rows, args.rows, 0);
    let progress = Progress::new("rows", workload.training.by_count.len() as u64);
    let assignment = build(&workload.training, room, recipe, &mut |rows| {
        progress.set(rows)
    });
    drop(progress);
    let seconds = started.elapsed().as_secs_f64();
    if let Some(path) = &args.save {
        Saved::new(&workload, &assignment, recipe).write(path)?;
    }
    let mut config = super::adc::config(None)?.config;
    config.rows = args.rows;
    let machine = Machine::new(&config, config.elements());
    let count = |assignment: Assignment, bags| {
        let plan = Plan::new(Places::new(assignment));
        serve(&machine, &plan, bags, u32::MAX, false)
    };
    let train = count(assignment.clone(), &workload.train).act_a_query();
    let served = count(assignment.clone(), &workload.served);
    let queries = served.queries.max(1) as f64;
    let busiest = served.load.iter().max().copied().unwrap_or(0);
    let cycles = machine.tile.cycles(1).max(1) as f64;
    let by_rows = served.by_rows.iter().copied().enumerate();
    let report = Report {
        trace: workload.name.clone(),
        mapping: recipe.mapping,
        refine: recipe.refine,
        split: workload.split.text(),
        seed: recipe.seed,
        rows: workload.rows,
        lines: args.rows,
        tiles: assignment.tiles,
        act_a_query: Halves {
            train,
            serve: served.act_a_query(),
        },
        unseen_share: workload.unseen_share(),
        histogram: by_rows.filter(|&(_, count)| count > 0).collect(),
        single_share: served.by_rows[1] as f64 / served.activations().max(1) as f64,
        max_load_a_query: busiest as f64 / cycles / queries,
        seconds,
        peak_bytes: peak_bytes(),
    };
    Ok(match args.map.json {
        true => report::json(&report),
        false => text(&report),
    })
}

fn text(report: &Report) -> String {
    let mut table = Table::new([Column::left(""), Column::right("").decimals(2)]).title(format!(
        "{}: {:?} with {} passes of refinement, split {}, seed {}",
        report.trace, report.mapping, report.refine, report.split, report.seed
    ));
    if report.mapping == Mapping::Plain {
        table.note("plain is flattering: ids by first appearance say when a row is first wanted");
    }
    let whole = Unit::plain(0);
    table.row(row!["rows", (report.rows as f64, whole)]);
    table.row(row!["tiles", (f64::from(report.tiles), whole)]);
    table.row(row![
        "activations per training query",
        report.act_a_query.train
    ]);
    table.row(row![
        "activations per served query",
        report.act_a_query.serve
    ]);
    table.row(row![
        "of look-ups served, of unseen rows",
        report.unseen_share
    ]);
    table.row(row!["of activations, of one row", report.single_share]);
    table.row(row![
        "of queries, on the busiest tile",
        report.max_load_a_query
    ]);
    table.row(row!["seconds", report.seconds]);
    table.to_string()
}

/// The process' peak resident memory; nothing where there is no /proc.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
