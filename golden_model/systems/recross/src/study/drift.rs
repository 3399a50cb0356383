//! How long a mapping stays good: a trace in windows, each served under mappings made before it.

use serde::Serialize;
use traces::batch::Bags;

use super::systems::Setting;
use super::workload::Workload;
use crate::map::{Assignment, Mapping, Recipe, Training, refine};
use crate::serve::{Places, Plan, serve};

/// A window after the first.
#[derive(Clone, Debug, Serialize)]
pub struct Window {
    /// Counted from 1; the first is only trained on.
    pub window: u32,
    pub queries: u64,
    /// Activations per query under the mapping of the first window, of the one before, of all before.
    pub first: f64,
    pub last: f64,
    pub all: f64,
    /// Under the mapping of the window before, updated by one pass over all queries so far.
    pub updated: f64,
    /// Rows that the update moved.
    pub rows_moved: u64,
    /// Queries after which writing these rows has paid for itself in energy, against no update; none if never.
    pub break_even_queries: Option<f64>,
    /// Rows by falling count of all before.
    pub frequency: f64,
}

/// Serves all windows; an update moves at most `most` rows (one more if it ends in a swap).
pub fn drift(setting: &Setting, workload: &Workload, windows: u32, most: u64) -> Vec<Window> {
    let all: Vec<&[u32]> = workload
        .train
        .iter()
        .chain(workload.served.iter())
        .collect();
    let cut = |window: u32| all.len() * window as usize / windows as usize;
    let training =
        |from: u32, to: u32| Training::new(workload.rows, all[cut(from)..cut(to)].iter().copied());
    let map = |training: Training, mapping: Mapping| {
        let window = Workload {
            training,
            ..workload.clone()
        };
        let refine = match mapping {
            Mapping::Frequency => 0,
            _ => setting.recipe.refine,
        };
        let recipe = Recipe {
            mapping,
            refine,
            ..setting.recipe
        };
        setting.map(&window, recipe, 0)
    };
    let mapping = setting.recipe.mapping;
    let first = map(training(0, 1), mapping);
    let mut updated = first.clone();
    let mut done = Vec::new();
    for window in 1..windows {
        let bags: Bags = all[cut(window)..cut(window + 1)].iter().collect();
        let count = |assignment: &Assignment| {
            let plan = Plan::new(Places::new(assignment.clone()));
            serve(
                &setting.machine,
                &plan,
                &bags,
                setting.batch,
                setting.stream,
            )
        };
        let so_far = training(0, window);
        let before = count(&updated);
        // The first window's mapping is as new as can be.
        let moved = match window {
            1 => 0,
            _ => refine(&mut updated, &so_far, 1, setting.recipe.seed, most).moved,
        };
        let after = count(&updated);
        let energy = |served: &crate::serve::Served| served.energy(&setting.machine, 0.0).sum();
        let saved = energy(&before) - energy(&after);
        let cells = u64::from(setting.machine.dim * setting.machine.config.digits());
        let written = tech::crossbar::write_pj(moved * cells);
        done.push(Window {
            window: window + 1,
            queries: bags.len() as u64,
            first: count(&first).act_a_query(),
            last: count(&map(training(window - 1, window), mapping)).act_a_query(),
            all: count(&map(so_far.clone(), mapping)).act_a_query(),
            updated: after.act_a_query(),
            rows_moved: moved,
            break_even_queries: (saved > 0.0).then(|| written / saved),
            frequency: count(&map(so_far, Mapping::Frequency)).act_a_query(),
        });
    }
    done
}
