//! The event model against cycles counted by hand.

use asymflow::event::run;
use asymflow::machine::Machine;
use asymflow::queries::{Bags, Batch};
use asymflow::schedule::{Schedule, Share, Strategy};
use asymflow::workload::Table;

/// Three times the same batch: one query per id.
fn three(ids: &[u32]) -> Vec<Batch> {
    let ends = (0..=ids.len() as u32).collect();
    vec![
        vec![Bags {
            ids: ids.to_vec(),
            ends
        }];
        3
    ]
}

fn cycles(rows: u32, cores: usize, how: Strategy, ids: &[u32]) -> f64 {
    let machine = Machine::load("ascend910").unwrap();
    let table = [Table::new(rows, 16, 1.0)];
    let mut phase = vec![Vec::new(); machine.core_count()];
    for (core, shares) in phase.iter_mut().enumerate().take(cores) {
        let edge = |core: usize| core as f64 / cores as f64;
        shares.push(Share {
            table: 0,
            how,
            from: edge(core),
            to: edge(core + 1),
        });
    }
    run(&machine, &table, &Schedule::of(phase), &three(ids)).cycles
}

/// Rows of 32 bytes: 0.5 cycles in the port from global memory, 0.25 from L1, 2 to add.
#[test]
fn one_core_and_one_table() {
    // A descriptor every 20 cycles, 200 to L2 and back.
    assert_eq!(cycles(1000, 1, Strategy::Gm, &[5]), 202.5);
    assert_eq!(cycles(1000, 1, Strategy::Gm, &[5, 100, 900]), 242.5);
    // 30 cycles to L1 and back.
    assert_eq!(cycles(1000, 1, Strategy::L1, &[5, 100, 900]), 72.25);
    // 60 for the chunk's descriptor, one burst of 8 cycles, three gathers.
    assert_eq!(cycles(16, 1, Strategy::GmUb, &[5, 1, 9]), 271.0);
    // 60, 4 for 512 bytes, 30, three gathers.
    assert_eq!(cycles(16, 1, Strategy::L1Ub, &[5, 1, 9]), 97.0);
    // One row, three copies of 6 cycles beside its arrival.
    assert_eq!(cycles(1000, 1, Strategy::Filter, &[5, 5, 5, 5]), 202.5);
}

#[test]
fn two_cores_meet_on_a_granule() {
    // The second waits t_same = 8 cycles.
    assert_eq!(cycles(1000, 2, Strategy::Gm, &[5, 6]), 210.5);
    assert_eq!(cycles(1000, 2, Strategy::Gm, &[5, 100]), 202.5);
}

#[test]
fn it_is_deterministic() {
    let ids: Vec<u32> = (0..4096).map(|i| i * 37 % 1000).collect();
    let once = || cycles(1000, 32, Strategy::Gm, &ids);
    assert_eq!(once(), once());
}

#[test]
fn all_same_from_ub_takes_as_long_as_uniform() {
    let uniform: Vec<u32> = (0..2048).map(|i| i % 16).collect();
    for how in [Strategy::GmUb, Strategy::L1Ub] {
        assert_eq!(cycles(16, 1, how, &uniform), cycles(16, 1, how, &[8; 2048]));
    }
    // Not so by rows of global memory.
    let gm = |ids: &[u32]| cycles(1000, 32, Strategy::Gm, ids);
    let spread: Vec<u32> = (0..2048).map(|i| i * 16 % 1000).collect();
    assert!(gm(&[500; 2048]) > 5.0 * gm(&spread));
}

#[test]
fn formulas_follow_the_event_model() {
    let machine = Machine::load("ascend910").unwrap();
    let bars = [1.0, 4.0, 1.0, 2.0, 4.0];
    for (of, bar) in asymflow::grid::errors(&machine).unwrap().iter().zip(bars) {
        println!(
            "{}: mean {:.2} %, 95th percentile {:.1} %, {} points",
            of.name, of.mean, of.p95, of.points
        );
        assert!(
            of.points > 0 && of.mean <= bar,
            "{}: {} over {bar}",
            of.name,
            of.mean
        );
    }
}
