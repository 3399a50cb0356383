//! The queries that blocks work on: batches of a trace, or of the embedded input.

use std::num::NonZeroU32;

use golden_model::batch::{Bags, rank_share};
use golden_model::trace::Trace;
use golden_model::trace::zipf::{Zipf, ZipfConfig};

use super::LockstepArgs;
use crate::Error;

/// Queries of a batch.
pub const BATCH: NonZeroU32 = NonZeroU32::new(2048).unwrap();
/// Batches of the embedded input.
const EMBEDDED: u64 = 1;

/// The requested batches: those of the trace, or of the embedded input. With `default`
/// there are some even if none are requested.
///
/// # Errors
/// A trace that can't be read, or has fewer batches.
pub fn batches(args: &LockstepArgs, default: bool) -> Result<Vec<Bags>, Error> {
    if !(args.wants_batches() || default) || args.replay.is_some() {
        return Ok(Vec::new());
    }
    let batches = match &args.trace {
        Some(path) => {
            let trace = Trace::open(path)?;
            let there = trace.batch_count(BATCH);
            let count = args.batches.unwrap_or(there);
            if count > there {
                let path = path.display();
                let text = format!("--batches {count}: `{path}` has {there} batches of {BATCH}");
                return Err(Error::Usage(text));
            }
            trace
                .batches(BATCH)?
                .take(count as usize)
                .collect::<Result<Vec<_>, _>>()?
        }
        None => embedded(args.seed, args.batches.unwrap_or(EMBEDDED))?,
    };
    Ok(match (args.ranks, args.rank) {
        (Some(ranks), Some(rank)) => batches
            .iter()
            .map(|batch| rank_share(batch, ranks, rank))
            .collect(),
        _ => batches,
    })
}

/// Batches of the embedded input.
///
/// # Errors
/// None with the default tables.
pub fn embedded(seed: u64, count: u64) -> Result<Vec<Bags>, Error> {
    let config = ZipfConfig {
        seed,
        ..ZipfConfig::default()
    };
    let mut zipf = Zipf::new(config).map_err(|error| Error::Usage(error.to_string()))?;
    Ok((0..count)
        .map(|_| zipf.batch(BATCH.get() as usize))
        .collect())
}
