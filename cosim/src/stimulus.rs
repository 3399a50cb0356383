//! Parts of random stimulus common to all blocks.

use contract::SplitMix64;

use crate::episode::{Episode, Injected, Injection, Pacing, Step};

/// Commands of an [`episode`]: many short episodes reach more states than a few long ones.
const STEPS: usize = 32;

/// The pacing of each stream, by `pick`; now and then all alike.
pub fn pacings(
    rng: &mut SplitMix64,
    streams: usize,
    pick: impl Fn(&mut SplitMix64) -> Pacing,
) -> Vec<Pacing> {
    let same = rng.one_in(3).then(|| pick(rng));
    (0..streams)
        .map(|_| same.unwrap_or_else(|| pick(rng)))
        .collect()
}

/// Any pacing, each as often as the others.
pub fn pacing(rng: &mut SplitMix64) -> Pacing {
    Pacing::ALL[rng.below(Pacing::ALL.len() as u64) as usize]
}

/// A reset, or a pulse of one of the level inputs `pulses`, after `at_least` cycles: soon, later, or
/// much later.
pub fn injection(rng: &mut SplitMix64, at_least: u32, pulses: &[&str]) -> Injection {
    let kind = match rng.below(1 + pulses.len() as u64) as usize {
        0 => Injected::Reset,
        pulse => Injected::Pulse(pulses[pulse - 1].to_owned()),
    };
    let spread = [8, 60, 400][rng.below(3) as usize];
    Injection {
        after: at_least + rng.below(spread) as u32,
        cycles: 1 + rng.below(3) as u32,
        kind,
    }
}

/// An episode of commands that `command` makes for a block of `streams` streams, at random paces:
/// now and then one waits until the block is idle, or is cut off by a reset or a pulse of one of
/// the level inputs `pulses`, which else are 0 as all levels are.
pub fn episode<C>(
    seed: u64,
    streams: usize,
    pulses: &[&str],
    mut command: impl FnMut(&mut SplitMix64) -> C,
) -> Episode<C> {
    let rng = &mut SplitMix64::new(seed);
    let pacing = pacings(rng, streams, pacing);
    let mut step = || Step {
        command: command(rng),
        gap: rng.one_in(5).then(|| rng.below(40) as u32),
        injection: rng.one_in(10).then(|| injection(rng, 0, pulses)),
    };
    Episode {
        seed,
        pacing,
        levels: Vec::new(),
        steps: (0..STEPS).map(|_| step()).collect(),
    }
}
