//! The stimulus on the model: no hangs, right sums, every case reached; rows against real numbers; a
//! batch as rows.

use std::collections::BTreeSet;

use blocks::tt_core::{Element, TtCoreConfig};
use contract::{BlockConfig, PortLayout};
use cosim::{Agent, ModelAlone, Monitor, Sample, play};
use traces::batch::Bags;

use super::{TtCoreAgent, TtCoreMonitor, random, work};

/// Episodes of each configuration; of those with long loads fewer, most of their cycles are loads.
const EPISODES: (u64, u64) = (150, 16);

/// What the random episodes reach.
#[derive(Default)]
struct Reached {
    errors: u64,
    /// Bit per counter that is not 0.
    counters: u64,
    /// Values of `tables_o`.
    tables: BTreeSet<u64>,
    /// Results that are flagged, and those that are not.
    results: [u64; 2],
}

/// The agent's monitor, and a look at what is reached.
struct Both<'a> {
    monitor: TtCoreMonitor,
    reached: &'a mut Reached,
    layout: &'a PortLayout,
}

impl Monitor for Both<'_> {
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let output = |name: &str| sample.outputs[self.layout.slot(name).word];
        self.reached.errors |= output("err_o");
        self.reached.tables.insert(output("tables_o"));
        let chosen = sample.inputs[self.layout.slot("ctr_sel_i").word];
        self.reached.counters |= u64::from(output("ctr_o") != 0) << chosen;
        if sample.transfers >> 2 & 1 == 1 && !sample.disturbed {
            self.reached.results[output("res_err_o") as usize] += output("res_last_o");
        }
        self.monitor.cycle(sample)
    }

    fn finish(&mut self) -> Result<(), String> {
        self.monitor.finish()
    }
}

#[test]
fn random_episodes_end_and_sums_are_right() {
    let mut wrong = Vec::new();
    for (name, config) in TtCoreConfig::named() {
        let agent = TtCoreAgent::new(&config);
        let (mut cycles, mut checked, mut bounded) = (0, 0, 0);
        let mut reached = Reached::default();
        let episodes = if name == "tiny" {
            EPISODES.0
        } else {
            EPISODES.1
        };
        for seed in 0..episodes {
            let episode = random(&config, seed);
            let mut monitor = Both {
                monitor: agent.monitor(&episode),
                reached: &mut reached,
                layout: agent.layout(),
            };
            let mut model = ModelAlone(agent.model());
            let outcome = play(&agent, &episode, &mut model, &mut monitor, 1_000_000);
            if let Some(failure) = outcome.failure {
                let divergence = failure.divergence(agent.layout());
                panic!("{name} seed {seed}: {divergence:?}");
            }
            assert!(outcome.cycles < 1_000_000, "{name} seed {seed} goes on");
            cycles += outcome.cycles;
            let (bits, bound) = monitor.monitor.checked();
            checked += bits;
            bounded += bound;
        }
        let Reached {
            errors,
            counters,
            tables,
            results,
        } = reached;
        println!(
            "{name}: {cycles} cycles, {checked} results checked, {bounded} near real numbers, \
             {} flagged, {} sets of tables, counters {counters:#06x}",
            results[1],
            tables.len()
        );
        let float = config.element != Element::Int8;
        // Every stage has ops, every boundary hits.
        let stages = config.ranks.len() as u32;
        let all = 0x1ff | ((1 << stages) - 1) << 9 | ((1 << (stages - 1)) - 1) << 12;
        let cases = [
            ("results", checked > 400),
            ("flagged results", results[1] > 20),
            ("real numbers", !float || bounded > 200),
            ("errors", errors == if float { 15 } else { 7 }),
            ("counters", counters == all),
            ("sets of tables", name != "tiny" || tables.len() == 4),
        ];
        let missed = cases.iter().filter(|(_, reached)| !reached);
        wrong.extend(missed.map(|(case, _)| format!("{name}: too few {case}")));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// 30 queries of two rows.
fn batch() -> Bags {
    let queries = (0..30_u32).map(|query| [query % 7, 7 + query % 3]);
    queries.collect()
}

#[test]
fn a_batch_is_rows_in_order() {
    let (_, config) = TtCoreConfig::named().remove(3);
    let rows = work::each_row(&config, &batch());
    assert_eq!(rows.rows.len(), 60);
    assert!(rows.rows.is_sorted_by_key(|row| row.id));
    // 10 rows of 4 each.
    assert_eq!((rows.lists, rows.distinct_prefixes), (1, 3));

    let pooled = work::pooled(&config, &batch());
    assert_eq!((pooled.rows.len(), pooled.lists), (60, 8));
    let ends = pooled.rows.iter().filter(|row| row.last).count();
    assert_eq!(ends, 30);
}

#[test]
fn scattering_is_a_permutation() {
    let all: Bags = [(0..36).collect::<Vec<u32>>()].iter().collect();
    let scattered = work::scatter(36, &all, 1);
    let mut ids = scattered.bag(0).to_vec();
    assert_ne!(ids, all.bag(0));
    ids.sort_unstable();
    assert_eq!(ids, all.bag(0));
    assert_ne!(work::scatter(36, &all, 2), scattered);
    // A table that is too small for the trace takes its ids all the same.
    let small = work::scatter(5, &all, 1);
    assert!(small.bag(0).iter().all(|&id| id < 5));
    assert_eq!(small.bag(0)[1], small.bag(0)[31]);
}

/// As many rows of each configuration as a test can take, one after the other.
#[test]
fn work_is_done_in_time() {
    for (name, config) in TtCoreConfig::named() {
        let agent = TtCoreAgent::new(&config);
        let ids = 0..config.row_space().min(1 << 20) as u32;
        let queries = ids.step_by(if name == "tiny" { 1 } else { 4099 });
        let batch: Bags = queries.map(|id| [id]).collect();
        let work = work::each_row(&config, &batch);
        let count = work.rows.len() as u64;
        let episode = work::episode(work::Table::drawn(&config, 1), work.rows, 1);
        let mut monitor = agent.monitor(&episode);
        let mut model = ModelAlone(agent.model());
        let outcome = play(&agent, &episode, &mut model, &mut monitor, 1_000_000);
        if let Some(failure) = outcome.failure {
            panic!("{name}: {:?}", failure.divergence(agent.layout()));
        }
        let latency = monitor.latency();
        assert_eq!(
            (latency.counters[1], latency.counters[3]),
            (count, count),
            "{name}"
        );
        let products: u64 = latency.counters[9..][..config.ranks.len() - 1].iter().sum();
        assert_eq!(products, work.distinct_prefixes, "{name}");
        println!("{name}: {count} rows, {products} products, {latency:?}");
    }
}
