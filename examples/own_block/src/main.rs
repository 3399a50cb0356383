//! A pooling unit, its random stimulus, and the whole command line for it.

mod config;
mod model;

use config::PoolConfig;
use contract::{SplitMix64, frame::pack};
use cosim::{StreamAgent, Transaction, stimulus};
use hdl_gen::BlockOf;
use lockstep::RandomOnly;
use model::PoolModel;
use std::process::ExitCode;

fn main() -> ExitCode {
    let pool = RandomOnly::new(
        |config| StreamAgent::new(PoolModel::new(config)),
        |config, seed| stimulus::episode(seed, 2, &[], |rng| bag(config, rng)),
    );
    let mut commands = lockstep::commands(vec![&pool], lockstep::unlinked);
    commands.extend(hdl_gen::command::commands(vec![BlockOf::<PoolConfig>::DYN]));
    commands.extend(eda::commands(vec![BlockOf::<PoolConfig>::DYN]));
    let program = shell::program("own_block", "0.1.0", "A pooling unit");
    shell::run(program, commands)
}

/// The rows of one bag, and what must come of them: their expected sums.
fn bag(config: &PoolConfig, rng: &mut SplitMix64) -> Transaction {
    let (mut bag, mut sums) = (Transaction::default(), vec![0; config.lanes as usize]);
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
