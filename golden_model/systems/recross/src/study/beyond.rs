//! Beyond the paper: extensions of ours, each kept if it helps on the training half alone.

use rayon::prelude::*;
use serde::Serialize;

use super::sensitivity::ratio;
use super::systems::{Candidate, Setting};
use super::workload::Workload;
use crate::map::{Assignment, Mapping, Recipe, Room, Training, build};
use crate::params::{JUDGED, PATTERN_PORTS, PATTERNS, SRAM_BANKS, SRAM_ROWS, TILES_A_BANK};
use crate::serve::buffers::{HotRows, Patterns};
use crate::serve::{Activation, Cover, Places, Plan, copies};

/// What is added to a mapping with copies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Extras {
    pub mapping: Mapping,
    /// Rows read one at a time.
    pub one_row: bool,
    /// Part of the budget for copies of rows.
    pub row_share: f64,
    /// Vectors of SRAM for hot rows.
    pub hot_vectors: u32,
    /// Vectors of the pattern buffer.
    pub patterns: u32,
    /// Banks of tiles that are active together add up what is theirs.
    pub bank_adders: bool,
}

/// One extension, measured on the served half.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub what: String,
    pub extras: Extras,
    /// Whether the training half says that it helps; it is then part of all that follows.
    pub kept: bool,
    /// Time x energy on the last part of the training half over that of what was kept before.
    pub judged: f64,
    pub ns_a_query: f64,
    pub pj_a_query: f64,
    pub act_a_query: f64,
    /// What it costs: vectors of buffers and tiles, copies included.
    pub buffer_vectors: u32,
    pub tiles: u64,
}

/// What an extension changes.
type Change = (String, fn(Extras) -> Extras);

/// The extensions in the order in which they are tried.
fn changes() -> Vec<Change> {
    let hot = |vectors| format!("{vectors} hot vectors in SRAM, {SRAM_BANKS} banks");
    vec![
        ("one row per access".to_owned(), |extras| Extras {
            one_row: true,
            row_share: 0.0,
            ..extras
        }),
        (
            "half of the budget for copies of rows".to_owned(),
            |extras| {
                let row_share = if extras.one_row { 0.0 } else { 0.5 };
                Extras {
                    row_share,
                    ..extras
                }
            },
        ),
        (hot(SRAM_ROWS[0]), |extras| Extras {
            hot_vectors: SRAM_ROWS[0],
            ..extras
        }),
        (hot(SRAM_ROWS[1]), |extras| Extras {
            hot_vectors: SRAM_ROWS[1],
            ..extras
        }),
        (
            format!("pattern buffer of {PATTERNS} vectors, {PATTERN_PORTS} ports"),
            |extras| Extras {
                patterns: PATTERNS,
                ..extras
            },
        ),
        (
            format!("adders in banks of {TILES_A_BANK} tiles"),
            |extras| Extras {
                bank_adders: true,
                ..extras
            },
        ),
    ]
}

/// Steps, and the system of those kept: from our mapping, and from access-aware rows, whichever gets further on
/// the training half.
pub fn best(setting: &Setting, workload: &Workload, row_share: f64) -> (Candidate, Vec<Step>) {
    let judged = workload.judged(JUDGED);
    let ours = Extras {
        mapping: setting.recipe.mapping,
        one_row: false,
        row_share,
        hot_vectors: 0,
        patterns: 0,
        bank_adders: false,
    };
    let aware = Extras {
        mapping: Mapping::Aam,
        row_share: 0.0,
        ..ours
    };
    let chain = |(name, base)| Chain::new(setting, workload, &judged, name, base);
    let chains: Vec<Chain> = [("ours", ours), ("access-aware mapping", aware)]
        .into_par_iter()
        .map(chain)
        .collect();
    let best = chains.iter().min_by(|a, b| a.least.total_cmp(&b.least));
    let kept = best.map_or(ours, |chain| chain.kept);
    let candidate = Candidate {
        name: "best",
        machine: setting.machine.clone(),
        plan: plan(setting, workload, kept),
    };
    let first = chains.first().map_or(1.0, |chain| chain.first);
    let mut steps = Vec::new();
    for mut chain in chains {
        // Access-aware rows are judged against ours.
        if let Some(step) = chain.steps.first_mut() {
            step.judged = ratio(chain.first, first);
            step.kept = chain.kept.mapping == kept.mapping;
        }
        steps.append(&mut chain.steps);
    }
    (candidate, steps)
}

/// One mapping and what was added to it.
struct Chain {
    kept: Extras,
    /// Time x energy at first, and with what was kept.
    first: f64,
    least: f64,
    steps: Vec<Step>,
}

impl Chain {
    fn new(
        setting: &Setting,
        workload: &Workload,
        judged: &Workload,
        name: &str,
        base: Extras,
    ) -> Self {
        let score = |extras: Extras| {
            let plan = plan(setting, judged, extras);
            setting.product(&setting.serve(&plan, &judged.served))
        };
        let first = score(base);
        let mut chain = Self {
            kept: base,
            first,
            least: first,
            steps: vec![step(setting, workload, name.to_owned(), base, true, 1.0)],
        };
        for (what, change) in changes() {
            let extras = change(chain.kept);
            if extras == chain.kept {
                continue;
            }
            let product = score(extras);
            let helps = product < chain.least;
            let judged = ratio(product, chain.least);
            chain
                .steps
                .push(step(setting, workload, what, extras, helps, judged));
            if helps {
                (chain.kept, chain.least) = (extras, product);
            }
        }
        chain
    }
}

/// An extension on the served half.
fn step(
    setting: &Setting,
    workload: &Workload,
    what: String,
    extras: Extras,
    kept: bool,
    judged: f64,
) -> Step {
    let plan = plan(setting, workload, extras);
    let served = setting.serve(&plan, &workload.served);
    let hot = plan.hot.as_ref().map_or(0, |hot| hot.vectors);
    Step {
        what,
        extras,
        kept,
        judged,
        ns_a_query: served.ns_a_query(&setting.machine),
        pj_a_query: served.energy(&setting.machine, setting.idle_mw).sum(),
        act_a_query: served.act_a_query(),
        buffer_vectors: hot + extras.patterns,
        tiles: served.tiles,
    }
}

/// The plan with these extras, all made from the training queries.
pub fn plan(setting: &Setting, workload: &Workload, extras: Extras) -> Plan {
    let hot = (extras.hot_vectors > 0)
        .then(|| HotRows::new(&workload.training, extras.hot_vectors, SRAM_BANKS));
    // Rows in SRAM don't say which tiles the others should be on.
    let without: Training;
    let training = match &hot {
        None => &workload.training,
        Some(hot) => {
            let bags: Vec<Vec<u32>> = workload
                .training
                .queries
                .iter()
                .map(|query| query.iter().copied().filter(|&row| !hot.has(row)).collect())
                .collect();
            without = Training::new(workload.rows, bags.iter().map(Vec::as_slice));
            &without
        }
    };
    let lines = setting.machine.lines();
    let needed = setting.needed(workload.rows);
    let for_rows = (setting.budget * extras.row_share * f64::from(needed)).floor() as u32;
    let recipe = Recipe {
        mapping: extras.mapping,
        refine: match extras.mapping == setting.recipe.mapping {
            true => setting.recipe.refine,
            false => 0,
        },
        ..setting.recipe
    };
    let room = Room::new(workload.rows, lines, for_rows);
    let assignment = match &setting.loaded {
        Some(loaded) if for_rows == 0 && extras.mapping == setting.recipe.mapping => loaded.clone(),
        _ => build(training, room, recipe, &mut |_| ()),
    };
    let mut places = Places::new(assignment);
    if for_rows > 0 {
        places.copies = copies::of_rows(training, &places.assignment, lines);
    }
    let mut plan = Plan::new(places);
    plan.one_row = extras.one_row;
    plan.hot = hot;
    plan.patterns = (extras.patterns > 0).then(|| Patterns::new(extras.patterns, PATTERN_PORTS));
    let extra = setting.extra(workload.rows) - for_rows;
    let mut plan = setting.with_copies(workload, &setting.machine, plan, extra);
    if extras.bank_adders {
        plan.banks = Some(banks(workload, &plan, setting.recipe));
    }
    plan
}

/// The bank of each copy of each tile: tiles by co-activation, 16 to a bank, further copies in banks of their own.
fn banks(workload: &Workload, plan: &Plan, recipe: Recipe) -> Vec<u32> {
    let Assignment { tiles, .. } = plan.places.assignment;
    let mut cover = Cover::default();
    let mut active = Vec::new();
    for bag in workload.train.iter() {
        let cold: Vec<u32> = match &plan.hot {
            Some(hot) => bag.iter().copied().filter(|&row| !hot.has(row)).collect(),
            None => bag.to_vec(),
        };
        cover.find(&plan.places, &cold, |_| 0);
        let tiles = cover.activations().map(|Activation { tile, .. }| tile);
        active.push(tiles.collect::<Vec<_>>());
    }
    let training = Training::new(tiles as usize, active.iter().map(Vec::as_slice));
    let room = Room::new(tiles as usize, TILES_A_BANK, 0);
    let recipe = Recipe {
        mapping: Mapping::Union,
        ..recipe
    };
    let together = build(&training, room, recipe, &mut |_| ());
    let mut banks = Vec::new();
    let mut further = 0;
    for (tile, &copies) in plan.copies.iter().enumerate() {
        banks.push(together.tile[tile]);
        for _ in 1..copies {
            banks.push(room.tiles + further / TILES_A_BANK);
            further += 1;
        }
    }
    banks
}
