//! RecNMP (ISCA'20): a PE and a cache of hot rows in each rank's buffer chip; forward only.

use rayon::prelude::*;

use super::super::model::LINE;
use super::super::{Layout, params};
use super::cache::Cache;
use super::{Nmp, rank_reads};
use traces::batch::{Bags, Visits};

/// A forward pass. The cache is empty at first: rows have been updated since the batch before, by
/// the host, which the cache does not see.
pub fn recnmp(layout: &Layout, batch: &Bags) -> Nmp {
    let ranks = (0..layout.ranks()).into_par_iter();
    let done = ranks.map(|rank| one_rank(layout, &layout.share(rank, batch)));
    let done: Vec<Nmp> = done.collect();
    // However they are split between ranks and host: every query sums alone.
    let additions = batch.lookups() - batch.non_empty();
    let mut all = Nmp {
        additions: additions as u64,
        ..Nmp::default()
    };
    for rank in done {
        all.cycles = all.cycles.max(rank.cycles);
        all.lines_read += rank.lines_read;
        all.results += rank.results;
        all.commands += rank.commands;
    }
    all
}

fn one_rank(layout: &Layout, share: &Bags) -> Nmp {
    let lines = layout.bytes() / LINE;
    let mut cache = Cache::new(params::RECNMP_CACHE_BYTES, params::RECNMP_CACHE_WAYS);
    let mut misses = Vec::new();
    for visit in Visits::singly(share).iter() {
        let first = layout.address(visit.id);
        let touched = (0..lines).map(|line| first + line * LINE);
        misses.extend(touched.filter(|&line| cache.access(line / LINE, false).miss));
    }
    let (dram, commands) = rank_reads(&misses);
    let lookups = share.lookups() as u64;
    let results = share.non_empty() as u64;
    // The datapath takes a line in the time of a burst, from cache or DRAM; sums leave by the link.
    let datapath = lookups * lines * params::BURST;
    let link = results * lines * params::BURST * u64::from(layout.ranks_per_channel());
    Nmp {
        cycles: dram.max(datapath).max(link),
        lines_read: misses.len() as u64,
        results,
        commands,
        ..Nmp::default()
    }
}
