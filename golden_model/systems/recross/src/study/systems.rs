//! Every system on one workload, all through the same code.

use rayon::prelude::*;
use serde::Serialize;
use traces::batch::Bags;

use super::workload::Workload;
use crate::map::{Assignment, Mapping, Recipe, Room, build};
use crate::params::{self, HASHES, ROW_SHARES};
use crate::serve::{Energy, Machine, Places, Plan, Served, copies, serve};

/// What all systems share.
#[derive(Clone, Debug)]
pub struct Setting {
    pub machine: Machine,
    /// Extra tiles per tile.
    pub budget: f64,
    /// Part of the budget for copies of rows; none: the best on the training half.
    pub row_share: Option<f64>,
    pub batch: u32,
    pub stream: bool,
    /// Leakage of a tile.
    pub idle_mw: f64,
    pub recipe: Recipe,
    /// Instead of the recipe's mapping.
    pub loaded: Option<Assignment>,
}

/// A system's figures.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub name: &'static str,
    pub ns_a_query: f64,
    pub pj_a_query: f64,
    /// Activations per query, look-ups where each is an access of its own; none for a host.
    pub act_a_query: Option<f64>,
    /// pJ per query by source.
    pub energy_split: Energy,
    /// Time over the largest service per copy of any tile; none for a host.
    pub bound_ratio: Option<f64>,
    /// Time over all service spread evenly over all tiles.
    pub mean_bound_ratio: Option<f64>,
    pub tiles: u64,
    /// Busy share of what is checked and not simulated.
    pub utilisation: Option<Ports>,
    #[serde(skip)]
    pub tile_copies: u32,
}

/// Utilisation of ports, 1 if always busy.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ports {
    /// Vectors out of a bank of 16 tiles, one per ns, mean over banks.
    pub bank: f64,
    /// Flits out of a router, one per ns, one router for four banks.
    pub router: f64,
    /// Vectors into the final merge, one per ns and bank, as many as banks.
    pub merge: f64,
    /// Ids into the system, 64 per ns.
    pub ids: f64,
}

/// A system to be served.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub name: &'static str,
    pub machine: Machine,
    pub plan: Plan,
}

impl Setting {
    /// Tiles without any copies.
    pub fn needed(&self, rows: usize) -> u32 {
        Room::new(rows, self.machine.lines(), 0).tiles
    }

    /// Extra tiles of the budget.
    pub fn extra(&self, rows: usize) -> u32 {
        (self.budget * f64::from(self.needed(rows))).floor() as u32
    }

    /// A mapping by a recipe with room for row copies on `extra` tiles.
    pub fn map(&self, workload: &Workload, recipe: Recipe, extra: u32) -> Assignment {
        let room = Room::new(workload.rows, self.machine.lines(), extra);
        build(&workload.training, room, recipe, &mut |_| ())
    }

    /// The plan of a mapping with copies of tiles for `extra` more.
    pub fn with_copies(
        &self,
        workload: &Workload,
        machine: &Machine,
        mut plan: Plan,
        extra: u32,
    ) -> Plan {
        let load = serve(machine, &plan, &workload.train, self.batch, self.stream).load;
        plan.copies = copies::of_tiles(&load, extra);
        plan
    }

    /// Our mapping with `share` of the budget for copies of rows.
    pub fn grouped(&self, workload: &Workload, recipe: Recipe, share: f64) -> Plan {
        let (needed, all) = (self.needed(workload.rows), self.extra(workload.rows));
        let for_rows = (self.budget * share * f64::from(needed)).floor() as u32;
        let mut places = Places::new(match (&self.loaded, for_rows) {
            (Some(loaded), 0) => loaded.clone(),
            _ => self.map(workload, recipe, for_rows),
        });
        if for_rows > 0 {
            let lines = self.machine.lines();
            places.copies = copies::of_rows(&workload.training, &places.assignment, lines);
        }
        self.with_copies(workload, &self.machine, Plan::new(places), all - for_rows)
    }

    /// Our system: the share of row copies with the least time x energy on the training half, and that share.
    pub fn ours(&self, workload: &Workload, recipe: Recipe) -> (Plan, f64) {
        if let Some(share) = self.row_share {
            return (self.grouped(workload, recipe, share), share);
        }
        let shares: &[f64] = match self.loaded {
            Some(_) => &ROW_SHARES[..1],
            None => &ROW_SHARES,
        };
        let tried: Vec<(f64, Plan, f64)> = shares
            .par_iter()
            .map(|&share| {
                let plan = self.grouped(workload, recipe, share);
                let served = serve(
                    &self.machine,
                    &plan,
                    &workload.train,
                    self.batch,
                    self.stream,
                );
                (self.product(&served), plan, share)
            })
            .collect();
        let best = tried.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let (_, plan, share) = best.expect("there are shares");
        (plan, share)
    }

    /// Serves queries on these tiles.
    pub fn serve(&self, plan: &Plan, bags: &Bags) -> Served {
        serve(&self.machine, plan, bags, self.batch, self.stream)
    }

    /// Time x energy, which choices make small.
    pub fn product(&self, served: &Served) -> f64 {
        let energy = served.energy(&self.machine, self.idle_mw).sum();
        served.ns_a_query(&self.machine) * energy
    }

    /// Figures of a system on the served half.
    pub fn figures(&self, workload: &Workload, candidate: &Candidate) -> Figures {
        let Candidate {
            name,
            machine,
            plan,
        } = candidate;
        let served = serve(machine, plan, &workload.served, self.batch, self.stream);
        let energy = served.energy(machine, self.idle_mw);
        let mean = served.mean_bound();
        Figures {
            name,
            ns_a_query: served.ns_a_query(machine),
            pj_a_query: energy.sum(),
            act_a_query: Some(served.act_a_query()),
            energy_split: energy,
            bound_ratio: Some(served.bound_ratio()),
            mean_bound_ratio: (mean > 0.0).then(|| served.cycles as f64 / mean),
            tiles: served.tiles,
            utilisation: Some(ports(machine, &served)),
            tile_copies: plan.copies.iter().map(|copies| copies - 1).sum(),
        }
    }
}

fn ports(machine: &Machine, served: &Served) -> Ports {
    let ns = machine.ns(served.cycles as f64).max(f64::MIN_POSITIVE);
    let banks = Machine::banks(served.tiles) as f64;
    let flit = f64::from(machine.vector_bits()) / f64::from(tech::crossbar::FLIT_BITS);
    Ports {
        bank: served.activations() as f64 / banks / ns,
        router: served.flits as f64 * flit / (banks / 4.0).ceil() / ns,
        merge: served.flits as f64 / banks / ns,
        ids: served.lookups as f64 / 64.0 / ns,
    }
}

/// A host: as fast as its memory gives a line for each look-up.
pub fn host(workload: &Workload) -> Figures {
    let lookups = workload.served.lookups() as f64 / workload.served.len().max(1) as f64;
    let bytes = lookups * params::HOST_LINE;
    let memory = bytes * 8.0 * params::HOST_J_PER_BIT * 1e12;
    let energy = Energy {
        memory,
        ..Energy::default()
    };
    Figures {
        name: "cpu",
        ns_a_query: bytes / params::HOST_BYTES_PER_S * 1e9,
        pj_a_query: memory,
        act_a_query: None,
        energy_split: energy,
        bound_ratio: None,
        mean_bound_ratio: None,
        tiles: 0,
        utilisation: None,
        tile_copies: 0,
    }
}

/// All of them but `best`, in the order of the table, and the share of row copies that ours took.
pub fn candidates(setting: &Setting, workload: &Workload) -> (Vec<Candidate>, f64) {
    let extra = setting.extra(workload.rows);
    let switched = &setting.machine;
    let fixed = setting.machine.fixed();
    let recipe = |mapping| Recipe {
        mapping,
        refine: 0,
        ..setting.recipe
    };
    let plan = |mapping: Mapping, one_row: bool| {
        let assignment = setting.map(workload, recipe(mapping), 0);
        Plan {
            one_row,
            ..Plan::new(Places::new(assignment))
        }
    };
    let copied =
        |machine: &Machine, plan: Plan| setting.with_copies(workload, machine, plan, extra);
    let (ours, share) = setting.ours(workload, setting.recipe);
    let alone = Setting {
        budget: 0.0,
        ..setting.clone()
    };
    let hashed_rows = typical(setting, workload);
    let hashed = Plan {
        one_row: false,
        ..hashed_rows.clone()
    };
    let aam = plan(Mapping::Aam, true);
    let of = |name, machine: &Machine, plan: Plan| Candidate {
        name,
        machine: machine.clone(),
        plan,
    };
    let all = vec![
        of("ours", switched, ours.clone()),
        of(
            "paper_recipe",
            switched,
            copied(switched, plan(Mapping::Cooc, false)),
        ),
        of(
            "nmars_matched_copies",
            switched,
            copied(switched, hashed_rows.clone()),
        ),
        of("nmars_matched", switched, hashed_rows.clone()),
        of("nmars_fixed", &fixed, hashed_rows),
        of("naive_plain_fixed", &fixed, plan(Mapping::Plain, false)),
        of("naive_hashed_fixed", &fixed, hashed.clone()),
        of("frequency_fixed", &fixed, plan(Mapping::Frequency, false)),
        of("aam", switched, aam.clone()),
        of("aam_copies", switched, copied(switched, aam)),
        of("no_grouping", switched, copied(switched, hashed)),
        of(
            "no_copies",
            switched,
            alone.grouped(workload, setting.recipe, 0.0),
        ),
        of("no_switching", &fixed, ours),
    ];
    (all, share)
}

/// Rows in hashed order, read one by one: of several seeded permutations the one of median time. One alone may
/// happen to put the hottest rows on one tile, or not, and make the baseline weak or strong.
fn typical(setting: &Setting, workload: &Workload) -> Plan {
    let permutations = (0..HASHES).into_par_iter().map(|number| {
        let recipe = Recipe {
            mapping: Mapping::Hashed,
            refine: 0,
            seed: setting
                .recipe
                .seed
                .wrapping_mul(HASHES)
                .wrapping_add(number),
            ..setting.recipe
        };
        let plan = Plan {
            one_row: true,
            ..Plan::new(Places::new(setting.map(workload, recipe, 0)))
        };
        let served = serve(
            &setting.machine,
            &plan,
            &workload.served,
            setting.batch,
            setting.stream,
        );
        (served.cycles, plan)
    });
    let mut permutations: Vec<(u64, Plan)> = permutations.collect();
    permutations.sort_by_key(|(cycles, _)| *cycles);
    permutations.swap_remove(permutations.len() / 2).1
}

/// Figures of all systems, the host last.
pub fn figures(setting: &Setting, workload: &Workload, all: &[Candidate]) -> Vec<Figures> {
    let figures = all.par_iter().map(|it| setting.figures(workload, it));
    let mut figures: Vec<Figures> = figures.collect();
    figures.push(host(workload));
    figures
}
