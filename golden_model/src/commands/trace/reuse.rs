//! `golden_model trace fit-reuse`

use std::path::PathBuf;

use contract::input::{InputFault, TEXT_LIMIT, Wanted, read_text};
use report::{Column, Table, row};
use traces::reuse::{fit, parse};

use shell::Failure;

/// Find the generator's parameters that imitate published reuse histograms
///
/// The file is as in facebookresearch/dlrm_datasets. Tables are taken to be alike; matched are unique
/// rows and those looked up once, the other steps are compared. Co-occurrence is 0.
#[derive(Debug, clap::Args)]
pub struct FitReuseArgs {
    /// Text with one part for each batch
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The part to fit, from 1
    #[arg(long, default_value = "1", value_name = "N")]
    part: usize,
    /// Equal tables of the generator
    #[arg(long, default_value = "8", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    tables: u32,
    /// Print one JSON object instead of a table; its `config` is for `trace generate --config`
    #[arg(long)]
    json: bool,
}

const WANTED: Wanted = Wanted {
    what: "reuse histograms",
    save: "give the text that facebookresearch/dlrm_datasets has beside its look-ups",
};

pub fn run(args: &FitReuseArgs) -> Result<String, Failure> {
    let name = args.file.display();
    let content = read_text(&args.file, WANTED, TEXT_LIMIT).map_err(|error| match error.fault {
        InputFault::Open(cause) => {
            Failure::of(format!("cannot read the histograms `{name}`: {cause}"))
        }
        _ => Failure::of(error),
    })?;
    let parts = parse(&content).map_err(|error| Failure::of(format!("{name}: {error}")))?;
    let part = args.part.checked_sub(1).and_then(|at| parts.get(at));
    let part = part.ok_or_else(|| {
        let (part, all) = (args.part, parts.len());
        Failure::of(format!("--part {part}: `{name}` has parts 1 to {all}"))
    })?;
    let fitted = fit(part, args.tables);
    if args.json {
        return Ok(report::json(&fitted));
    }
    let mut table = Table::new([
        Column::left(""),
        Column::right("published").decimals(3),
        Column::right("generator").decimals(3),
    ])
    .title(part.name.as_str());
    for &(most, published, ours) in &fitted.steps {
        table.row(row![format!("rows with up to {most}"), published, ours]);
    }
    let parameters = serde_json::to_string(&fitted.config).map_err(Failure::of)?;
    Ok(format!("{table}\n{parameters}\n"))
}
