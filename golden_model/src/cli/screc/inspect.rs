//! `golden_model screc tt inspect`

use std::fmt::Write;

use golden_model::screc::{Element, Layout, TtReport, report};

use super::cores::CoresArgs;
use super::{commas, json};
use crate::cli::Failure;

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
        json(&output)
    } else {
        Ok(text(&output))
    }
}

fn text(Output { layout, report }: &Output) -> String {
    let shape = &report.shape;
    let bytes = report.bytes;
    let mut text = format!(
        "{} rows of {}, layout {}\np {}, q {}, ranks {}\n\
         {} parameters, compression {:.1}x, {} multiplications a row\n\
         bytes: bf16 {}, int8 {}, fp32 {}\n\n{:<10}{:>14}{:>14}\n",
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
        "core",
        "smallest",
        "largest",
    );
    for (k, [low, high]) in report.ranges.iter().enumerate() {
        let _ = writeln!(text, "{k:<10}{low:>14.6e}{high:>14.6e}");
    }
    let _ = writeln!(
        text,
        "\n{:<10}{:>14}{:>14}{:>10}  against f64",
        "element", "relative", "largest", "rows"
    );
    for measured in &report.quantisation {
        let _ = write!(
            text,
            "{:<10}{:>14.3e}{:>14.3e}{:>10}",
            measured.element.name(),
            measured.error.relative,
            measured.error.largest,
            measured.rows
        );
        if let Some(seed) = measured.seed {
            let _ = write!(text, "  seed {seed}");
        }
        for by in &measured.requant {
            let _ = write!(text, "  x {} >> {}", by.mult, 16 + by.shift);
        }
        text.push('\n');
    }
    text
}
