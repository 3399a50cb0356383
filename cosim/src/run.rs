//! The loop: one cycle after the other, until the episode is over or something is wrong.

use crate::agent::{Agent, Monitor, Sample};
use crate::driver::Driver;
use crate::episode::Episode;
use crate::target::{Target, Wrong, frames};

/// How an episode ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Cycles played, the failing one included.
    pub cycles: u64,
    /// Steps of which anything was sent.
    pub touched: usize,
    pub failure: Option<Failure>,
}

/// The first thing that went wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Cycle number from the start of the episode, the first reset cycle being 0.
    pub cycle: u64,
    pub kind: Kind,
    /// The frames of that cycle.
    pub inputs: Vec<u64>,
    pub outputs: Vec<u64>,
}

/// What went wrong.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Outputs differ from the model's, a stream broke its protocol, or the design reported an
    /// assertion failure.
    Wrong(Wrong),
    /// A result is wrong, although design and model agree.
    Result(String),
    /// Work is left, but nothing has moved for this many cycles; the streams that wait.
    Hang { idle: u64, stalled: Vec<String> },
}

/// Plays an episode, for at most `limit` cycles.
pub fn play<A: Agent, T: Target, W: Monitor>(
    agent: &A,
    episode: &Episode<A::Command>,
    target: &mut T,
    monitor: &mut W,
    limit: u64,
) -> Outcome {
    let mut player = Driver::new(agent, episode);
    let (mut inputs, mut outputs) = frames(agent.layout());
    let patience = agent.patience();
    let mut device = agent.device(episode);
    let failure = loop {
        if player.cycle >= limit {
            break None;
        }
        if player.finished() {
            break monitor.finish().err().map(Kind::Result);
        }
        player.drive(&mut inputs);
        if let Some(device) = &device {
            device.drive(&mut inputs);
        }
        let (in_reset, disturbed) = (player.in_reset(), player.disturbed());
        if let Err(wrong) = target.settle(&inputs, in_reset, disturbed, &mut outputs) {
            break Some(Kind::Wrong(wrong));
        }
        let transfers = player.transfers(&inputs, &outputs);
        let cycle = player.cycle;
        let sample = Sample {
            cycle,
            inputs: &inputs,
            outputs: &outputs,
            transfers,
            disturbed,
        };
        if let Err(what) = monitor.cycle(&sample) {
            break Some(Kind::Result(what));
        }
        if player.idle_cycles() > patience {
            let stalled = player.stalled(&inputs, &outputs);
            break Some(Kind::Hang {
                idle: player.idle_cycles(),
                stalled,
            });
        }
        target.clock(&inputs, in_reset);
        if let Some(device) = &mut device {
            device.clock(&outputs);
        }
        let done = agent.done(&outputs);
        player.advance(&mut inputs, transfers, done);
    };
    let (cycle, touched) = (player.cycle, player.touched());
    let cycles = cycle + u64::from(failure.is_some());
    let failure = failure.map(|kind| Failure {
        cycle,
        kind,
        inputs,
        outputs,
    });
    Outcome {
        cycles,
        touched,
        failure,
    }
}
