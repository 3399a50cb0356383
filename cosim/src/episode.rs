//! Stimulus as data: everything that happens at a block's inputs follows from an [`Episode`], so it
//! can be saved, replayed and shrunk.

use contract::SplitMix64;
use serde::{Deserialize, Serialize};

/// One simulation from reset until the block is idle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Episode<C> {
    /// Seeds the initial state and every decision that is taken cycle by cycle.
    pub seed: u64,
    /// One per stream, in port order: bubbles of inputs, back-pressure on outputs.
    pub pacing: Vec<Pacing>,
    /// One per level input, in port order.
    pub levels: Vec<Level>,
    /// What the streams carry, in order.
    pub steps: Vec<Step<C>>,
}

/// One command with all its data, its gap and its injection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step<C> {
    pub command: C,
    /// Nothing of this step is offered before all earlier steps are done and this many more cycles
    /// have passed. `None`: its beats follow the earlier ones at once.
    pub gap: Option<u32>,
    #[serde(rename = "interrupt")]
    pub injection: Option<Injection>,
}

impl<C> Step<C> {
    /// A command without gap and without injection.
    pub fn new(command: C) -> Self {
        Self {
            command,
            gap: None,
            injection: None,
        }
    }
}

/// An injection in mid-flight. When it is over, all steps of which anything was sent are dropped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Injection {
    /// Cycles after the first transfer of its step.
    pub after: u32,
    /// For how many cycles, at least 1.
    pub cycles: u32,
    pub kind: Injected,
}

/// What an injection does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Injected {
    /// `rst_ni` is low.
    Reset,
    /// This level input is 1; outputs may drop `valid` without a transfer.
    Pulse(String),
}

/// How often a stream moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pacing {
    /// Always.
    #[default]
    Full,
    /// In 7 of 8 cycles.
    Light,
    /// In 1 of 8 cycles.
    Heavy,
    /// In runs of 1 to 32 cycles, and not in runs of the same lengths.
    Bursty,
}

impl Pacing {
    /// All profiles.
    pub const ALL: [Self; 4] = [Self::Full, Self::Light, Self::Heavy, Self::Bursty];
}

/// What a level input does while no injection pulses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 0.
    #[default]
    Low,
    /// The cycle number modulo 2^width.
    Count,
    /// Random bits in every cycle.
    Random,
}

/// The decisions of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Pacer {
    pacing: Pacing,
    rng: SplitMix64,
    /// Cycles left of the present run, and whether the stream moves in it.
    run: (u64, bool),
}

impl Pacer {
    pub fn new(pacing: Pacing, seed: u64, stream: usize) -> Self {
        let mut rng = SplitMix64::new(seed);
        for _ in 0..stream {
            rng.next_u64();
        }
        Self {
            pacing,
            rng: SplitMix64::new(rng.next_u64()),
            run: (0, false),
        }
    }

    /// Whether the stream moves in this cycle.
    #[inline]
    pub fn go(&mut self) -> bool {
        match self.pacing {
            Pacing::Full => true,
            Pacing::Light => self.rng.next_u64() & 7 != 0,
            Pacing::Heavy => self.rng.next_u64() & 7 == 0,
            Pacing::Bursty => {
                if self.run.0 == 0 {
                    self.run = (1 + self.rng.below(32), !self.run.1);
                }
                self.run.0 -= 1;
                self.run.1
            }
        }
    }

    /// Random bits for a payload that is not valid.
    pub fn noise(&mut self) -> u64 {
        self.rng.next_u64()
    }
}
