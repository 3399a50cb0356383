//! Cover, copies and queues against brute force and closed formulas.

use std::collections::BTreeSet;

use blocks::adc_switch::AdcSwitchConfig;
use contract::{BlockConfig, SplitMix64};
use recross::map::{Assignment, Lists, Mapping, Recipe, Room, Training, build};
use recross::serve::{Cover, Machine, Places, Plan, copies, serve};
use recross::{Order, Placement};
use traces::batch::Bags;

fn config(name: &str) -> AdcSwitchConfig {
    let named = AdcSwitchConfig::named().into_iter();
    named
        .filter(|(other, _)| *other == name)
        .map(|(_, config)| config)
        .next()
        .expect("named")
}

fn random(rows: u64, count: usize, most: u64, rng: &mut SplitMix64) -> Bags {
    let bag = |rng: &mut SplitMix64| -> Vec<u32> {
        (0..rng.below(most + 1))
            .map(|_| rng.below(rows) as u32)
            .collect()
    };
    (0..count).map(|_| bag(rng)).collect()
}

fn plan(bags: &Bags, rows: usize, machine: &Machine) -> Plan {
    let recipe = Recipe {
        mapping: Mapping::Frequency,
        refine: 0,
        expand: 1,
        seed: 1,
    };
    let room = Room::new(rows, machine.lines(), 0);
    let assignment = build(&Training::of(rows, bags), room, recipe, &mut |_| ());
    Plan::new(Places::new(assignment))
}

/// The smallest largest load per copy over all ways of giving out copies.
fn least(load: &[u64], extra: u32) -> f64 {
    fn most(load: &[u64], copies: &[u32]) -> f64 {
        let shares = load.iter().zip(copies);
        shares
            .map(|(&load, &copies)| load as f64 / f64::from(copies))
            .fold(0.0, f64::max)
    }
    fn give(load: &[u64], copies: &mut Vec<u32>, from: usize, left: u32) -> f64 {
        let mut best = most(load, copies);
        if left > 0 {
            for tile in from..load.len() {
                copies[tile] += 1;
                best = best.min(give(load, copies, tile, left - 1));
                copies[tile] -= 1;
            }
        }
        best
    }
    give(load, &mut vec![1; load.len()], 0, extra)
}

#[test]
fn copies_leave_the_least_largest_load() {
    let mut rng = SplitMix64::new(1);
    for _ in 0..100 {
        let load: Vec<u64> = (0..5).map(|_| rng.below(100)).collect();
        for extra in 0..5 {
            let copies = copies::of_tiles(&load, extra);
            assert!(copies.iter().sum::<u32>() <= 5 + extra);
            let shares = load.iter().zip(&copies);
            let most = shares
                .map(|(&load, &c)| load as f64 / f64::from(c))
                .fold(0.0, f64::max);
            assert!((most - least(&load, extra)).abs() < 1e-9);
        }
    }
    assert_eq!(copies::of_tiles(&[0, 0], 7), [1, 1], "nothing to share");
}

/// The fewest tiles that hold all rows.
fn minimum(places: &Places, bag: &BTreeSet<u32>, tiles: u32) -> usize {
    let holds = |row: u32, tile: u32| {
        places.assignment.tile[row as usize] == tile
            || (!places.copies.is_empty() && places.copies.get(row).contains(&tile))
    };
    let covers = |set: &u32| {
        let mut rows = bag.iter();
        rows.all(|&row| (0..tiles).any(|tile| set >> tile & 1 == 1 && holds(row, tile)))
    };
    (0..1_u32 << tiles)
        .filter(covers)
        .map(|set| set.count_ones() as usize)
        .min()
        .expect("all")
}

#[test]
fn a_cover_is_no_smaller_than_the_minimum_and_whole() {
    let (rows, tiles) = (20_u32, 6_u32);
    let mut rng = SplitMix64::new(5);
    let (mut above, mut copied) = (0, 0);
    for round in 0..300 {
        let tile = (0..rows).map(|_| rng.below(tiles.into()) as u32).collect();
        let assignment = Assignment {
            tile,
            tiles,
            capacity: rows,
        };
        let mut places = Places::new(assignment);
        if round % 2 == 1 {
            let mut copies = Lists::default();
            for row in 0..rows {
                let own = places.assignment.tile[row as usize];
                let other = rng.below(tiles.into()) as u32;
                copies.push((other != own && rng.one_in(2)).then_some(other));
            }
            places.copies = copies;
        }
        let bag: BTreeSet<u32> = (0..8).map(|_| rng.below(rows.into()) as u32).collect();
        let list: Vec<u32> = bag.iter().copied().collect();
        let mut cover = Cover::default();
        cover.find(&places, &list, |_| 0);
        let mut served: Vec<u32> = cover
            .activations()
            .flat_map(|it| it.rows.to_vec())
            .collect();
        served.sort_unstable();
        assert_eq!(served, list);
        let (found, minimum) = (cover.activations().len(), minimum(&places, &bag, tiles));
        assert!(found >= minimum);
        if places.copies.is_empty() {
            assert_eq!(found, minimum);
        } else {
            copied += 1;
            above += found - minimum;
        }
    }
    assert!(
        above < copied,
        "{above} activations too many in {copied} queries"
    );
}

/// With equal service times the queue of a tile ends after ceil(load / copies).
#[test]
fn equal_services_end_together() {
    let machine = Machine::new(&config("paper64"), 16);
    let bags: Bags = (0..10).map(|_| vec![3_u32]).collect();
    for count in 1..=11_u32 {
        let mut plan = plan(&bags, 64, &machine);
        plan.copies = vec![count];
        let served = serve(&machine, &plan, &bags, 100, false);
        assert_eq!(served.cycles, 25 * u64::from(10_u32.div_ceil(count)));
        assert_eq!(served.bound, 250.0 / f64::from(count));
    }
}

/// Batches wait for each other, streams do not; an empty query is served and activates nothing.
#[test]
fn batches_wait_and_empty_queries_count() {
    let machine = Machine::new(&config("paper64"), 16);
    let bags: Bags = [vec![0], vec![], vec![100], vec![0, 0]].iter().collect();
    let plan = plan(&Bags::new(), 128, &machine);
    let batched = serve(&machine, &plan, &bags, 2, false);
    assert_eq!(
        (batched.queries, batched.empty, batched.activations()),
        (4, 1, 4)
    );
    // Unseen rows are hashed, so only that two of them are row 0 again is known.
    let streamed = serve(&machine, &plan, &bags, 2, true);
    assert!(batched.cycles >= streamed.cycles && streamed.cycles >= 75);
}

/// Switching changes energy alone, with flash ADCs.
#[test]
fn switching_changes_energy_alone() {
    let mut rng = SplitMix64::new(23);
    let bags = random(500, 300, 20, &mut rng);
    let machine = Machine::new(&config("paper64"), 16);
    let plan = plan(&bags, 500, &machine);
    let [switched, fixed] = [machine.clone(), machine.fixed()].map(|machine| {
        let served = serve(&machine, &plan, &bags, 64, false);
        (served.clone(), served.energy(&machine, 0.0))
    });
    assert_eq!(switched.0, fixed.0);
    assert!(switched.1.adc < fixed.1.adc);
    let rest = |energy: &recross::serve::Energy| energy.sum() - energy.adc;
    assert!((rest(&switched.1) - rest(&fixed.1)).abs() < 1e-9);
}

/// Active rows and accesses are those of `recross adc`, on the same placement.
#[test]
fn activations_are_those_of_recross_adc() {
    let mut rng = SplitMix64::new(29);
    // Without repeats both count the same frequencies.
    let bags: Bags = random(700, 200, 40, &mut rng)
        .iter()
        .map(|bag| {
            bag.iter()
                .copied()
                .collect::<BTreeSet<u32>>()
                .into_iter()
                .collect::<Vec<_>>()
        })
        .collect();
    for name in ["paper64", "isaac128", "tiny"] {
        let config = config(name);
        let machine = Machine::new(&config, config.elements());
        let served = serve(&machine, &plan(&bags, 700, &machine), &bags, 64, false);
        let mut by_rows = vec![0; config.rows as usize + 1];
        let mut accesses = 0;
        let batches = std::slice::from_ref(&bags);
        for tile in Placement::new(Order::Frequency, batches).tiles(&config, &bags) {
            for rows in tile.queries.iter().flatten() {
                by_rows[rows.len()] += 1;
                accesses += machine.tile.accesses(rows.len() as u32).count();
            }
        }
        // Rows that never occur are elsewhere, and never activated.
        assert_eq!(served.by_rows, by_rows, "{name}");
        let most = config
            .rows
            .min(((1 << config.adc_bits) - 1) / ((1 << config.cell_bits) - 1));
        let rows = (0..).zip(&served.by_rows);
        let ours: u64 = rows
            .map(|(n, count): (u32, &u64)| u64::from(n.div_ceil(most)) * count)
            .sum();
        assert_eq!(ours, accesses as u64, "{name}");
    }
}

/// A single row on `paper64`, each part by hand.
#[test]
fn energy_of_a_row_by_hand() {
    let machine = Machine::new(&config("paper64"), 16);
    let bags: Bags = [vec![0_u32]].iter().collect();
    let served = serve(&machine, &plan(&bags, 64, &machine), &bags, 1, false);
    let energy = served.energy(&machine, 0.0);
    let tile = 64.0 * 3.0 * 0.0151 + 0.417 + 64.0 * 0.00183 * 0.25 + 0.021 * 64.0;
    let moved = 0.054 * 64.0 + 0.054 * 256.0 + 20.74 + 0.05 * 16.0 + 20.45;
    assert!((energy.sum() - tile - moved).abs() < 1e-9, "{energy:?}");
    let idle = served.energy(&machine, 2.0);
    assert!(
        (idle.sum() - energy.sum() - 50.0).abs() < 1e-9,
        "2 mW for 25 ns"
    );
}
