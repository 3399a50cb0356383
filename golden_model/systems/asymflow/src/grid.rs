//! One table by formula and by event model, and the error of the formulas over a grid.

use rayon::prelude::*;
use serde::Serialize;

use crate::event::run;
use crate::hits::hit_rates;
use crate::machine::Machine;
use crate::params::{SEED, ZIPF};
use crate::problems::Load;
use crate::profile::Profile;
use crate::queries::{Distribution, batches};
use crate::schedule::{Schedule, Share, Strategy};
use crate::workload::Table;

/// A strategy on a number of cores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    pub strategy: Strategy,
    pub cores: u32,
    pub formula_us: f64,
    pub event_us: f64,
    /// Formula over event model, less one, in percent.
    pub error: f64,
}

/// Errors of a strategy over the grid, without sign, in percent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Errors {
    pub name: String,
    pub points: usize,
    pub mean: f64,
    pub p95: f64,
}

/// The four strategies on one core, GM on all cores as well; those that can't serve the table are left out.
///
/// # Errors
/// Never with generated queries.
pub fn points(
    machine: &Machine,
    table: &Table,
    batch: u32,
    of: &Distribution,
) -> Result<Vec<Point>, String> {
    let profile = match of {
        Distribution::Zipf => Profile::zipf(table.rows, ZIPF),
        Distribution::Same => Profile::counted(vec![1], table.rows),
        Distribution::Uniform | Distribution::Real(_) => Profile::uniform(table.rows),
    };
    let tables = [*table];
    let load = Load {
        profiles: vec![profile],
        ..Load::unknown(machine, &tables, batch)
    };
    let hit = hit_rates(machine, &tables, &load.profiles, batch.into())[0];
    let queries = batches(of, &tables, batch as usize, SEED)?;
    let demand = load.demand(0, hit);
    let one = [Strategy::Gm, Strategy::L1, Strategy::GmUb, Strategy::L1Ub].map(|how| (how, 1));
    let asked = one
        .into_iter()
        .chain([(Strategy::Gm, machine.cores as u32)]);
    let possible = asked.filter(|&(how, _)| demand.cost(how, 1.0).is_some());
    Ok(possible
        .map(|(strategy, cores)| {
            let edge = |core: u32| f64::from(core) / f64::from(cores);
            let share = |core| Share {
                table: 0,
                how: strategy,
                from: edge(core),
                to: edge(core + 1),
            };
            let mut phase = vec![Vec::new(); machine.core_count()];
            (0..cores).for_each(|core| phase[core as usize].push(share(core)));
            let event = run(machine, &tables, &Schedule::of(phase), &queries).cycles;
            let formula = demand.cycles(strategy, cores.into());
            Point {
                strategy,
                cores,
                formula_us: machine.us(formula),
                event_us: machine.us(event),
                error: 100.0 * (formula / event - 1.0),
            }
        })
        .collect())
}

/// Rows, elements and look-ups of the grid.
const ROWS: [u32; 9] = [
    16, 100, 1000, 4000, 10_000, 40_000, 100_000, 1_000_000, 10_000_000,
];
const DIMS: [u32; 2] = [16, 64];
const LOOKUPS: [u32; 3] = [1024, 4096, 16_384];

/// The formulas' errors: GM on one core and on all, L1, L1-UB, and GM-UB up to half of L2, each over
/// rows, elements, look-ups, and uniform, Zipf and all-same queries.
///
/// # Errors
/// Never with generated queries.
pub fn errors(machine: &Machine) -> Result<Vec<Errors>, String> {
    let mut cases = Vec::new();
    for rows in ROWS {
        for dim in DIMS {
            for batch in LOOKUPS {
                for of in [
                    Distribution::Uniform,
                    Distribution::Zipf,
                    Distribution::Same,
                ] {
                    cases.push((Table::new(rows, dim, 1.0), batch, of));
                }
            }
        }
    }
    let each: Vec<(Table, Vec<Point>)> = cases
        .par_iter()
        .map(|(table, batch, of)| Ok((*table, points(machine, table, *batch, of)?)))
        .collect::<Result<_, String>>()?;
    let kinds = [
        ("GM, 1 core", Strategy::Gm, false),
        ("GM, all cores", Strategy::Gm, true),
        ("L1", Strategy::L1, false),
        ("L1-UB", Strategy::L1Ub, false),
        ("GM-UB to half of L2", Strategy::GmUb, false),
    ];
    Ok(kinds
        .into_iter()
        .map(|(name, how, all)| {
            let small = |table: &Table| {
                how != Strategy::GmUb || table.table_bytes() <= machine.l2_bytes / 2.0
            };
            let points = each
                .iter()
                .filter(|(table, _)| small(table))
                .flat_map(|(_, points)| points);
            let of = points.filter(|p| p.strategy == how && (p.cores > 1) == all);
            let mut errors: Vec<f64> = of.map(|point| point.error.abs()).collect();
            errors.sort_by(f64::total_cmp);
            let count = errors.len();
            Errors {
                name: name.to_owned(),
                points: count,
                mean: errors.iter().sum::<f64>() / count.max(1) as f64,
                p95: errors.get(count * 95 / 100).copied().unwrap_or(0.0),
            }
        })
        .collect())
}
