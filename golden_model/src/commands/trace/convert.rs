//! `golden_model trace convert`

use std::path::PathBuf;
use std::time::Instant;

use traces::{Query, Source, Target};

use super::reading::{self, Reading};
use shell::Failure;
use shell::Progress;

/// Write a trace or a raw log as .lk text or as compact binary .lkb
///
/// Raw logs are renumbered: in each table by first appearance, one look-up per table. The file is
/// written beside OUT and then renamed, so OUT is whole or not there.
#[derive(Debug, clap::Args)]
pub struct ConvertArgs {
    /// A .lk or .lkb file, or a raw Criteo or Avazu log; also packed by gzip
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write, ending in .lk or .lkb
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Replace OUT if it exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Queries between two reports of progress.
const REPORT_EVERY: u64 = 1 << 12;

pub fn run(args: &ConvertArgs) -> Result<String, Failure> {
    let target = Target::new(&args.out, args.force).map_err(Failure::of)?;
    let started = Instant::now();
    let size = std::fs::metadata(&args.file).map_or(0, |file| file.len());
    let progress = Progress::bytes(size);
    let mut source = Source::open(&args.file, &args.reading.options()).map_err(Failure::of)?;
    let mut query = Query::new();
    if !source.read(&mut query).map_err(Failure::of)? {
        return Err(source
            .no_queries()
            .map_or_else(|| Failure::of("no queries"), Failure::of));
    }
    let mut writer = target
        .create(source.header(), query.tables())
        .map_err(Failure::of)?;
    let (mut queries, mut lookups) = (0u64, 0);
    loop {
        writer.write(&query).map_err(Failure::of)?;
        queries += 1;
        lookups += query.lookups() as u64;
        if queries % REPORT_EVERY == 0 {
            progress.set(source.bytes());
        }
        if !source.read(&mut query).map_err(Failure::of)? {
            break;
        }
    }
    let bytes = writer.finish().map_err(Failure::of)?;
    drop(progress);
    if let Some(skipped) = source.skipped() {
        reading::warn(&args.file, skipped);
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(format!(
        "{}: {queries} queries, {} tables, {lookups} look-ups, {bytes} bytes; {:.0} queries a second\n",
        args.out.display(),
        query.tables(),
        queries as f64 / seconds,
    ))
}
