//! `golden_model screc tt inspect`

use crate::{Element, Layout, QuantisationError, TtReport, report};
use ::report::{Column, Table, Unit, row};

use super::commas;
use super::cores::CoresArgs;
use shell::Failure;

/// Say what TT cores are, and what each element type costs in accuracy
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    cores: CoresArgs,
    /// Element type to measure [default: all]
    #[arg(long, value_enum)]
    element: Option<Element>,
    /// Rows to measure on; all, if the table has no more
    #[arg(long, default_value = "10000", value_name = "N")]
    sample: usize,
    /// Seed of their choice
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Output {
    layout: Layout,
    #[serde(flatten)]
    report: TtReport,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<String, Failure> {
    let (cores, layout) = args.cores.read()?;
    let elements = args
        .element
        .map_or(Element::ALL.to_vec(), |element| vec![element]);
    let report = report(&cores, &elements, args.sample, args.seed)?;
    let output = Output { layout, report };
    if args.json {
        Ok(::report::json(&output))
    } else {
        Ok(text(&output))
    }
}

fn text(Output { layout, report }: &Output) -> String {
    let shape = &report.shape;
    let bytes = report.bytes;
    format!(
        "{} rows of {}, layout {}\np {}, q {}, ranks {}\n\
         {} parameters, compression {:.1}x, {} multiplications a row\n\
         bytes: bf16 {}, int8 {}, fp32 {}\n\n{}\n{}",
        report.rows,
        report.columns,
        layout.name(),
        commas(shape.p()),
        commas(shape.q()),
        commas(shape.r()),
        report.parameters,
        report.compression,
        report.macs_a_row,
        bytes.bf16,
        bytes.int8,
        bytes.fp32,
        ranges(&report.ranges),
        quantisation(&report.quantisation),
    )
}

fn ranges(ranges: &[[f32; 2]]) -> Table {
    let number = |title| Column::right(title).unit(Unit::plain(6).exponent());
    let mut table = Table::new([Column::left("core"), number("smallest"), number("largest")]);
    for (k, &[low, high]) in ranges.iter().enumerate() {
        table.row(row![k.to_string(), low, high]);
    }
    table
}

fn quantisation(errors: &[QuantisationError]) -> Table {
    let number = |title| Column::right(title).unit(Unit::plain(3).exponent());
    let mut table = Table::new([
        Column::left("element"),
        number("relative"),
        number("largest"),
        Column::right("rows"),
        Column::left("against f64"),
    ]);
    for measured in errors {
        let seed = measured.seed.map(|seed| format!("seed {seed}"));
        let requant = measured.requant.iter();
        let requant = requant.map(|by| format!("x {} >> {}", by.mult, 16 + by.shift));
        let how: Vec<String> = seed.into_iter().chain(requant).collect();
        table.row(row![
            measured.element.name(),
            measured.error.relative,
            measured.error.largest,
            measured.rows,
            how.join("  "),
        ]);
    }
    table
}
