//! `recross also`: writes a derived multi-hot trace.

use std::path::PathBuf;

use traces::{Query, Target};

use super::options::workload;
use crate::map::Training;
use crate::params::ALSO_QUERIES;
use crate::study::{Split, also};

/// Derive a multi-hot trace: each query is the rows that most often occur with one row
///
/// Up to 20 rows that have at least 2 queries in common with a row drawn by its count. Derived, not measured.
#[derive(Debug, clap::Args)]
pub struct AlsoArgs {
    /// The trace to derive it from
    #[arg(long, value_name = "FILE")]
    trace: PathBuf,
    /// Where to, .lk or .lkb
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Queries to write
    #[arg(long, default_value_t = ALSO_QUERIES, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    queries: u64,
    /// Of the rows drawn
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Replace a file of that name
    #[arg(long)]
    force: bool,
}

/// Runs the command and returns what it prints.
pub fn run(args: &AlsoArgs) -> Result<String, String> {
    let target = Target::new(&args.output, args.force).map_err(|error| error.to_string())?;
    let workload = workload(&args.trace, Split::Half, args.seed)?;
    let all = workload.train.iter().chain(workload.served.iter());
    let training = Training::new(workload.rows, all);
    let bags = also::also(&training, args.queries, args.seed).ok_or_else(|| {
        format!(
            "{}: no row has 2 queries in common with each of 2 other rows; use a trace whose rows recur together",
            args.trace.display()
        )
    })?;
    let header = format!(
        "# derived from {} by `recross also`, seed {}: rows most often together with a row drawn by its count",
        workload.name, args.seed
    );
    let mut writer = target
        .create(&header, 1)
        .map_err(|error| error.to_string())?;
    for bag in bags.iter() {
        let query: Query = [bag].into_iter().collect();
        writer.write(&query).map_err(|error| error.to_string())?;
    }
    writer.finish().map_err(|error| error.to_string())?;
    Ok(format!(
        "{}: {} queries, {:.1} look-ups each, derived from {}\n",
        args.output.display(),
        bags.len(),
        bags.lookups() as f64 / bags.len() as f64,
        workload.name
    ))
}
