//! Results against plain contraction.

use blocks::tt_core::{Element, TtCoreConfig};
use contract::BlockConfig;

use super::driver::{Driver, Row, single};
use super::reference::{Table, expected};
use super::{named, random_rows, shapes};
use contract::SplitMix64;

fn tables(config: &TtCoreConfig, count: u64) -> Vec<Table> {
    (0..count).map(|seed| Table::random(config, seed)).collect()
}

/// Each named configuration, with rows of two tables where there are two, and bags that interleave.
#[test]
fn named_configurations() {
    for (name, config) in TtCoreConfig::named() {
        let count = u64::from(config.tables.min(2));
        let tables = tables(&config, count);
        let mut driver = Driver::loaded(&config, &tables);
        assert_eq!(driver.output("tables_o"), (1 << count) - 1, "{name}");
        let mut rng = SplitMix64::new(11);
        let mut rows = random_rows(&config, count, 120, &mut rng);
        rows.extend((0..10).map(|at| single(config.row_space() - 1 - at, at & 1)));
        let answers = driver.run(&rows, &[], 1);
        assert!(!answers.is_empty());
        assert!(answers == expected(&tables, &rows), "{name}");
        assert_eq!(driver.output("err_o"), 0);
    }
}

/// Shapes of all kinds, with results that are taken at once and slowly.
#[test]
fn shapes_of_all_kinds() {
    for config in shapes() {
        let tables = tables(&config, 2);
        let mut driver = Driver::loaded(&config, &tables);
        let mut rng = SplitMix64::new(13);
        for slow in [1, 9] {
            let rows = random_rows(&config, 2, 100, &mut rng);
            let answers = driver.run(&rows, &[], slow);
            assert!(answers == expected(&tables, &rows), "{config:?}");
        }
    }
}

/// The numbers mean what they should: binary64 without any rounding in between is near.
#[test]
fn floats_are_near_the_ideal() {
    for (name, digits) in [("paper", 8.0), ("deep", 8.0), ("fp32", 24.0)] {
        let config = named(name);
        let table = Table::random(&config, 3);
        let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
        let mut rng = SplitMix64::new(17);
        let ids: Vec<_> = (0..40).map(|_| rng.below(config.row_space())).collect();
        let rows: Vec<_> = ids.iter().map(|&id| single(id, id & 1)).collect();
        let answers = driver.answers(&rows);
        assert_eq!(answers.len(), ids.len());
        // Each boundary rounds to the element's digits, each tree at most six times to 24 bits.
        let stages = config.macs.len() as f64;
        let unit = (stages - 1.0) * 0.5_f64.powf(digits) + stages * 7.0 * 0.5_f64.powi(24);
        for (id, answer) in ids.into_iter().zip(answers) {
            for (sum, (ideal, size)) in answer.sums.unwrap().into_iter().zip(table.ideal(id)) {
                let error = (f64::from(f32::from_bits(sum)) - ideal).abs();
                assert!(error <= 1.05 * unit * size, "{name}: {error} of {size}");
            }
        }
    }
}

/// Int8 rows of two TT cores are not requantised: the exact sums.
#[test]
fn two_int8_cores_are_exact() {
    let config = shapes().remove(0);
    assert_eq!((config.element, config.p.len()), (Element::Int8, 2));
    let table = Table::random(&config, 3);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    for id in 0..config.row_space() {
        let answer = driver.answers(&[single(id, 0)]).remove(0);
        let ideal = table.ideal(id).into_iter().map(|(sum, _)| sum);
        let sums = answer.sums.unwrap().into_iter();
        assert!(sums.map(|sum| f64::from(sum as i32)).eq(ideal));
    }
}

/// The same rows pooled in any interleaving of the bags give the same sums.
#[test]
fn bags_interleave() {
    let config = named("paper");
    let table = Table::random(&config, 5);
    let mut driver = Driver::loaded(&config, std::slice::from_ref(&table));
    let mut rng = SplitMix64::new(19);
    let bags: Vec<Vec<u64>> = (0..16)
        .map(|bag| (0..=bag % 5).map(|_| rng.below(2000)).collect())
        .collect();
    // One after another; then side by side; then in random order of bags.
    let mut orders: Vec<Vec<usize>> = vec![Vec::new(); 3];
    for (bag, ids) in bags.iter().enumerate() {
        orders[0].extend(ids.iter().map(|_| bag));
    }
    for round in 0..5 {
        orders[1].extend((0..16).filter(|&bag| bags[bag].len() > round));
    }
    orders[2] = orders[0].clone();
    for at in (1..orders[2].len()).rev() {
        orders[2].swap(at, rng.below(at as u64 + 1) as usize);
    }
    let mut results = orders.iter().map(|order| {
        let mut next = [0; 16];
        let rows: Vec<_> = order
            .iter()
            .map(|&bag| {
                next[bag] += 1;
                Row {
                    table: 0,
                    id: bags[bag][next[bag] - 1],
                    bag: bag as u64,
                    last: next[bag] == bags[bag].len(),
                }
            })
            .collect();
        let mut answers = driver.answers(&rows);
        assert!(answers == expected(std::slice::from_ref(&table), &rows));
        answers.sort_by_key(|answer| answer.bag);
        answers
    });
    let first = results.next().unwrap();
    assert!(results.all(|other| other == first));
}
