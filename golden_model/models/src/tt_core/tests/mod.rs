//! Timing, sums, prefixes, loads and errors of the model.

mod arith;
mod driver;
mod errors;
mod loads;
mod prefixes;
mod reference;
mod restart;
mod sums;
mod timing;

use blocks::tt_core::{Element, TtCoreConfig};
use contract::BlockConfig;

use contract::SplitMix64;
use driver::Row;

/// The named configuration.
fn named(name: &str) -> TtCoreConfig {
    let mut all = TtCoreConfig::named().into_iter();
    all.find(|(known, _)| *known == name).unwrap().1
}

/// A small core of this shape, with the register ranks of its element.
fn small(
    element: Element,
    p: &[u32],
    q: &[u32],
    ranks: &[u32],
    lanes: &[u32],
    pooling: bool,
) -> TtCoreConfig {
    let macs = lanes.iter().zip(ranks).map(|(lanes, rank)| lanes * rank);
    let mut config = TtCoreConfig {
        element,
        p: p.to_vec(),
        q: q.to_vec(),
        ranks: ranks.to_vec(),
        macs: macs.collect(),
        pooling,
        ..named("tiny")
    };
    config.settle(&[]);
    config.validate().unwrap();
    config
}

/// Two to four TT cores, all elements, `w_k > 1` and `C_k > 1`, with and without pooling.
fn shapes() -> Vec<TtCoreConfig> {
    let elements = [Element::Int8, Element::Bf16, Element::Fp32];
    let all = elements.into_iter().flat_map(|element| {
        [true, false].into_iter().flat_map(move |pooling| {
            [
                small(element, &[3, 5], &[4, 2], &[8], &[4], pooling),
                small(element, &[4, 3], &[8, 1], &[2], &[1], pooling),
                small(element, &[3, 2, 4], &[4, 2, 4], &[4, 2], &[8, 4], pooling),
                small(element, &[2, 3, 3], &[2, 4, 2], &[64, 8], &[4, 8], pooling),
                small(
                    element,
                    &[2, 3, 2, 3],
                    &[2, 2, 4, 2],
                    &[4, 2, 8],
                    &[4, 32, 4],
                    pooling,
                ),
                small(
                    element,
                    &[3, 2, 3, 2],
                    &[4, 1, 2, 1],
                    &[2, 4, 2],
                    &[1, 2, 2],
                    pooling,
                ),
            ]
        })
    });
    all.collect()
}

/// Rows at random; with pooling, bags of rows interleaved, all complete.
fn random_rows(config: &TtCoreConfig, tables: u64, count: usize, rng: &mut SplitMix64) -> Vec<Row> {
    let bags = u64::from(config.bags);
    let mut open = vec![false; config.bags as usize];
    let mut row = |bag: u64, last: bool, rng: &mut SplitMix64| {
        open[bag as usize] = !last;
        Row {
            table: rng.below(tables),
            id: rng.below(config.row_space()),
            bag,
            last,
        }
    };
    let mut rows: Vec<_> = (0..count)
        .map(|_| row(rng.below(bags), rng.chance(0.3), rng))
        .collect();
    rows.extend((0..bags).map(|bag| row(bag, true, rng)));
    rows
}
