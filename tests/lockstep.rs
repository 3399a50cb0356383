//! The linked PE: its typed handle, the paper's worked example, and a small real batch.

use blocks::pe::PeConfig;
use checks::pe::{Figures, PeAgent, PeCommand, backward_and_update, forward};
use contract::BlockConfig;
use cosim::{Agent, Episode, Level, Pair, Step, instance, play};
use embertl::linked::{PePaper, pe_paper_design};
use traces::batch::Bags;
use traces::zipf::{Zipf, ZipfConfig};

fn paper() -> PeConfig {
    PeConfig::named().remove(0).1
}

/// Plays the commands in lock-step, results checked, and gives what each took.
fn figures(commands: Vec<PeCommand>) -> Vec<Figures> {
    let agent = PeAgent::new(&paper());
    let steps = commands.into_iter();
    let steps = steps
        .map(|command| Step {
            command,
            gap: Some(20),
            injection: None,
        })
        .collect();
    let levels = vec![Level::Low, Level::Low, Level::Count];
    let episode = Episode {
        seed: 1,
        pacing: Vec::new(),
        levels,
        steps,
    };
    let mut pair = Pair::new(instance(&pe_paper_design(), episode.seed), agent.model());
    let mut monitor = agent.monitor(&episode);
    assert!(monitor.checks(), "the sums of regular commands are known");
    let outcome = play(&agent, &episode, &mut pair, &mut monitor, u64::MAX);
    if let Some(failure) = outcome.failure {
        panic!("{:?}", failure.divergence(agent.layout()));
    }
    monitor.figures()
}

fn additions(figures: &Figures) -> u64 {
    figures.adder_beats / u64::from(paper().beats())
}

#[test]
fn the_papers_example() {
    let queries: [&[u32]; 4] = [&[0, 2, 5], &[2, 5, 6, 1], &[0, 5, 6], &[2, 5, 6, 3]];
    let batch: Bags = queries.into_iter().collect();
    let work = forward(&paper(), &batch);
    // 14 look-ups read 6 vectors; 10 additions become 7.
    assert_eq!(work.commands[0].visits.len(), 6);
    let took = figures(work.commands);
    assert_eq!((took.len(), additions(&took[0])), (1, 7));
    let work = backward_and_update(&paper(), &batch);
    // 14 look-ups read 4 gradients; 8 additions become 5; 6 rows are updated.
    assert_eq!(work.commands[0].visits.len(), 4);
    let took = figures(work.commands);
    assert_eq!((took.len(), additions(&took[0])), (2, 5));
    assert_eq!(took[1].written_beats, 6 * u64::from(paper().beats()));
}

#[test]
fn a_batch_takes_the_additions_of_the_prefix_tree() {
    let mut zipf = Zipf::new(ZipfConfig::default()).unwrap();
    let batch = zipf.batch(256);
    for work in [
        forward(&paper(), &batch),
        backward_and_update(&paper(), &batch),
    ] {
        let expected = work.additions_shared;
        let took = figures(work.commands);
        assert_eq!(took.iter().map(additions).sum::<u64>(), expected);
    }
}

#[test]
fn ports_have_names_and_types() {
    let mut pe = PePaper::new(&pe_paper_design(), 7);
    assert_eq!(pe.settle().busy_o, 1);
    let mut cycles = 0;
    while pe.settle().busy_o == 1 {
        pe.clock();
        cycles += 1;
    }
    assert_eq!(cycles, paper().slots.max(paper().rows() / 2));
    // An illegal command is taken, and remembered as error 1.
    pe.inputs.cmd_valid_i = 1;
    pe.inputs.cmd_op_i = 7;
    assert_eq!((pe.settle().cmd_ready_o, pe.outputs.err_o), (1, 0));
    pe.clock();
    pe.inputs.cmd_valid_i = 0;
    for _ in 0..3 {
        pe.settle();
        pe.clock();
    }
    assert_eq!(pe.settle().err_o, 1);
}
