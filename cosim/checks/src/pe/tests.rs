//! The random stimulus on the model alone: no hangs, and right sums wherever they are known.

use blocks::pe::PeConfig;
use contract::BlockConfig;
use cosim::{Agent, ModelAlone, play};

use super::{PeAgent, random};

#[test]
fn random_episodes_end_and_sums_are_right() {
    for (name, config) in PeConfig::named() {
        let agent = PeAgent::new(&config);
        let (mut cycles, mut checked) = (0, 0);
        for seed in 0..60 {
            let episode = random(&config, seed);
            let mut monitor = agent.monitor(&episode);
            checked += u32::from(monitor.checks());
            let mut model = ModelAlone(agent.model());
            let outcome = play(&agent, &episode, &mut model, &mut monitor, 1_000_000);
            if let Some(failure) = outcome.failure {
                panic!(
                    "{name} seed {seed}: {:?}",
                    failure.divergence(agent.layout())
                );
            }
            assert!(
                outcome.cycles < 1_000_000,
                "{name} seed {seed} does not end"
            );
            cycles += outcome.cycles;
        }
        println!("{name}: {cycles} cycles, {checked} episodes with known sums");
        assert!(checked > 5, "{name}: sums of {checked} episodes are known");
    }
}

#[test]
fn real_work_is_done_in_time() {
    let config = PeConfig::named().remove(0).1;
    let agent = PeAgent::new(&config);
    let mut zipf = traces::zipf::Zipf::new(Default::default()).unwrap();
    let batch = zipf.batch(2048);
    for commands in [
        super::forward(&config, &batch),
        super::backward_and_update(&config, &batch),
    ] {
        let steps = commands.commands.into_iter().map(|command| cosim::Step {
            command,
            gap: Some(20),
            injection: None,
        });
        let levels = vec![cosim::Level::Low, cosim::Level::Low, cosim::Level::Count];
        let episode = cosim::Episode {
            seed: 1,
            pacing: vec![],
            levels,
            steps: steps.collect(),
        };
        let mut monitor = agent.monitor(&episode);
        assert!(monitor.checks());
        let mut model = ModelAlone(agent.model());
        let outcome = play(&agent, &episode, &mut model, &mut monitor, u64::MAX);
        if let Some(failure) = outcome.failure {
            panic!("{:?}", failure.divergence(agent.layout()));
        }
        for (figures, step) in monitor.figures().iter().zip(&episode.steps) {
            let input = step.command.visits.len() as u64 * 4;
            let binding = input.max(figures.adder_beats).max(figures.result_beats);
            println!(
                "{figures:?} input {input} ratio {:.4}",
                figures.cycles as f64 / binding as f64
            );
        }
    }
}
