//! Energy that ADC switching saves on a trace.
//!
//! A row has as many elements as a tile's row; longer rows would be on tiles side by side, which
//! all do the same. Row frequencies are counted in the first half of the trace, the second half is
//! served. All tiles' work goes through one controller, tile after tile, so that its cycles are
//! those of a controller that never waits for queries.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use serde::Serialize;

use crate::model::energy::conversion_pj;
use crate::model::{Controller, Order, Placement, Tally};
use models::adc_switch::Rows;
use traces::Trace;
use traces::TraceError;
use traces::batch::Bags;

/// Activations by the operation that the controller chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Activations {
    /// Without rows: empty queries.
    pub skip: u64,
    /// Of one row.
    pub read: u64,
    /// Of more rows.
    pub mac: u64,
}

/// Conversions by operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByMode {
    pub read: u64,
    pub mac: u64,
}

/// Energy of the conversions with one kind of ADC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Energy {
    /// As converted.
    pub pj: f64,
    /// If all conversions had full resolution.
    pub fixed_pj: f64,
    pub pj_a_query: f64,
    pub fixed_pj_a_query: f64,
    /// `fixed_pj` / `pj`.
    pub ratio: f64,
}

/// Both kinds of ADC for the same conversions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Kinds {
    pub flash: Energy,
    pub sar: Energy,
}

/// What serving half a trace takes. Totals unless the name says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdcStudy {
    pub config: String,
    pub order: Order,
    /// The configuration's own ADCs.
    pub adc: AdcKind,
    pub adc_bits: u32,
    /// Queries that frequencies were counted on.
    pub counted: u64,
    /// Queries served.
    pub queries: u64,
    pub lookups: u64,
    pub activations: Activations,
    /// Activations with rows for each query.
    pub activations_a_query: f64,
    /// Activations by their active rows.
    pub histogram: BTreeMap<u32, u64>,
    pub accesses: u64,
    pub conversions: u64,
    pub conversions_by_mode: ByMode,
    pub conversions_by_resolution: BTreeMap<u32, u64>,
    pub adc_energy_pj: f64,
    pub adc_energy_fixed_pj: f64,
    /// How many times less energy that is.
    pub ratio: f64,
    /// The same conversions with ADCs of either kind.
    pub energy: Kinds,
    /// Cycles of one controller that does all the work.
    pub cycles: u64,
    /// The same at full resolution always.
    pub cycles_fixed: u64,
    /// Cycles that the array alone needs.
    pub array_cycles: u64,
    /// Cycles that the ADCs alone need.
    pub conversion_cycles: u64,
    /// Each access takes as long as its array or its conversions, whichever is slower. More than
    /// either of the two above where it is now one, now the other.
    pub access_cycles: u64,
    /// `cycles` / max(`array_cycles`, `conversion_cycles`).
    pub cycles_to_bound: f64,
    pub clock_ps: u32,
}

/// A trace that can't be served.
#[derive(Debug, thiserror::Error)]
pub enum AdcError {
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error(
        "query {query} wants {rows} rows of one tile, but accumulators of {bits} bits hold {most}; \
         use a configuration with a larger acc_bits"
    )]
    TooManyRows {
        /// Counted from 1.
        query: u64,
        rows: u64,
        bits: u32,
        most: u64,
    },
}

/// The work in progress.
struct Serving {
    config: AdcSwitchConfig,
    placement: Placement,
    switched: Controller,
    fixed: Controller,
    activations: Activations,
    histogram: BTreeMap<u32, u64>,
    lookups: u64,
}

/// Serves the second half of a trace, `batch` queries at a time, and reports to `progress` how many
/// bytes of the file it has read.
///
/// # Errors
/// If the trace can't be read again, or a query has more rows on a tile than can be summed.
pub fn study(
    name: &str,
    config: &AdcSwitchConfig,
    order: Order,
    trace: &Trace,
    batch: NonZeroU32,
    mut progress: impl FnMut(u64),
) -> Result<AdcStudy, AdcError> {
    let counted = trace.queries() / 2;
    let mut queries = trace.batches(NonZeroU32::MIN)?;
    let mut counts = HashMap::new();
    for _ in 0..counted {
        let Some(query) = queries.next() else { break };
        if order == Order::Frequency {
            let query = query?;
            for &row in query.iter().flatten() {
                *counts.entry(row).or_default() += 1;
            }
        }
    }
    let mut serving = Serving::new(config, Placement::from_counts(&counts));
    let mut first = counted;
    loop {
        let mut bags = Bags::new();
        for query in queries.by_ref().take(batch.get() as usize) {
            bags.push(query?.iter().flatten().copied());
        }
        if bags.is_empty() {
            break;
        }
        serving.serve(&bags, first)?;
        first += bags.len() as u64;
        progress(queries.bytes());
    }
    Ok(serving.finish(name, order, counted, first - counted))
}

impl Serving {
    fn new(config: &AdcSwitchConfig, placement: Placement) -> Self {
        let fixed = AdcSwitchConfig {
            switching: false,
            ..config.clone()
        };
        Self {
            placement,
            switched: Controller::new(config, None),
            fixed: Controller::new(&fixed, None),
            config: config.clone(),
            activations: Activations::default(),
            histogram: BTreeMap::new(),
            lookups: 0,
        }
    }

    /// Serves a batch; `first` queries of the trace came before it.
    fn serve(&mut self, batch: &Bags, first: u64) -> Result<(), AdcError> {
        self.check(batch, first)?;
        self.lookups += batch.lookups() as u64;
        for tile in self.placement.tiles(&self.config, batch) {
            for query in &tile.queries {
                let rows = |lines: &Vec<u16>| lines.iter().map(|&line| usize::from(line)).collect();
                self.query(&query.iter().map(rows).collect::<Vec<Rows>>());
            }
        }
        // A query without rows goes to any tile and returns zeros.
        for _ in batch.non_empty()..batch.len() {
            self.query(&[Rows::default()]);
        }
        Ok(())
    }

    /// Whether the accumulators of each tile hold all of a query's rows.
    fn check(&self, batch: &Bags, first: u64) -> Result<(), AdcError> {
        let most = 1 << (self.config.acc_bits - self.config.element_bits);
        for (query, bag) in (first + 1..).zip(batch.iter()) {
            if bag.len() as u64 <= most {
                continue;
            }
            let alone = [bag].into_iter().collect();
            for tile in self.placement.tiles(&self.config, &alone) {
                let rows = tile.queries.iter().flatten().map(Vec::len).sum::<usize>() as u64;
                if rows > most {
                    let bits = self.config.acc_bits;
                    return Err(AdcError::TooManyRows {
                        query,
                        rows,
                        bits,
                        most,
                    });
                }
            }
        }
        Ok(())
    }

    fn query(&mut self, activations: &[Rows]) {
        for rows in activations {
            let count = rows.count();
            *self.histogram.entry(count).or_default() += 1;
            *match count {
                0 => &mut self.activations.skip,
                1 => &mut self.activations.read,
                _ => &mut self.activations.mac,
            } += 1;
        }
        self.switched.query(activations);
        self.fixed.query(activations);
    }

    fn finish(mut self, name: &str, order: Order, counted: u64, queries: u64) -> AdcStudy {
        self.switched.drain();
        self.fixed.drain();
        let Self {
            config,
            activations,
            switched: Controller { seen, .. },
            ..
        } = self;
        let columns = u64::from(config.columns);
        let accesses: u64 = seen.accesses.iter().sum();
        let resolutions = (0..).zip(seen.accesses).filter(|&(_, count)| count > 0);
        let read = columns * activations.read;
        let energy = |kind| energy(kind, &config, &seen, queries);
        let kinds = Kinds {
            flash: energy(AdcKind::Flash),
            sar: energy(AdcKind::Sar),
        };
        let own = energy(config.adc);
        let array = u64::from(config.array_latency);
        let by_conversion = |bits| conversion_cycles(&config, bits);
        let all = || (0..).zip(seen.accesses);
        let array_cycles = accesses * array;
        let conversion_cycles = all().map(|(b, n)| n * by_conversion(b)).sum();
        let access_cycles = all().map(|(b, n)| n * by_conversion(b).max(array)).sum();
        AdcStudy {
            config: name.to_owned(),
            order,
            adc: config.adc,
            adc_bits: config.adc_bits,
            counted,
            queries,
            lookups: self.lookups,
            activations,
            activations_a_query: ratio(activations.read + activations.mac, queries),
            histogram: self.histogram,
            accesses,
            conversions: columns * accesses,
            conversions_by_mode: ByMode {
                read,
                mac: columns * accesses - read,
            },
            conversions_by_resolution: resolutions
                .map(|(bits, count)| (bits, columns * count))
                .collect(),
            adc_energy_pj: own.pj,
            adc_energy_fixed_pj: own.fixed_pj,
            ratio: own.ratio,
            energy: kinds,
            cycles: seen.cycles,
            cycles_fixed: self.fixed.seen.cycles,
            array_cycles,
            conversion_cycles,
            access_cycles,
            cycles_to_bound: ratio(seen.cycles, array_cycles.max(conversion_cycles)),
            clock_ps: config.clock_ps,
        }
    }
}

fn energy(kind: AdcKind, config: &AdcSwitchConfig, seen: &Tally, queries: u64) -> Energy {
    let columns = f64::from(config.columns);
    let cost = |(bits, count)| columns * count as f64 * conversion_pj(kind, bits);
    let pj: f64 = (0..).zip(seen.accesses).map(cost).sum();
    let fixed_pj = cost((config.adc_bits, seen.accesses.iter().sum::<u64>()));
    Energy {
        pj,
        fixed_pj,
        pj_a_query: pj / queries.max(1) as f64,
        fixed_pj_a_query: fixed_pj / queries.max(1) as f64,
        ratio: if pj > 0.0 { fixed_pj / pj } else { 1.0 },
    }
}

/// Cycles that the conversions of one access take.
fn conversion_cycles(config: &AdcSwitchConfig, bits: u32) -> u64 {
    let step = match config.adc {
        AdcKind::Flash => 1,
        AdcKind::Sar => bits,
    };
    u64::from(config.columns_per_adc() * step)
}

/// 0 where there is nothing to compare with.
fn ratio(value: u64, to: u64) -> f64 {
    match to {
        0 => 0.0,
        _ => value as f64 / to as f64,
    }
}
