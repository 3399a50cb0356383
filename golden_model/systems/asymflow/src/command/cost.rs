//! `asymflow cost`: one table, formula against event model.

use std::num::NonZeroU32;

use report::unit::{PERCENT, US};
use report::{Column, Table};
use serde::Serialize;

use super::system::machine;
use crate::grid::{Errors, Point, errors, points};
use crate::machine::Machine;
use crate::queries::Distribution;
use crate::workload::Workload;

/// One table by the four strategies: closed formula, event model, error
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Rows of the table
    #[arg(long, default_value = "100000", value_name = "N")]
    rows: i64,
    /// Elements of a row
    #[arg(long, default_value = "16", value_name = "N")]
    dim: i64,
    /// Look-ups per query
    #[arg(long, default_value = "1", value_name = "N")]
    lookups: f64,
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    batch: u32,
    /// Which rows are asked for
    #[arg(long, value_enum, default_value = "uniform")]
    queries: Queries,
    /// ascend910, ascend310p, ascend910b or a .toml file
    #[arg(long, default_value = "ascend910", value_name = "M|FILE")]
    machine: String,
    /// Cycles between two requests to one granule, in place of the machine's
    #[arg(long, value_name = "N")]
    t_same: Option<f64>,
    /// The formulas' errors over a grid of tables and queries as well
    #[arg(long)]
    grid: bool,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Queries {
    Uniform,
    Zipf,
    Same,
}

#[derive(Serialize)]
struct Cost {
    machine: Machine,
    table: crate::workload::Table,
    batch: NonZeroU32,
    points: Vec<Point>,
    grid: Vec<Errors>,
}

/// Runs it and returns what to print.
///
/// # Errors
/// One line about what is wrong.
pub fn run(args: &Args) -> Result<String, String> {
    let machine = machine(&args.machine, args.t_same)?;
    let text = format!(
        "[[table]]\nrows = {}\ndim = {}\nlookups = {:?}\n",
        args.rows, args.dim, args.lookups
    );
    let workload = Workload::parse("table", &text).map_err(|error| {
        error
            .split_once(": ")
            .and_then(|(_, rest)| rest.split_once(": "))
            .map_or(error.clone(), |(_, rest)| format!("--{rest}"))
    })?;
    let table = workload.tables[0];
    let batch = NonZeroU32::new(args.batch).unwrap_or(NonZeroU32::MIN);
    let batch = super::system::batch(batch, &workload)?;
    let of = match args.queries {
        Queries::Uniform => Distribution::Uniform,
        Queries::Zipf => Distribution::Zipf,
        Queries::Same => Distribution::Same,
    };
    let cost = Cost {
        points: points(&machine, &table, batch, &of)?,
        grid: if args.grid {
            errors(&machine)?
        } else {
            Vec::new()
        },
        batch: NonZeroU32::new(batch).unwrap_or(NonZeroU32::MIN),
        machine,
        table,
    };
    if args.json {
        Ok(report::json(&cost))
    } else {
        Ok(text_of(&cost))
    }
}

fn text_of(cost: &Cost) -> String {
    let us = |title: &str| Column::right(title).unit(US.decimals(2));
    let percent = |title: &str| Column::right(title).unit(PERCENT);
    let mut table = Table::new([
        Column::left("strategy"),
        Column::right("cores"),
        us("formula"),
        us("event model"),
        percent("error"),
    ]);
    for point in &cost.points {
        let cores = u64::from(point.cores);
        table.row(report::row![
            point.strategy.name(),
            cores,
            point.formula_us,
            point.event_us,
            point.error
        ]);
    }
    let mut text = table.to_string();
    if !cost.grid.is_empty() {
        let mut table = Table::new([
            Column::left("formula against event model"),
            Column::right("points"),
            percent("mean"),
            percent("95th percentile"),
        ]);
        for of in &cost.grid {
            table.row(report::row![
                of.name.as_str(),
                of.points as u64,
                of.mean,
                of.p95
            ]);
        }
        text += &format!("\n{table}");
    }
    text
}
