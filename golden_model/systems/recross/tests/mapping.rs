//! Mappings against what can be counted by hand or by trying all.

use contract::SplitMix64;
use recross::map::{Mapping, Recipe, Room, Training, build, refine};

const ALL: [Mapping; 6] = [
    Mapping::Plain,
    Mapping::Hashed,
    Mapping::Frequency,
    Mapping::Aam,
    Mapping::Cooc,
    Mapping::Union,
];

fn recipe(mapping: Mapping, refine: u32) -> Recipe {
    Recipe {
        mapping,
        refine,
        expand: 1024,
        seed: 1,
    }
}

/// Random queries, some rows more often than others.
fn queries(rows: u64, count: usize, most: u64, rng: &mut SplitMix64) -> Vec<Vec<u32>> {
    let row = |rng: &mut SplitMix64| {
        let end = rng.below(rows) + 1;
        rng.below(end) as u32
    };
    (0..count)
        .map(|_| (0..rng.below(most + 1)).map(|_| row(rng)).collect())
        .collect()
}

fn training(rows: usize, queries: &[Vec<u32>]) -> Training {
    Training::new(rows, queries.iter().map(Vec::as_slice))
}

/// Training activations by a count of its own.
fn cost(tile: &[u32], queries: &[Vec<u32>]) -> u64 {
    let touched = |query: &Vec<u32>| {
        let tiles: std::collections::BTreeSet<u32> =
            query.iter().map(|&row| tile[row as usize]).collect();
        tiles.len() as u64
    };
    queries.iter().map(touched).sum()
}

#[test]
fn every_row_is_on_one_tile_and_no_tile_is_too_full() {
    let mut rng = SplitMix64::new(7);
    for (rows, lines) in [(1, 16), (16, 16), (100, 16), (333, 64)] {
        let queries = queries(rows as u64, 200, 9, &mut rng);
        let training = training(rows, &queries);
        for mapping in ALL {
            for passes in [0, 2] {
                let room = Room::new(rows, lines, 0);
                let assignment = build(&training, room, recipe(mapping, passes), &mut |_| ());
                assert_eq!(assignment.tiles as usize, rows.div_ceil(lines as usize));
                let used = assignment.used();
                assert!(used.iter().all(|&used| used <= lines), "{mapping:?}");
                assert_eq!(used.iter().sum::<u32>() as usize, rows, "{mapping:?}");
                assert_eq!(assignment.cost(&training), cost(&assignment.tile, &queries));
            }
        }
    }
}

/// Same seed, same tiles; hashed tiles follow the seed.
#[test]
fn the_seed_says_everything() {
    let mut rng = SplitMix64::new(3);
    let queries = queries(200, 300, 9, &mut rng);
    let training = training(200, &queries);
    let room = Room::new(200, 16, 0);
    for mapping in ALL {
        let once = |seed| {
            let recipe = Recipe {
                seed,
                ..recipe(mapping, 2)
            };
            build(&training, room, recipe, &mut |_| ())
        };
        assert_eq!(once(5), once(5));
        assert!(mapping != Mapping::Hashed || once(5) != once(6));
    }
}

/// Rows that always come together are on one tile; unseen rows are not where their ids say.
#[test]
fn union_keeps_together_what_comes_together() {
    let queries: Vec<Vec<u32>> = (0..64)
        .map(|number| (0..16).map(|row| row * 4 + number % 4).collect())
        .collect();
    let training = training(64, &queries);
    for mapping in [Mapping::Union, Mapping::Cooc] {
        let room = Room::new(64, 16, 0);
        let assignment = build(&training, room, recipe(mapping, 0), &mut |_| ());
        assert_eq!(assignment.cost(&training), 64, "{mapping:?}");
    }
}

/// A refinement's passes never raise the cost, and what it says it saves is what is saved.
#[test]
fn refinement_never_raises_the_cost() {
    let mut rng = SplitMix64::new(11);
    for _ in 0..20 {
        let queries = queries(150, 200, 9, &mut rng);
        let training = training(150, &queries);
        for mapping in ALL {
            let room = Room::new(150, 16, 1);
            let mut assignment = build(&training, room, recipe(mapping, 0), &mut |_| ());
            let mut before = cost(&assignment.tile, &queries);
            for _ in 0..3 {
                let refined = refine(&mut assignment, &training, 1, rng.next_u64(), u64::MAX);
                let after = cost(&assignment.tile, &queries);
                assert_eq!(before - after, refined.saved);
                before = after;
                assert!(assignment.used().iter().all(|&used| used <= room.capacity));
            }
        }
    }
}

#[test]
fn bounded_refinement_moves_no_more() {
    let mut rng = SplitMix64::new(13);
    let queries = queries(150, 400, 9, &mut rng);
    let training = training(150, &queries);
    let room = Room::new(150, 16, 0);
    let mut assignment = build(&training, room, recipe(Mapping::Hashed, 0), &mut |_| ());
    let refined = refine(&mut assignment, &training, 1, 1, 10);
    assert!((1..=11).contains(&refined.moved), "{refined:?}");
}

/// The least cost over all 280 ways of putting 9 rows on 3 tiles.
fn optimum(queries: &[Vec<u32>]) -> u64 {
    fn place(tile: &mut [u32; 9], row: usize, used: [u32; 3], queries: &[Vec<u32>]) -> (u64, u32) {
        if row == 9 {
            return (cost(tile, queries), 1);
        }
        let mut best = (u64::MAX, 0);
        for to in 0..3 {
            // Tiles are alike: a new one is the first that is empty.
            let first = used.iter().position(|&rows| rows == 0);
            if used[to] == 3 || (used[to] == 0 && first != Some(to)) {
                continue;
            }
            tile[row] = to as u32;
            let mut used = used;
            used[to] += 1;
            let (cost, ways) = place(tile, row + 1, used, queries);
            best = (best.0.min(cost), best.1 + ways);
        }
        best
    }
    let (cost, ways) = place(&mut [0; 9], 0, [0; 3], queries);
    assert_eq!(ways, 280);
    cost
}

#[test]
fn refined_union_is_near_the_optimum() {
    let mut rng = SplitMix64::new(17);
    let (mut sum, mut worst, mut plain) = (0.0, 0.0_f64, 0.0);
    for _ in 0..200 {
        let queries = queries(9, 30, 5, &mut rng);
        let training = training(9, &queries);
        let room = Room {
            tiles: 3,
            capacity: 3,
        };
        let best = optimum(&queries).max(1) as f64;
        let reached = |passes| {
            let assignment = build(&training, room, recipe(Mapping::Union, passes), &mut |_| ());
            cost(&assignment.tile, &queries) as f64 / best
        };
        let refined = reached(3);
        assert!(refined >= 1.0);
        sum += refined;
        plain += reached(0);
        worst = worst.max(refined);
    }
    let (mean, plain) = (sum / 200.0, plain / 200.0);
    println!("refined {mean:.4} of the optimum on average, {worst:.4} at worst; before {plain:.4}");
    assert!(mean <= 1.02 && worst <= 1.15, "{mean} {worst}");
    assert!(mean < plain);
}
