//! The command: options, table or JSON, report file.

use std::fs;
use std::path::{Path, PathBuf};

use contract::ConfigSpec;
use hdl_gen::{AnyBlock, find};

use super::analysis::analyse;
use super::cells::Cells;
use super::error::AreaError;

/// Where netlists, logs and reports go, below the current folder.
const SCRATCH: &str = "target/area";
const REPORTS: &str = "target/reports";

/// Synthesise a block: area, critical path
#[derive(Debug, clap::Parser)]
#[command(name = "area")]
pub struct AreaArgs {
    /// Block to synthesise [default: the first]
    #[arg(long, value_name = "NAME")]
    block: Option<String>,
    /// Named configuration or .toml file [default: the block's first]
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// Cell library instead of our own, plain or packed by gzip; several times for a library of
    /// several files
    #[arg(long, value_name = "FILE")]
    liberty: Vec<PathBuf>,
    /// Node of the cell library in nm [default: by its name, if it is a known one]
    #[arg(long, value_name = "NM", requires = "liberty", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    node: Option<u32>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Synthesises; the table (or the JSON) to print. Leaves the report in `target/reports`.
pub fn run(blocks: &[&dyn AnyBlock], args: &AreaArgs) -> Result<String, AreaError> {
    let first = blocks.first().map(|block| block.name());
    let block = find(blocks, args.block.as_deref().or(first).unwrap_or_default())?;
    let config = block.load(&ConfigSpec::of(args.config.clone()))?;
    let cells = Cells::load(&args.liberty, args.node)?;
    let report = analyse(&config.emit()?, &cells, Path::new(SCRATCH))?;
    let json = ::report::json(&report);
    let folder = Path::new(REPORTS);
    fs::create_dir_all(folder).map_err(|e| AreaError::io(folder, e))?;
    let file = folder.join(format!("area-{}-{}.json", report.block, report.config));
    contract::write_file(&file, &json).map_err(|e| AreaError::io(&file, e))?;
    Ok(match args.json {
        true => json,
        false => format!("{report}report {}\n", file.display()),
    })
}
