//! Transactions on the model of a small block: what is expected comes, and nothing else.

mod acc;

use acc::Acc;
use contract::SplitMix64;
use cosim::{Agent, Episode, Kind, ModelAlone, Outcome, StreamAgent, Transaction, play, stimulus};

/// A packet of 100-bit words and their sum, as if there had been `missing` fewer.
fn packet(rng: &mut SplitMix64, missing: u64) -> Transaction {
    let mut packet = Transaction::default();
    let words: Vec<u64> = (0..2 + rng.below(10)).map(|_| rng.below(1 << 40)).collect();
    for (at, &word) in words.iter().enumerate() {
        packet.send("in", [word, 0, u64::from(at + 1 == words.len())]);
    }
    let count = words.len() as u64 - missing;
    packet.expect("out", [words.iter().sum(), 0, count]);
    packet
}

fn outcome(episode: &Episode<Transaction>) -> Outcome {
    let agent = StreamAgent::new(Acc::new());
    let (mut target, mut monitor) = (ModelAlone(agent.model()), agent.monitor(episode));
    play(&agent, episode, &mut target, &mut monitor, u64::MAX)
}

fn failure(episode: &Episode<Transaction>) -> String {
    match outcome(episode).failure.map(|failure| failure.kind) {
        Some(Kind::Result(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_expected_comes_whatever_is_interrupted() {
    let mut injections = 0;
    for seed in 0..200 {
        let episode = stimulus::episode(seed, 2, &["flush_i"], |rng| packet(rng, 0));
        let steps = episode.steps.iter();
        injections += steps.filter(|step| step.injection.is_some()).count();
        let outcome = outcome(&episode);
        assert!(outcome.failure.is_none(), "seed {seed}: {outcome:?}");
    }
    assert!(injections > 200, "{injections}");
}

#[test]
fn a_wrong_result_is_named() {
    let mut first = Some(1);
    let episode = stimulus::episode(3, 2, &[], |rng| packet(rng, first.take().unwrap_or(0)));
    let text = failure(&episode);
    assert!(
        text.starts_with("beat 0 of out: 0x000000000000000"),
        "{text}"
    );
}

#[test]
fn too_few_and_too_many_results_are_named() {
    let mut episode = stimulus::episode(5, 2, &[], |rng| packet(rng, 0));
    episode.steps.truncate(1);
    let mut more = episode.clone();
    more.steps[0].command.expect("out", [0, 0, 0]);
    assert_eq!(failure(&more), "1 beats of out are missing");
    let mut fewer = episode;
    fewer.steps[0].command = Transaction::default();
    fewer.steps[0].command.send("in", [7, 0, 1]);
    assert_eq!(failure(&fewer), "beat 0 of out comes of nothing");
}

/// A replay file that was edited.
#[test]
fn beats_that_fit_no_stream_do_no_harm() {
    let mut episode = stimulus::episode(5, 2, &[], |rng| packet(rng, 0));
    for step in &mut episode.steps {
        step.injection = None;
    }
    episode.steps[0].command.send("nowhere", [1]);
    episode.steps[0].command.send("out", [1]);
    assert!(outcome(&episode).failure.is_none());
    episode.steps[0].command.send("in", []);
    episode.steps[0].command.send("in", [1; 9]);
    assert!(outcome(&episode).failure.is_some());
}
