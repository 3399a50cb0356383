//! `golden_model screc tt reconstruct`

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::{
    Element, FastCores, QuantisedCores, Reconstructor, Reuse, TtShape, quantise, read_table,
    write_rows,
};
use traces::{Options, Query, Source};

use super::cores::CoresArgs;
use shell::Failure;

/// Reconstruct rows from TT cores, bit by bit as the hardware core does
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct Args {
    #[command(flatten)]
    cores: CoresArgs,
    /// Rows, printed with their bits
    #[arg(long, value_name = "1,5,7", value_delimiter = ',', group = "which")]
    rows: Vec<u32>,
    /// Look up the ids of a trace, sorted batch by batch, and count prefixes
    #[arg(long, value_name = "FILE.lk", group = "which")]
    trace: Option<PathBuf>,
    /// Table of the trace
    #[arg(long, default_value = "0", value_name = "N", requires = "trace")]
    trace_table: usize,
    /// Queries of the trace that are sorted together
    #[arg(long, default_value = "2048", value_name = "N", requires = "trace")]
    batch: std::num::NonZeroU32,
    /// Element type
    #[arg(long, value_enum, default_value = "fp32")]
    element: Element,
    /// Compare with the rows of this table
    #[arg(long, value_name = "TABLE.npy")]
    check: Option<PathBuf>,
    /// Where the rows go, as float32
    #[arg(long, value_name = "FILE.npy")]
    out: Option<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Output {
    element: Element,
    shape: TtShape,
    table_rows: usize,
    scale: f64,
    batches: usize,
    #[serde(flatten)]
    reuse: Reuse,
    check: Option<Check>,
    /// With `--rows` only.
    results: Vec<Row>,
}

#[derive(serde::Serialize)]
struct Check {
    relative_error: f64,
    largest_difference: f64,
}

#[derive(serde::Serialize)]
struct Row {
    row: u32,
    values: Vec<f64>,
    bits: Vec<u32>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<String, Failure> {
    let (cores, _) = args.cores.read()?;
    let quantised = quantise(&cores, args.element)?;
    let batches = match &args.trace {
        Some(path) => batches(path, args.trace_table, args.batch.get() as usize)?,
        None => vec![args.rows.clone()],
    };
    let fast = FastCores::new(&quantised);
    let mut reconstructor = Reconstructor::new(&fast);
    let columns = fast.columns();
    let table = args
        .check
        .as_deref()
        .map(|path| checked(path, cores.rows(), columns))
        .transpose()?;
    let mut reuse = Reuse::default();
    let (mut reals, mut results) = (Vec::new(), Vec::new());
    let (mut difference, mut norm, mut largest) = (0.0, 0.0, 0.0_f64);
    let mut bits = Vec::new();
    for rows in &batches {
        bits.resize(rows.len() * columns, 0);
        let this = reconstructor.rows(rows, &mut bits)?;
        reuse.rows += this.rows;
        reuse.prefix_products += this.prefix_products;
        for (&row, bits) in rows.iter().zip(bits.chunks_exact(columns)) {
            let values: Vec<f64> = bits.iter().map(|&bits| quantised.real(bits)).collect();
            if let Some(table) = &table {
                let should = &table[row as usize * columns..][..columns];
                for (is, &should) in values.iter().zip(should) {
                    let apart = is - f64::from(should);
                    difference += apart * apart;
                    norm += f64::from(should).powi(2);
                    largest = largest.max(apart.abs());
                }
            }
            if args.out.is_some() {
                reals.extend(values.iter().map(|&value| value as f32));
            }
            if args.trace.is_none() {
                results.push(Row {
                    row,
                    values,
                    bits: bits.to_vec(),
                });
            }
        }
    }
    if let Some(path) = &args.out {
        write_rows(path, columns, &reals)?;
    }
    let check = table.map(|_| Check {
        relative_error: (difference / if norm > 0.0 { norm } else { 1.0 }).sqrt(),
        largest_difference: largest,
    });
    let output = Output {
        element: args.element,
        shape: quantised.shape.clone(),
        table_rows: quantised.rows,
        scale: quantised.scale,
        batches: batches.len(),
        reuse,
        check,
        results,
    };
    if args.json {
        Ok(report::json(&output))
    } else {
        Ok(text(&output, &quantised))
    }
}

/// Row numbers of one table of a trace, batch by batch.
fn batches(path: &Path, table: usize, size: usize) -> Result<Vec<Vec<u32>>, Failure> {
    let name = path.display().to_string();
    let mut reader = Source::open(path, &Options::default()).map_err(|e| e.to_string())?;
    let mut batches = Vec::new();
    let mut query = Query::new();
    let mut queries = 0;
    while reader.read(&mut query).map_err(|error| error.to_string())? {
        let Some(bag) = query.iter().nth(table) else {
            let last = query.tables() - 1;
            return Err(format!(
                "trace-table = {table}: the trace `{name}` has tables 0 to {last}"
            )
            .into());
        };
        if queries % size == 0 {
            batches.push(Vec::new());
        }
        queries += 1;
        if let Some(batch) = batches.last_mut() {
            batch.extend_from_slice(bag);
        }
    }
    Ok(batches)
}

/// A table that has the rows that cores make.
fn checked(path: &Path, rows: usize, columns: usize) -> Result<Vec<f32>, Failure> {
    let (table, has_rows, has_columns) = read_table(path)?;
    if (has_rows, has_columns) != (rows, columns) {
        return Err(format!(
            "check = {}: it has {has_rows} rows of {has_columns}, the cores make {rows} of {columns}",
            path.display()
        )
        .into());
    }
    Ok(table)
}

fn text(output: &Output, cores: &QuantisedCores) -> String {
    let Reuse {
        rows,
        prefix_products,
    } = output.reuse;
    let mut text = String::new();
    for row in &output.results {
        let _ = write!(text, "row {}:", row.row);
        for value in &row.values {
            let _ = write!(text, " {value:.7e}");
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{rows} rows in {}, {} batches, {prefix_products} prefix products, {:.3} rows for each",
        cores.element.name(),
        output.batches,
        rows as f64 / prefix_products.max(1) as f64
    );
    if let Some(check) = &output.check {
        let _ = writeln!(
            text,
            "relative error {:.3e}, largest difference {:.3e}",
            check.relative_error, check.largest_difference
        );
    }
    text
}
