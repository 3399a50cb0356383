//! `golden_model trace fit`

use std::num::NonZeroU32;
use std::path::PathBuf;

use report::{Column, Table, row};
use traces::fit::{Fit, fit};
use traces::{Measurement, Trace};

use super::reading::{self, Reading};
use shell::Failure;
use shell::Progress;

/// Find the generator's parameters that imitate a trace
///
/// Tables have as many rows as the trace lets expect, also those not seen; exponents are the most
/// likely ones, moved together until memory accesses match; co-occurrence is found by matching
/// additions. Both are of forward and backward together. Change over time is not imitated.
#[derive(Debug, clap::Args)]
pub struct FitArgs {
    /// A .lk or .lkb file, or a raw Criteo or Avazu log; also packed by gzip
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Queries in a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Write the parameters to this JSON file, for `trace generate --config`
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// Replace OUT if it exists
    #[arg(long)]
    force: bool,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

pub fn run(args: &FitArgs) -> Result<String, Failure> {
    if let Some(out) = args.out.as_ref().filter(|out| !args.force && out.exists()) {
        let name = out.display();
        return Err(Failure::of(format!(
            "`{name}` exists; give another name, or --force to replace it"
        )));
    }
    let size = std::fs::metadata(&args.file).map_or(0, |file| file.len());
    let progress = Progress::bytes(2 * size);
    let options = args.reading.options();
    let trace =
        Trace::open_as(&args.file, options, |bytes| progress.set(bytes)).map_err(Failure::of)?;
    let measured = Measurement::of(&trace, args.batch, |bytes| progress.set(size + bytes));
    let measured = measured.map_err(Failure::of)?;
    drop(progress);
    reading::warn(&args.file, trace.skipped());
    let mut progress = None;
    let fitted = fit(&trace, &measured, args.batch, |done, all| {
        progress
            .get_or_insert_with(|| Progress::steps(all))
            .set(done);
    });
    drop(progress);
    let fitted = fitted.map_err(Failure::of)?;
    if let Some(out) = &args.out {
        contract::write_file(out, &report::json(&fitted.config)).map_err(|cause| {
            Failure::of(format!(
                "cannot write the parameters `{}`: {cause}",
                out.display()
            ))
        })?;
    }
    match args.json {
        true => Ok(report::json(&fitted)),
        false => table(&fitted),
    }
}

fn table(fitted: &Fit) -> Result<String, Failure> {
    let Fit {
        config,
        trace,
        generator,
        exponents_moved,
    } = fitted;
    let mut table = Table::new([
        Column::left(""),
        Column::right("trace").decimals(3),
        Column::right("generator").decimals(3),
    ]);
    for (name, theirs, ours) in [
        (
            "unique rows of a batch",
            trace.unique_fraction,
            generator.unique_fraction,
        ),
        (
            "memory, both directions",
            trace.mem_both,
            generator.mem_both,
        ),
        (
            "additions forward",
            trace.comp_forward,
            generator.comp_forward,
        ),
        (
            "additions backward",
            trace.comp_backward,
            generator.comp_backward,
        ),
        ("additions, both", trace.comp_all, generator.comp_all),
    ] {
        table.row(row![name, theirs, ours]);
    }
    let parameters = serde_json::to_string(config).map_err(Failure::of)?;
    Ok(format!(
        "{table}\nexponents moved by {exponents_moved:+.3} from the most likely ones\n{parameters}\n"
    ))
}
