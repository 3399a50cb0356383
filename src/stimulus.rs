//! Parts of random stimulus that are the same for every block.

use cosim::{Disturbance, Interrupt, Pacing};
use golden_model::trace::SplitMix64;

/// The pacing of each stream, by `pick`; now and then all alike.
pub fn pacings(
    rng: &mut SplitMix64,
    streams: usize,
    pick: impl Fn(&mut SplitMix64) -> Pacing,
) -> Vec<Pacing> {
    let same = (rng.below(3) == 0).then(|| pick(rng));
    (0..streams)
        .map(|_| same.unwrap_or_else(|| pick(rng)))
        .collect()
}

/// A reset, abort or clear after `at_least` cycles: soon, later, or much later.
pub fn interrupt(rng: &mut SplitMix64, at_least: u32) -> Interrupt {
    let pulse = |name: &str| Disturbance::Pulse(name.to_owned());
    let kind = match rng.below(3) {
        0 => Disturbance::Reset,
        1 => pulse("abort_i"),
        _ => pulse("clear_i"),
    };
    let spread = [8, 60, 400][rng.below(3) as usize];
    Interrupt {
        after: at_least + rng.below(spread) as u32,
        cycles: 1 + rng.below(3) as u32,
        kind,
    }
}
