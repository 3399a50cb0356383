//! The request stream of a PE: visits in order, requests packed into rows of the query table.

use super::radix::sort_by_high_half;
use super::sharing::Lists;
use super::{Bags, Visits};

/// What a PE is given for one batch or tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Visits in visiting order (see the [module](super)).
    pub visits: Vec<Visit>,
    /// Queries the PE sees: those with at least one id.
    pub queries: usize,
    /// PE-local number -> index of the query in the bags (numbered by [`super::number_queries`]).
    pub order: Vec<u32>,
    lookups: u64,
    fills: u64,
    additions_shared: u64,
    reads_unique: usize,
}

/// One visit of one vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The vector: row id (forward) or gradient index (backward).
    pub id: u32,
    /// Its requests, rows ascending, never empty.
    pub requests: Vec<RowRequest>,
}

/// The look-ups that one visit makes in one row of the query table. PE-local query `q` sits in row
/// `q / lanes`, lane `q % lanes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRequest {
    /// Row of the query table.
    pub row: u32,
    /// Bit per lane: this query requests the vector. Never zero.
    pub mask: u32,
    /// The part of `mask` for which this is the query's last look-up.
    pub last: u32,
}

/// `lanes` is not a power of two from 1 to 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("look-ups a cycle is {lanes}, but must be a power of two from 1 to 32")]
pub struct LanesError {
    /// The value given.
    pub lanes: u32,
}

/// Schedules a forward batch for a PE that takes `lanes` look-ups per cycle. Queries without ids
/// are left out. Backward work is scheduled by [`super::Backward::schedule`].
///
/// # Errors
/// If `lanes` is not a power of two from 1 to 32.
pub fn schedule(batch: &Bags, lanes: u32) -> Result<Schedule, LanesError> {
    Schedule::new(&Visits::new(batch), lanes)
}

/// Packs look-ups, each `number << 1 | last` in its lower half, of one row.
fn pack(lookups: &[u64], lanes: u32) -> RowRequest {
    let number = |lookup: u64| lookup as u32 >> 1;
    let mut request = RowRequest {
        row: number(lookups[0]) / lanes,
        mask: 0,
        last: 0,
    };
    for &lookup in lookups {
        let lane = number(lookup) % lanes;
        request.mask |= 1 << lane;
        request.last |= (lookup as u32 & 1) << lane;
    }
    request
}

impl Schedule {
    /// Packs these visits for a PE that takes `lanes` look-ups per cycle.
    ///
    /// # Errors
    /// If `lanes` is not a power of two from 1 to 32.
    pub fn new(visits: &Visits, lanes: u32) -> Result<Self, LanesError> {
        if !lanes.is_power_of_two() || lanes > 32 {
            return Err(LanesError { lanes });
        }
        let lists = Lists::new(visits);
        let sharing = lists.sharing();
        // As `visit << 32 | number << 1 | last`. In the order of numbers, which a stable sort keeps.
        let mut lookups = Vec::with_capacity(visits.lookups());
        for (number, list) in (0..).zip(lists.iter()) {
            lookups.extend(list.iter().map(|visit| visit << 32 | number << 1));
            if let Some(last) = lookups.last_mut() {
                *last |= 1;
            }
        }
        drop(lists);
        sort_by_high_half(&mut lookups);

        let row = |lookup: u64| (lookup as u32 >> 1) / lanes;
        let of_visits = lookups.chunk_by(|a, b| a >> 32 == b >> 32);
        let packed = visits.iter().zip(of_visits).map(|(visit, lookups)| {
            let rows = || lookups.chunk_by(|&a, &b| row(a) == row(b));
            let mut requests = Vec::with_capacity(rows().count());
            requests.extend(rows().map(|lookups| pack(lookups, lanes)));
            Visit {
                id: visit.id,
                requests,
            }
        });
        Ok(Self {
            visits: packed.collect(),
            queries: sharing.order.len(),
            order: sharing.order,
            lookups: visits.lookups() as u64,
            fills: sharing.fills,
            additions_shared: sharing.additions,
            reads_unique: visits.unique(),
        })
    }

    /// The update that follows when the sums are retained: every PE-local query once, with its index in
    /// the bags as id. Neighbouring numbers share a row of the query table, which takes only one update
    /// at a time: so all first lanes come first, then all second ones.
    pub fn updates(&self, lanes: u32) -> Vec<Visit> {
        let mut numbers: Vec<u32> = (0..self.queries as u32).collect();
        numbers.sort_by_key(|number| (number % lanes, number / lanes));
        let update = |number: u32| {
            let mask = 1 << (number % lanes);
            Visit {
                id: self.order[number as usize],
                requests: vec![RowRequest {
                    row: number / lanes,
                    mask,
                    last: mask,
                }],
            }
        };
        numbers.into_iter().map(update).collect()
    }

    /// Look-ups of all queries.
    pub fn lookups(&self) -> u64 {
        self.lookups
    }

    /// Requests of all visits: beats of the request stream.
    pub fn row_requests(&self) -> u64 {
        self.visits
            .iter()
            .map(|visit| visit.requests.len() as u64)
            .sum()
    }

    /// Different vectors: memory reads if one that is visited twice is kept for its second visit.
    pub fn reads_unique(&self) -> u64 {
        self.reads_unique as u64
    }

    /// Additions when every query sums alone.
    pub fn additions(&self) -> u64 {
        self.lookups - self.queries as u64
    }

    /// Additions when identical partial sums share one: what a PE must execute, exactly.
    pub fn additions_shared(&self) -> u64 {
        self.additions_shared
    }

    /// Copies of a vector into a fresh partial sum: at most one per visit.
    pub fn fills(&self) -> u64 {
        self.fills
    }
}
