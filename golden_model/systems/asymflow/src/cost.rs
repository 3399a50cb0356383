//! The closed formulas: cycles of a table, or a share of it, by each strategy.

use crate::machine::Machine;
use crate::params::{HOT_ROWS, HOT_TEST, LINE, NORM, REPEAT};
use crate::profile::Profile;
use crate::schedule::Strategy;
use crate::workload::Table;

/// A table under a load.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'a> {
    pub machine: &'a Machine,
    pub table: &'a Table,
    pub profile: &'a Profile,
    /// Look-ups of a batch.
    pub lookups: f64,
    /// Share of row reads that hit in L2.
    pub hit: f64,
    /// Coverage of [`HOT_ROWS`] on queries that did not choose the rows; the profile's where this is lacking.
    pub held_out: Option<&'a [f64; HOT_ROWS.len()]>,
}

/// Cycles for a share of the batch: the largest of some lines, `slope * share + fixed`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub lines: Vec<(f64, f64)>,
    /// Bytes of L1 on each core that has a share.
    pub l1: f64,
    /// Least cycles if several cores share the table: they meet on the hottest granule.
    pub meet: f64,
}

impl Cost {
    /// Cycles of this share of the batch.
    pub fn cycles(&self, share: f64) -> f64 {
        self.lines.iter().fold(0.0, |most, (slope, fixed)| {
            f64::max(most, slope * share + fixed)
        })
    }
}

impl Demand<'_> {
    /// Cycles when `cores` cores serve equal shares at the same time.
    pub fn cycles(&self, how: Strategy, cores: f64) -> f64 {
        let Some(cost) = self.cost(how, cores) else {
            return f64::INFINITY;
        };
        if !how.by_row() {
            return cost.cycles(1.0 / cores);
        }
        let latency = cost.lines[0].1;
        let own = cost.cycles(1.0 / cores) - latency;
        let met = if cores > 1.0 { cost.meet } else { 0.0 };
        let rows = self.lookups * self.by_row_share(how, cores);
        let lines = (f64::from(self.table.row_bytes()) / LINE).max(1.0);
        let missed = rows * (1.0 - self.hit) * lines * LINE / self.machine.hbm_per_cycle();
        let norm = own.powf(NORM) + met.powf(NORM) + missed.powf(NORM);
        norm.powf(1.0 / NORM) + latency
    }

    /// Share of the look-ups that read a row of global memory.
    fn by_row_share(&self, how: Strategy, cores: f64) -> f64 {
        match how {
            Strategy::Hot(rows) => 1.0 - self.coverage(rows),
            Strategy::Filter => self.distinct_share(cores),
            _ => 1.0,
        }
    }

    /// Share of the look-ups that resident rows serve.
    fn coverage(&self, rows: u32) -> f64 {
        let place = HOT_ROWS.iter().position(|&of| of == rows);
        match (self.held_out, place) {
            (Some(coverage), Some(place)) => coverage[place],
            _ => self.profile.coverage(rows.into()),
        }
    }

    fn distinct_share(&self, cores: f64) -> f64 {
        let each = (self.lookups / cores).max(1.0);
        (self.profile.distinct(each) / each).min(1.0)
    }

    /// What a share costs; none if the strategy can't serve the table. `cores` is the most cores that may
    /// have a share (FILTER repeats fewest rows then).
    pub fn cost(&self, how: Strategy, cores: f64) -> Option<Cost> {
        let machine = self.machine;
        let (row, bytes) = (f64::from(self.table.row_bytes()), self.table.table_bytes());
        let n = self.lookups;
        let gather = (f64::from(self.table.dim) / machine.gather).max(1.0);
        let latency = self.hit * machine.lat_l2 + (1.0 - self.hit) * machine.lat_hbm;
        let issue = machine
            .t_desc
            .max(row / machine.w_gm)
            .max(latency / machine.n_out);
        let one = |slope: f64, fixed: f64, l1: f64, meet: f64| {
            Some(Cost {
                lines: vec![(slope, fixed)],
                l1,
                meet,
            })
        };
        let fits = bytes <= machine.l1_bytes;
        match how {
            Strategy::Gm => one(
                n * issue.max(machine.t_add),
                latency,
                0.0,
                self.meet(n, 0.0),
            ),
            Strategy::Filter => {
                let distinct = self.distinct_share(cores);
                let cycles = distinct * issue.max(machine.t_add) + (1.0 - distinct) * REPEAT;
                // A core asks a granule once for each of its rows.
                let most = machine.t_same * cores * self.neighbours();
                one(n * cycles, latency, 0.0, self.meet(n, 0.0).min(most))
            }
            Strategy::Hot(rows) => {
                let l1 = f64::from(rows) * row;
                if rows >= self.table.rows || l1 > machine.l1_bytes {
                    return None;
                }
                let covered = self.coverage(rows);
                let added = if self.table.pooled() {
                    machine.t_add
                } else {
                    0.0
                };
                let vector = covered * gather + HOT_TEST + (1.0 - covered) * added;
                let first = machine.t_chunk + l1.min(machine.chunk()) / machine.w_l1;
                let cycles = ((1.0 - covered) * issue).max(vector);
                let meet = self.meet(n * (1.0 - covered), rows.into());
                one(n * cycles, latency.max(first), l1, meet)
            }
            Strategy::L1 => fits.then_some(()).and_then(|()| {
                let cycles = machine.t_l1.max(row / machine.w_l1).max(machine.t_add);
                one(n * cycles, machine.lat_l1, bytes, 0.0)
            }),
            Strategy::L1Ub => {
                fits.then(|| self.streamed(machine.w_l1, machine.lat_l1, gather, bytes))
            }
            Strategy::GmUb => {
                let streams = bytes > machine.l2_bytes / 2.0;
                let (wide, latency) = match streams {
                    true => (
                        machine.w_gm.min(machine.hbm_per_cycle() / machine.cores),
                        machine.lat_hbm,
                    ),
                    false => (machine.w_gm, machine.lat_l2),
                };
                Some(self.streamed(wide, latency, gather, 0.0))
            }
        }
    }

    fn streamed(&self, wide: f64, latency: f64, gather: f64, l1: f64) -> Cost {
        let machine = self.machine;
        let bytes = self.table.table_bytes();
        let chunks = (bytes / machine.chunk()).ceil().max(1.0);
        let load = machine.t_chunk + bytes / chunks / wide;
        let n = self.lookups;
        if chunks == 1.0 {
            return Cost {
                lines: vec![(n * gather, load + latency)],
                l1,
                meet: 0.0,
            };
        }
        let scan = (n * chunks / machine.scan).min(2.0 * n);
        let all = n * gather + scan;
        let share = self.profile.share_of(0.0);
        // A chunk without the hottest row, and the one with it.
        let usual = (n * gather * (1.0 - share) + scan) / chunks;
        let hottest = n * gather * (share + (1.0 - share) / chunks);
        let lines = vec![
            (usual, chunks * load + latency),
            (all, load + latency),
            // The hottest chunk's gathers stick out over the loads.
            (usual + hottest, (chunks - 1.0) * load + latency),
        ];
        Cost {
            lines,
            l1,
            meet: 0.0,
        }
    }

    /// Rows of a granule.
    fn neighbours(&self) -> f64 {
        (self.machine.granule / f64::from(self.table.row_bytes()))
            .max(1.0)
            .min(self.table.rows.into())
    }

    /// Cycles of the hottest granule under `n` look-ups, of which the `skip` hottest rows have none.
    fn meet(&self, n: f64, skip: f64) -> f64 {
        let granules = (self.table.table_bytes() / self.machine.granule)
            .ceil()
            .max(1.0);
        let mean = n / granules;
        let spread = mean + (2.0 * mean * granules.ln()).sqrt();
        let hot = self.lookups * self.profile.hottest(self.neighbours(), skip);
        self.machine.t_same * n.min(hot.max(spread))
    }
}
