//! The mapper against its bound, an exact solution and its own promises.

use asymflow::cost::Cost;
use asymflow::machine::Machine;
use asymflow::mapper::{Choice, Plan, Problem, bound, map};
use asymflow::problems::{Load, Options};
use asymflow::schedule::{Schedule, Strategy};
use asymflow::workload::{Table, Workload};
use contract::SplitMix64;
use microlp::{ComparisonOp, OptimizationDirection};
use proptest::prelude::*;

/// Tables with GM, GM-UB and L1-UB, of random costs.
fn random(seed: u64) -> Problem {
    let mut rng = SplitMix64::new(seed);
    let cores = 2 + rng.below(3) as usize;
    let count = 5 + rng.below(4) as usize;
    let mut table = || {
        let look_ups = 1000.0 * (0.5 + rng.unit());
        let bytes = 2f64.powf(10.0 + 9.0 * rng.unit());
        let choice = |how, lines: Vec<(f64, f64)>, l1| Choice {
            how,
            cost: Cost {
                lines,
                l1,
                meet: 0.0,
            },
        };
        let (load, gather) = (60.0 + bytes / 64.0, look_ups);
        vec![
            choice(Strategy::Gm, vec![(20.0 * look_ups, 300.0)], 0.0),
            choice(Strategy::GmUb, vec![(gather, load + 200.0)], 0.0),
            choice(
                Strategy::L1Ub,
                vec![(gather, 60.0 + bytes / 128.0 + 30.0)],
                bytes,
            ),
        ]
    };
    Problem {
        cores,
        l1: 2e5,
        tables: (0..count).map(|_| table()).collect(),
    }
}

/// The least time of any plan, as a mixed-integer program: which choice on which core, for which part.
fn exact(problem: &Problem) -> f64 {
    let mut program = microlp::Problem::new(OptimizationDirection::Minimize);
    let time = program.add_var(1.0, (0.0, f64::INFINITY));
    let mut load: Vec<Vec<_>> = vec![vec![(time, -1.0)]; problem.cores];
    let mut kept: Vec<Vec<_>> = vec![Vec::new(); problem.cores];
    for choices in &problem.tables {
        let mut parts = Vec::new();
        for choice in choices {
            for core in 0..problem.cores {
                let on = program.add_binary_var(0.0);
                let part = program.add_var(0.0, (0.0, 1.0));
                program.add_constraint([(part, 1.0), (on, -1.0)], ComparisonOp::Le, 0.0);
                // One line each in these problems.
                let (slope, fixed) = choice.cost.lines[0];
                load[core].extend([(part, slope), (on, fixed)]);
                kept[core].push((on, choice.cost.l1));
                parts.push((part, 1.0));
            }
        }
        program.add_constraint(parts, ComparisonOp::Eq, 1.0);
    }
    for core in 0..problem.cores {
        program.add_constraint(load[core].clone(), ComparisonOp::Le, 0.0);
        program.add_constraint(kept[core].clone(), ComparisonOp::Le, problem.l1);
    }
    program.solve().unwrap().objective()
}

fn ratios(seeds: std::ops::Range<u64>) -> (f64, f64) {
    let mut all = Vec::new();
    for seed in seeds {
        let problem = random(seed);
        let best = exact(&problem);
        let (plan, least) = map(&problem);
        let ratio = plan.cycles(&problem) / best;
        assert!(
            least <= best * (1.0 + 1e-9),
            "seed {seed}: bound {least} above {best}"
        );
        assert!(
            ratio >= 1.0 - 1e-6,
            "seed {seed}: plan below the least time"
        );
        all.push(ratio);
    }
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    (mean, all.iter().copied().fold(0.0, f64::max))
}

#[test]
fn near_the_exact_solution() {
    let (mean, most) = ratios(1..4);
    println!("plan over exact: mean {mean:.4}, most {most:.4}");
    assert!(most <= 1.02, "{most}");
}

#[test]
#[ignore = "the exact solution of twenty cases takes minutes"]
fn near_the_exact_solution_of_twenty_cases() {
    let (mean, most) = ratios(1..21);
    println!("plan over exact: mean {mean:.4}, most {most:.4}");
    assert!(mean <= 1.005 && most <= 1.02, "{mean} {most}");
}

#[test]
fn near_the_bound_on_all_workloads() {
    for machine in ["ascend910", "ascend310p"] {
        let machine = Machine::load(machine).unwrap();
        for name in ["kaggle", "avazu", "terabyte", "taobao"] {
            for options in [Options::Paper, Options::Hot, Options::Filter] {
                let workload = Workload::load(name).unwrap();
                let problem = Load::unknown(&machine, &workload.tables, 2048).problem(options);
                let (plan, least) = map(&problem);
                let ratio = plan.cycles(&problem) / least;
                println!("{name} on {}, {options:?}: {ratio:.3}", machine.name);
                assert!(
                    (1.0..=1.08).contains(&ratio),
                    "{name} on {}: {ratio}",
                    machine.name
                );
            }
        }
    }
}

#[test]
fn one_core_takes_the_best_choices() {
    let problem = Problem {
        cores: 1,
        l1: 1e9,
        ..random(3)
    };
    let best = |choices: &Vec<Choice>| {
        choices
            .iter()
            .map(|choice| choice.cost.cycles(1.0))
            .fold(f64::INFINITY, f64::min)
    };
    let sum: f64 = problem.tables.iter().map(best).sum();
    let cycles = map(&problem).0.cycles(&problem);
    assert!((cycles / sum - 1.0).abs() < 1e-9, "{cycles} {sum}");
}

#[test]
fn gaps_and_overlaps_are_found() {
    let problem = random(5);
    let plan: Plan = map(&problem).0;
    let mut schedule = Schedule::of(plan.phase(&problem));
    assert_eq!(schedule.covers(problem.tables.len()), Ok(()));
    let core = schedule.phases[0]
        .iter()
        .position(|shares| !shares.is_empty())
        .unwrap();
    let share = schedule.phases[0][core].pop().unwrap();
    assert!(schedule.covers(problem.tables.len()).is_err());
    schedule.phases[0][core].extend([share, share]);
    assert!(schedule.covers(problem.tables.len()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn plans_keep_their_promises(
        tables in prop::collection::vec((1..3_000_000u32, 1..9u32, 1..20u32), 1..30),
        hot in any::<bool>(),
    ) {
        let machine = Machine::load("ascend910").unwrap();
        let tables: Vec<Table> =
            tables.iter().map(|&(rows, dim, n)| Table::new(rows, 8 * dim, n.into())).collect();
        let options = if hot { Options::Hot } else { Options::Paper };
        let problem = Load::unknown(&machine, &tables, 512).problem(options);
        let (plan, least) = map(&problem);
        prop_assert!(plan.cores.iter().all(|core| core.l1 <= problem.l1));
        prop_assert_eq!(Schedule::of(plan.phase(&problem)).covers(tables.len()), Ok(()));
        prop_assert!(plan.cycles(&problem) >= least * (1.0 - 1e-9));
        prop_assert_eq!(bound(&problem), least);
        // What cores add up step by step is what their pieces cost.
        for core in &plan.cores {
            let cost = |piece: &asymflow::mapper::Piece| problem.tables[piece.table][piece.choice].cost.cycles(piece.share);
            let sum: f64 = core.pieces.iter().map(cost).sum();
            prop_assert!((core.load - sum).abs() <= 1e-6 * sum.max(1.0));
        }
    }
}
