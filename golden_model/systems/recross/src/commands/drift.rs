//! `recross drift`: a trace in windows.

use report::{Column, Table, row};
use serde::Serialize;

use super::options::MapOptions;
use super::system::SystemOptions;
use crate::study::Split;
use crate::study::drift::{Window, drift};

/// How a mapping ages: a trace in windows, in the order of the file, each served under mappings made before it
#[derive(Debug, clap::Args)]
pub struct DriftArgs {
    #[command(flatten)]
    map: MapOptions,
    #[command(flatten)]
    system: SystemOptions,
    /// Windows of the trace
    #[arg(long, default_value = "6", value_name = "W", value_parser = clap::value_parser!(u32).range(2..=1000))]
    windows: u32,
    /// Rows that an update may move, of all
    #[arg(long, default_value = "0.05", value_name = "SHARE", value_parser = part)]
    moves: f64,
}

fn part(text: &str) -> Result<f64, String> {
    let number = text
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    number.ok_or_else(|| "use a number from 0 to 1".to_owned())
}

#[derive(Debug, Serialize)]
struct Report {
    trace: String,
    seed: u64,
    config: String,
    rows: usize,
    /// Part of the rows that an update may move.
    moves: f64,
    windows: Vec<Window>,
}

/// Runs the command and returns what it prints.
pub fn run(args: &DriftArgs) -> Result<String, String> {
    if args.map.split == Split::Shuffle {
        return Err(
            "--split is shuffle, but windows follow the order of the file; use half".to_owned(),
        );
    }
    let (setting, config) = args.system.setting(&args.map)?;
    let workload = args.map.workload()?;
    let queries = workload.train.len() + workload.served.len();
    if (queries as u64) < u64::from(args.windows) {
        return Err(format!(
            "--windows is {}, but the trace has {queries} queries; use at most that many",
            args.windows
        ));
    }
    let most = (args.moves * workload.rows as f64) as u64;
    let report = Report {
        trace: workload.name.clone(),
        seed: setting.recipe.seed,
        config,
        rows: workload.rows,
        moves: args.moves,
        windows: drift(&setting, &workload, args.windows, most),
    };
    Ok(match args.map.json {
        true => report::json(&report),
        false => text(&report),
    })
}

fn text(report: &Report) -> String {
    let number = |title| Column::right(title).decimals(2);
    let mut table = Table::new([
        Column::right("window"),
        Column::right("queries"),
        number("first"),
        number("last"),
        number("all so far"),
        number("updated"),
        Column::right("rows moved"),
        Column::right("break-even"),
        number("frequency"),
    ])
    .title(format!(
        "{}, seed {}, configuration {}: activations per query by the mapping's training",
        report.trace, report.seed, report.config
    ));
    for window in &report.windows {
        table.row(row![
            f64::from(window.window),
            window.queries as f64,
            window.first,
            window.last,
            window.all,
            window.updated,
            window.rows_moved as f64,
            window.break_even_queries,
            window.frequency,
        ]);
    }
    table.note(format!(
        "updated: one pass of refinement over all queries so far that moves at most {} of the {} rows",
        report.moves, report.rows
    ));
    table.note(
        "break-even: queries until the energy of writing these rows is saved, against no update",
    );
    table.to_string()
}
