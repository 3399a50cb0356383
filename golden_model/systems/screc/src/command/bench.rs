//! `golden_model screc tt bench`

use std::num::NonZeroUsize;

use crate::tt::bench::{Bench, bench};
use crate::{TtShape, random_cores};
use report::unit::RATIO;
use report::{Column, Table, row};

use super::{List, commas};
use shell::Failure;

/// Rows per second of the bit-exact fast path against plain batched matrix products
///
/// One thread, random cores, interleaved rounds in one run. The plain implementation (`gemm`) is f32,
/// one matrix product by crate faer for each row and stage, and reuses nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Radices of the rows
    #[arg(long, default_value = "200,220,250")]
    p: List,
    /// Radices of the columns
    #[arg(long, default_value = "4,4,4")]
    q: List,
    /// Ranks between the cores; one number stands for all
    #[arg(long, default_value = "16")]
    ranks: List,
    /// Rows of a batch
    #[arg(long, default_value = "131072", value_name = "N")]
    batch: NonZeroUsize,
    /// Cores and rows follow from it
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<String, Failure> {
    let ranks = args.ranks.repeated(args.p.0.len().max(1) - 1);
    let shape = TtShape::new(&args.p.0, &args.q.0, &ranks)?;
    let rows = shape.capacity() as usize;
    let cores = random_cores(shape, rows, args.seed)?;
    let bench = bench(&cores, args.batch.get(), args.seed)?;
    if args.json {
        Ok(report::json(&bench))
    } else {
        Ok(text(&bench))
    }
}

fn text(bench: &Bench) -> String {
    let shape = &bench.shape;
    let mut text = format!(
        "p {}, q {}, ranks {}: {} rows of {}\n\
         batches of {} rows, seed {}, one thread, best of {} interleaved rounds\n",
        commas(shape.p()),
        commas(shape.q()),
        commas(shape.r()),
        bench.table_rows,
        shape.columns(),
        bench.batch,
        bench.seed,
        bench.rounds,
    );
    for workload in &bench.workloads {
        let mut table = Table::new([
            Column::left(""),
            Column::right("rows/s"),
            Column::right("over gemm").unit(RATIO),
            Column::right("prefix products"),
        ])
        .title(workload.rows);
        for speed in &workload.speeds {
            table.row(row![
                speed.way,
                speed.rows_a_second,
                speed.over_gemm,
                speed.prefix_products,
            ]);
        }
        text += &format!("\n{table}");
    }
    text
}
