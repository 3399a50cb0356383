//! Ours and the baselines it is compared with, one choice changed at a time.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use rayon::prelude::*;
use serde::Serialize;

use super::systems::{Figures, Setting, candidates, figures};
use super::workload::Workload;
use crate::serve::Machine;

/// One other choice.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    pub parameter: &'static str,
    pub value: String,
    pub ns_a_query: f64,
    pub pj_a_query: f64,
    pub act_a_query: Option<f64>,
    /// Time of `nmars_matched` and of `aam_copies` over ours.
    pub time_to_nmars: f64,
    pub time_to_aam_copies: f64,
    /// Energy of `nmars_matched`, `nmars_fixed`, `naive_plain_fixed` and `no_switching` over ours.
    pub energy_to_nmars: f64,
    pub energy_to_nmars_fixed: f64,
    pub energy_to_naive: f64,
    pub energy_to_no_switching: f64,
}

const ROWS: [u32; 4] = [32, 64, 128, 256];
const BUDGETS: [f64; 5] = [0.0, 0.05, 0.1, 0.2, 0.4];
const BATCHES: [u32; 4] = [256, 1024, 2048, 8192];

/// Tiles, budgets, batches and kinds of ADC.
pub fn sensitivity(
    setting: &Setting,
    workload: &Workload,
    named: &[(&str, AdcSwitchConfig)],
) -> Vec<Point> {
    let mut changed: Vec<(&'static str, String, Setting)> = Vec::new();
    let with = |config: AdcSwitchConfig| Setting {
        machine: Machine::new(&config, setting.machine.dim),
        loaded: None,
        ..setting.clone()
    };
    for rows in ROWS {
        let config = AdcSwitchConfig {
            rows,
            ..setting.machine.config.clone()
        };
        changed.push(("word lines", rows.to_string(), with(config)));
    }
    for budget in BUDGETS {
        let other = Setting {
            budget,
            ..setting.clone()
        };
        changed.push(("budget", budget.to_string(), other));
    }
    for batch in BATCHES {
        let other = Setting {
            batch,
            ..setting.clone()
        };
        changed.push(("batch", batch.to_string(), other));
    }
    for adc in [AdcKind::Flash, AdcKind::Sar] {
        let config = AdcSwitchConfig {
            adc,
            ..setting.machine.config.clone()
        };
        let name = match adc {
            AdcKind::Flash => "flash",
            AdcKind::Sar => "SAR",
        };
        changed.push(("ADC", name.to_owned(), with(config)));
    }
    for (name, config) in named {
        changed.push(("configuration", (*name).to_owned(), with(config.clone())));
    }
    let point = |(parameter, value, setting): (&'static str, String, Setting)| {
        let (all, _) = candidates(&setting, workload);
        Point::new(parameter, value, &figures(&setting, workload, &all))
    };
    changed.into_par_iter().map(point).collect()
}

impl Point {
    fn new(parameter: &'static str, value: String, systems: &[Figures]) -> Self {
        let ours = find(systems, "ours");
        let time = |name| ratio(find(systems, name).ns_a_query, ours.ns_a_query);
        let energy = |name| ratio(find(systems, name).pj_a_query, ours.pj_a_query);
        Self {
            parameter,
            value,
            ns_a_query: ours.ns_a_query,
            pj_a_query: ours.pj_a_query,
            act_a_query: ours.act_a_query,
            time_to_nmars: time("nmars_matched"),
            time_to_aam_copies: time("aam_copies"),
            energy_to_nmars: energy("nmars_matched"),
            energy_to_nmars_fixed: energy("nmars_fixed"),
            energy_to_naive: energy("naive_plain_fixed"),
            energy_to_no_switching: energy("no_switching"),
        }
    }
}

/// The figures of a system.
///
/// # Panics
/// If there is none of this name.
pub fn find<'a>(systems: &'a [Figures], name: &str) -> &'a Figures {
    let found = systems.iter().find(|system| system.name == name);
    found.expect("every system is in the table")
}

/// 1 where there is nothing to compare with: no row is ever looked up.
pub fn ratio(value: f64, to: f64) -> f64 {
    match to > 0.0 {
        true => value / to,
        false => 1.0,
    }
}
