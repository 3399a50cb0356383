//! `golden_model screc tt decompose`

use std::path::PathBuf;

use crate::{
    Decomposed, Target, TtShape, balanced, decompose, dense_table, random_cores, read_table,
    write_cores,
};
use contract::SplitMix64;
use report::{Column, Table, Unit, row};

use super::{List, commas};
use shell::Failure;
use shell::Progress;

/// Decompose a dense table into TT cores
///
/// TT-SVD in f64 through Gram matrices, which know no relative error below 1e-7. The error printed is
/// measured on all rows, with the cores rounded to f32. A table whose cores would be too large, or
/// that misses --max-error within --ranks, is not compressible: exit code 1, and nothing is written.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("source").required(true))]
pub struct Args {
    /// The table, float32 or float64, axes (rows, columns)
    #[arg(long, value_name = "FILE.npy", group = "source")]
    table: Option<PathBuf>,
    /// Make a random table of this TT rank instead
    #[arg(long, value_name = "R", group = "source", requires_all = ["rows", "dim"])]
    random_rank: Option<usize>,
    /// Make a table of independent random elements instead, which is of full rank
    #[arg(long, group = "source", requires_all = ["rows", "dim"])]
    random_full: bool,
    /// Rows of the random table
    #[arg(long, value_name = "N", conflicts_with = "table")]
    rows: Option<usize>,
    /// Columns of the random table
    #[arg(long, value_name = "N", conflicts_with = "table")]
    dim: Option<usize>,
    /// The random table follows from it
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Number of cores, if neither p nor q is given
    #[arg(long, default_value = "3", value_name = "D", value_parser = clap::value_parser!(u8).range(2..=4))]
    cores: u8,
    /// Radices of the rows [default: balanced]
    #[arg(long, value_name = "200,220,250")]
    p: Option<List>,
    /// Radices of the columns [default: balanced]
    #[arg(long, value_name = "4,4,4")]
    q: Option<List>,
    /// Ranks between the cores; one number stands for all
    #[arg(long, value_name = "16,16")]
    ranks: Option<List>,
    /// Relative Frobenius error not to be exceeded [default without --ranks: 1e-5]
    #[arg(long, value_name = "E")]
    max_error: Option<f64>,
    /// Refuse cores with more parameters than this share of the table's elements
    #[arg(long, default_value = "0.5", value_name = "S")]
    max_share: f64,
    /// Where the cores go
    #[arg(long, value_name = "FILE.npz")]
    out: Option<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Output {
    table: String,
    seed: Option<u64>,
    columns: usize,
    target_ranks: Option<Vec<usize>>,
    target_error: Option<f64>,
    #[serde(flatten)]
    decomposed: Decomposed,
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<String, Failure> {
    let (given, rows, columns) = match (&args.table, args.rows, args.dim) {
        (Some(path), ..) => {
            let (table, rows, columns) = read_table(path)?;
            (Some(table), rows, columns)
        }
        (None, rows, dim) => (None, rows.unwrap_or_default(), dim.unwrap_or_default()),
    };
    let lengths = [&args.p, &args.q].map(|list| list.as_ref().map(|list| list.0.len()));
    let d = lengths[0].or(lengths[1]).unwrap_or(args.cores.into());
    let radices = |list: &Option<List>, whole: usize, exact| match list {
        Some(list) => list.0.clone(),
        None => balanced(whole as u64, d, exact),
    };
    let (p, q) = (
        radices(&args.p, rows, false),
        radices(&args.q, columns, true),
    );
    let product = q
        .iter()
        .try_fold(1, |product: usize, &q| product.checked_mul(q));
    if product != Some(columns) {
        let q = commas(&q);
        return Err(
            format!("q = {q}: the product must be the number of columns, {columns}").into(),
        );
    }
    let target = Target {
        ranks: args
            .ranks
            .as_ref()
            .map(|ranks| ranks.repeated(d.max(1) - 1)),
        max_error: match (&args.ranks, args.max_error) {
            (None, None) => Some(1e-5),
            (_, given) => given,
        },
        max_share: args.max_share,
    };
    let (table, name) = match (given, args.random_rank) {
        (Some(table), _) => (
            table,
            format!("{}", args.table.as_deref().unwrap_or("".as_ref()).display()),
        ),
        (None, Some(rank)) => {
            let shape = TtShape::new(&p, &q, &vec![rank; d - 1])?;
            (
                dense_table(&random_cores(shape, rows, args.seed)?),
                format!("random of TT rank {rank}"),
            )
        }
        (None, None) => {
            let shape = TtShape::new(&p, &q, &vec![1; d - 1])?;
            // Checks sizes before the table is made.
            random_cores(shape, rows, 0)?;
            let mut rng = SplitMix64::new(args.seed);
            let table = (0..rows * columns)
                .map(|_| (rng.unit() - 0.5) as f32)
                .collect();
            (table, "random of full rank".to_owned())
        }
    };
    let progress = Progress::steps(d as u64);
    let decomposed = decompose(&table, rows, &p, &q, &target, |step| {
        progress.set(step as u64 + 1)
    })?;
    drop(progress);
    if let Some(path) = &args.out {
        write_cores(path, &decomposed.cores)?;
    }
    let output = Output {
        table: name,
        seed: args.table.is_none().then_some(args.seed),
        columns,
        target_ranks: target.ranks,
        target_error: target.max_error,
        decomposed,
        out: args.out.clone(),
    };
    if args.json {
        Ok(report::json(&output))
    } else {
        Ok(text(&output))
    }
}

fn text(output: &Output) -> String {
    let Decomposed {
        shape,
        rows,
        parameters,
        compression,
        error,
        boundaries,
        seconds,
        seconds_measuring,
        peak_memory,
        ..
    } = &output.decomposed;
    let seed = output
        .seed
        .map_or(String::new(), |seed| format!(", seed {seed}"));
    let (p, q, r) = (commas(shape.p()), commas(shape.q()), commas(shape.r()));
    let exponent = |title| Column::right(title).unit(Unit::plain(2).exponent());
    let mut table = Table::new([
        Column::left("boundary"),
        Column::right("rank"),
        Column::right("needed"),
        Column::right("largest"),
        exponent("cut off"),
        exponent("smallest to largest"),
    ]);
    for (k, boundary) in boundaries.iter().enumerate() {
        table.row(row![
            (k + 1).to_string(),
            boundary.rank,
            boundary.needed,
            boundary.largest,
            boundary.cut,
            boundary.smallest_to_largest,
        ]);
    }
    let memory = peak_memory.map_or("unknown".into(), |bytes| format!("{} MiB", bytes >> 20));
    format!(
        "table {}{seed}: {rows} rows of {}\n\
         cores of p {p}, q {q}, ranks {r}: {parameters} parameters, compression {compression:.1}x\n\
         relative error {:.3e}, largest difference {:.3e} (largest element {:.3e}), all rows compared\n\n\
         {table}\n\
         {seconds:.2} s, {seconds_measuring:.2} s of it measuring the error; peak memory {memory}\n",
        output.table, output.columns, error.relative, error.largest, error.largest_element,
    )
}
