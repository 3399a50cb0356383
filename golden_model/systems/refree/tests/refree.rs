//! REFREE as a system: what the closed loop must count, and the systems it is compared with.

use contract::Clocked;
use contract::PortLayout;
use models::pe::PeModel;
use proptest::prelude::*;
use refree::baselines::{Host, Hot, fae, fafnir, measured, recnmp};
use refree::{
    Cache, Gradients, Layout, Mechanism, Order, Pe, Placement, Step, System, rank_step, scatter,
    step,
};
use traces::JointIds;
use traces::batch::{Bags, Visits, backward, share};
use traces::zipf::{Zipf, ZipfConfig};

/// Queries of four tables, one with bags of up to three.
fn batch(queries: usize, seed: u64) -> (JointIds, Bags) {
    let config = ZipfConfig {
        tables: vec![3000, 500, 40, 7],
        bag_max: 3,
        seed,
        ..ZipfConfig::default()
    };
    let mut zipf = Zipf::new(config).expect("in range");
    let batch = zipf.batch(queries);
    (zipf.joint_ids().clone(), batch)
}

fn run(system: &System, row_bytes: u64, joint: &JointIds, batch: &Bags) -> (Layout, Step) {
    let layout = system.layout(joint, row_bytes, batch);
    let step = step(system, &layout, batch).expect("no PE complains");
    (layout, step)
}

fn systems() -> Vec<System> {
    let mut systems = Vec::new();
    for mechanism in Mechanism::ALL {
        for placement in [
            Placement::Hash,
            Placement::Column,
            Placement::Table,
            Placement::Mapped,
        ] {
            systems.push(System {
                mechanism,
                placement,
                ..System::default()
            });
        }
    }
    systems
}

/// Lines and additions of every rank are those of the batch analysis of its part, whatever is
/// eliminated and wherever rows are.
#[test]
fn ranks_do_exactly_the_work_of_their_part() {
    let (joint, batch) = batch(300, 3);
    for system in systems() {
        for row_bytes in [64, 256] {
            let (layout, step) = run(&system, row_bytes, &joint, &batch);
            let lines = layout.bytes() / 64;
            for (rank, done) in step.ranks.iter().enumerate() {
                let part = layout.share(rank as u32, &batch);
                let (forward, work) = (Visits::new(&part), backward(&part));
                let (rows, lookups) = (work.rows.len() as u64, part.lookups() as u64);
                let queries = part.non_empty() as u64;
                let (reads, gradients) = match system.mechanism {
                    Mechanism::B => (lookups, lookups),
                    _ => (rows, queries),
                };
                let (adds, adds_back) = match system.mechanism {
                    Mechanism::Full => (share(&forward).additions, share(&work.visits()).additions),
                    _ => (lookups - queries, lookups - rows),
                };
                let beats = 4 * lines;
                let found = [
                    done.forward.lines_read,
                    done.forward.adder_beats,
                    done.gradient_lines,
                    done.backward.lines_read,
                    done.backward.adder_beats,
                    done.update.lines_read,
                    done.update.lines_written,
                    done.update.updates,
                ];
                let expected = [
                    reads * lines,
                    adds * beats,
                    queries * lines,
                    gradients * lines,
                    adds_back * beats,
                    rows * lines,
                    rows * lines,
                    rows * lines,
                ];
                assert_eq!(found, expected, "{system:?} {row_bytes} rank {rank}");
            }
        }
    }
}

/// No phase is faster than adders, data bus or link allow.
#[test]
fn nothing_is_faster_than_its_bounds() {
    let (joint, batch) = batch(400, 4);
    for system in systems() {
        let (_, step) = run(&system, 64, &joint, &batch);
        for rank in &step.ranks {
            for stats in [rank.forward, rank.backward, rank.update] {
                let beats = stats.adder_beats.max(stats.vector_beats) * system.ratio;
                let lines = (stats.lines_read + stats.lines_written) * 8;
                let link = stats.link_bits.saturating_sub(512) / u64::from(system.link_bits());
                // The last line's data comes after the PE has all the others.
                let bound = beats.max(lines.saturating_sub(64 * 8)).max(link);
                assert!(stats.cycles >= bound, "{stats:?}");
            }
        }
    }
}

/// Each idea moves what it is about, and nothing else.
#[test]
fn ideas_move_their_own_figure() {
    let (joint, batch) = batch(600, 5);
    let [b, m, full] = Mechanism::ALL.map(|mechanism| {
        let system = System {
            mechanism,
            ..System::default()
        };
        run(&system, 64, &joint, &batch).1
    });
    let lines = |step: &Step| step.sum(|rank| rank.forward.lines_read + rank.backward.lines_read);
    let adds = |step: &Step| step.sum(|rank| rank.forward.adder_beats + rank.backward.adder_beats);
    let updates = |step: &Step| step.sum(|rank| rank.update.lines_written);
    assert!(lines(&m) < lines(&b) && lines(&full) == lines(&m));
    assert!(adds(&m) == adds(&b) && adds(&full) < adds(&m));
    assert!(updates(&b) == updates(&m) && updates(&m) == updates(&full));
    assert!(m.cycles() < b.cycles() && full.cycles() < m.cycles());
}

/// A batch with more queries than the PE holds is cut, and nothing is lost.
#[test]
fn large_batches_are_cut_into_tiles() {
    let (joint, batch) = batch(2500, 6);
    let system = System {
        channels: 1,
        ranks_per_channel: 1,
        ..System::default()
    };
    let (layout, step) = run(&system, 64, &joint, &batch);
    assert_eq!(step.ranks[0].forward.results, 2500);
    let rows = backward(&layout.share(0, &batch)).rows.len() as u64;
    assert_eq!(step.ranks[0].update.updates, rows);
}

#[test]
fn streamed_gradients_do_the_same_work_in_less_time() {
    let (joint, batch) = batch(600, 7);
    let [stored, streamed] = [Gradients::Stored, Gradients::Streamed].map(|gradients| {
        let system = System {
            gradients,
            ..System::default()
        };
        run(&system, 64, &joint, &batch).1
    });
    assert_eq!(streamed.sum(|rank| rank.gradient_lines), 0);
    let adds = |step: &Step| step.sum(|rank| rank.backward.adder_beats);
    assert_eq!(adds(&streamed), adds(&stored));
    assert!(streamed.cycles() < stored.cycles());
}

#[test]
fn the_best_order_takes_the_fewest_additions() {
    let (joint, batch) = batch(600, 8);
    let additions = |order| {
        let system = System {
            order,
            ..System::default()
        };
        run(&system, 64, &joint, &batch)
            .1
            .sum(|rank| rank.backward.adder_beats)
    };
    let best = additions(Order::Best);
    for order in Order::SINGLE {
        assert!(best <= additions(order), "{order:?}");
    }
}

/// The same rank twice: time is a function of the work alone.
#[test]
fn a_rank_takes_the_same_time_again() {
    let (joint, batch) = batch(200, 9);
    let system = System::default();
    let layout = system.layout(&joint, 64, &batch);
    let once = || {
        let mut pe = PeModel::new(&system.pe);
        pe.reset();
        let mut done = rank_step(&system, &layout, 2, &batch, pe).expect("no complaint");
        done.analysis = Default::default();
        done
    };
    assert_eq!(once(), once());
}

proptest! {
    #[test]
    fn scattering_is_one_to_one(rows in 1_u64..3000) {
        let mut places: Vec<u64> = (0..rows).map(|row| scatter(row, rows)).collect();
        places.sort_unstable();
        prop_assert!(places.iter().copied().eq(0..rows));
    }

    /// No two rows of a rank share a line, rows and gradients don't meet, every row is somewhere.
    #[test]
    fn rows_have_places_of_their_own(
        sizes in prop::collection::vec(1_u32..200, 1..6),
        placement in prop_oneof![
            Just(Placement::Hash), Just(Placement::Column), Just(Placement::Table), Just(Placement::Mapped)
        ],
        slices in 0_u32..3,
        channels in 0_u32..3,
    ) {
        let joint = JointIds::new(sizes.iter().copied()).unwrap();
        let (row_bytes, rows) = (64 << slices, sizes.iter().sum::<u32>());
        let profile: Bags = [(0..rows).collect::<Vec<u32>>()].iter().collect();
        let layout = Layout::new(placement, &joint, row_bytes, 64, (1 << channels, 2), &profile);
        let mut held = 0;
        for rank in 0..layout.ranks() {
            let mut places: Vec<u64> = (0..rows)
                .filter(|&id| layout.holds(rank, id))
                .map(|id| layout.address(id))
                .collect();
            held += places.len();
            places.sort_unstable();
            prop_assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= layout.bytes()));
            prop_assert!(places.iter().all(|place| place + layout.bytes() <= layout.gradients()));
        }
        prop_assert_eq!(held as u32, rows * layout.group());
    }
}

/// Traffic of the plain host is a sum that can be written down.
#[test]
fn the_host_moves_what_the_method_says() {
    let (joint, batch) = batch(300, 10);
    let (lookups, rows) = (batch.lookups() as u64, backward(&batch).rows.len() as u64);
    let queries = batch.non_empty() as u64;
    for lines in [1, 4] {
        let done = Host::new(joint.rows(), 64 * lines, None).step(&batch);
        assert_eq!(done.forward.lines_read, lookups * lines);
        assert_eq!(done.forward.additions, lookups - queries);
        let reads = (queries + lookups + 2 * rows) * lines;
        assert_eq!(done.backward.lines_read, reads);
        assert_eq!(done.backward.lines_written, (lookups + 2 * rows) * lines);
        assert_eq!(done.backward.additions, lookups - rows);
    }
    let cache = Cache::new(16 << 20, 16);
    let cached = Host::new(joint.rows(), 64, Some(cache)).step(&batch);
    assert_eq!(cached.forward.lines_read, rows, "a row misses once");
    assert_eq!(cached.backward.lines_written, 0, "everything fits");
}

/// Ranks' caches see only reuse within them; the tree reads each row once a sub-batch.
#[test]
fn near_memory_baselines_count_their_reads() {
    let (joint, batch) = batch(320, 11);
    let system = System::default();
    let layout = system.layout(&joint, 64, &batch);
    let (lookups, queries) = (batch.lookups() as u64, batch.non_empty() as u64);
    let rows = backward(&batch).rows.len() as u64;
    let rec = recnmp(&layout, &batch);
    assert!((rows..lookups).contains(&rec.lines_read), "{rec:?}");
    let parts = (0..8).map(|rank| layout.share(rank, &batch).non_empty() as u64);
    assert_eq!(rec.results, parts.sum::<u64>());
    assert_eq!(rec.additions, lookups - queries);

    let tree = fafnir(&layout, &batch, 2);
    let queries_of: Vec<&[u32]> = batch.iter().collect();
    let unique = queries_of.chunks(32).map(|group| {
        let mut ids = group.concat();
        ids.sort_unstable();
        ids.dedup();
        ids.len() as u64
    });
    assert_eq!(tree.lines_read, unique.sum::<u64>());
    assert!(tree.additions <= lookups - queries, "{tree:?}");
    assert_eq!(tree.results, queries);
}

/// Rows cut over four ranks: as many whole vectors are added, and all parts of a sum leave.
#[test]
fn near_memory_baselines_count_vectors_of_cut_rows_once() {
    let (joint, batch) = batch(320, 11);
    let (lookups, queries) = (batch.lookups() as u64, batch.non_empty() as u64);
    let system = System {
        placement: Placement::Column,
        ..System::default()
    };
    let layout = system.layout(&joint, 256, &batch);
    assert_eq!(layout.group(), 4);
    assert_eq!(recnmp(&layout, &batch).additions, lookups - queries);
    let tree = fafnir(&layout, &batch, 2);
    assert!(tree.additions <= lookups - queries, "{tree:?}");
    assert_eq!(tree.results * layout.bytes(), queries * 256);
}

/// A line is not cut, however small a PE's slices are.
#[test]
fn rows_of_a_line_stay_whole() {
    let joint = JointIds::new([8]).unwrap();
    let batch: Bags = [[0, 1, 2]].iter().collect();
    let layout = Layout::new(Placement::Column, &joint, 64, 8, (4, 2), &batch);
    assert_eq!((layout.group(), layout.bytes()), (1, 64));
}

/// Queries without look-ups have nothing to merge.
#[test]
fn empty_queries_save_no_additions() {
    let (joint, mut batch) = batch(200, 14);
    let system = System::default();
    let (layout, step) = run(&system, 64, &joint, &batch);
    let additions = step.additions(&system, &layout);
    (0..100).for_each(|_| batch.push([]));
    let (layout, step) = run(&system, 64, &joint, &batch);
    assert_eq!(step.additions(&system, &layout), additions);
}

/// A PE that takes nothing, as faulty RTL may.
struct Deaf(PeModel);

impl Pe for Deaf {
    fn layout(&self) -> &PortLayout {
        Pe::layout(&self.0)
    }

    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        Pe::settle(&mut self.0, inputs, outputs);
        outputs[Pe::layout(self).stream("vec").ready] = 0;
    }

    fn edge(&mut self, inputs: &[u64]) {
        let mut inputs = inputs.to_vec();
        inputs[Pe::layout(self).stream("vec").valid] = 0;
        Pe::edge(&mut self.0, &inputs);
    }
}

#[test]
fn a_pe_that_hangs_is_told() {
    let (joint, batch) = batch(20, 15);
    let system = System::default();
    let layout = system.layout(&joint, 64, &batch);
    let mut pe = PeModel::new(&system.pe);
    pe.reset();
    let told = rank_step(&system, &layout, 0, &batch, Deaf(pe)).unwrap_err();
    assert_eq!(told.to_string(), "the PE of rank 0 does not come to an end");
}

/// Four queries of which two are equal: the tree adds equal sets once.
#[test]
fn the_tree_adds_equal_sets_once() {
    let batch: Bags = [[0, 1, 2], [0, 1, 2], [3, 4, 5], [0, 1, 6]]
        .iter()
        .collect();
    let joint = JointIds::new([8]).unwrap();
    let layout = System::default().layout(&joint, 64, &batch);
    let tree = fafnir(&layout, &batch, 2);
    assert_eq!(tree.lines_read, 7);
    // Two additions for each of three different queries; 0 and 1 are shared if they meet first.
    assert!((5..=6).contains(&tree.additions), "{tree:?}");
}

#[test]
fn fae_trains_hot_queries_on_the_gpu() {
    let (joint, batch) = batch(400, 12);
    let hot = Hot::seen(std::slice::from_ref(&batch), 64);
    let mut host = Host::new(joint.rows(), 64, None);
    let done = fae(&mut host, &hot, std::slice::from_ref(&batch), 64);
    let mut counts = std::collections::HashMap::new();
    for &id in batch.iter().flatten() {
        *counts.entry(id).or_insert(0) += 1;
    }
    let cold = |bag: &&[u32]| bag.iter().any(|id| counts[id] < 2);
    let cold: Bags = batch.iter().filter(cold).collect();
    let share = 1.0 - cold.len() as f64 / batch.len() as f64;
    assert!((done.hot_share - share).abs() < 1e-12);
    assert_eq!(done.host.forward.lines_read, cold.lookups() as u64);
}

#[test]
fn the_cpu_at_hand_takes_some_time() {
    let (joint, batch) = batch(200, 13);
    let took = measured(&batch, joint.rows(), 16);
    assert!(took.threads > 0 && took.forward_s > 0.0 && took.backward_s > 0.0);
}
