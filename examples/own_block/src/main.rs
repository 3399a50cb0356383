//! A pooling unit, its random stimulus, and the whole command line for it.

mod config;
mod model;

use std::process::ExitCode;

use config::PoolConfig;
use cosim::{StreamAgent, Transaction, stimulus};
use embertl::RandomOnly;
use golden_model::frame::pack;
use golden_model::trace::SplitMix64;
use model::PoolModel;

fn main() -> ExitCode {
    let pool = RandomOnly::new(
        |config| StreamAgent::new(PoolModel::new(config)),
        |config, seed| stimulus::episode(seed, 2, &[], |rng| bag(config, rng)),
    );
    embertl::cli::run(&[&pool], std::env::args_os())
}

/// The rows of one bag, and what must come of them: their expected sums.
fn bag(config: &PoolConfig, rng: &mut SplitMix64) -> Transaction {
    let mut bag = Transaction::default();
    let mut sums = vec![0; config.lanes as usize];
    let (limit, rows) = (1 << (config.bits - 1), 1 + rng.below(8));
    for row in 1..=rows {
        let elements: Vec<i64> = sums.iter().map(|_| rng.signed(config.bits)).collect();
        for (sum, element) in sums.iter_mut().zip(&elements) {
            *sum = (*sum + element).max(-limit).min(limit - 1);
        }
        let words = pack(&elements, config.bits).into_iter();
        bag.send("row", words.chain([u64::from(row == rows)]));
    }
    bag.expect("sum", pack(&sums, config.bits));
    bag
}
