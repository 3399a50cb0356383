//! The generator of episodes.

use blocks::pe::{PeConfig, Pins};
use contract::SplitMix64;
use cosim::{Episode, Level, Pacing, Step, stimulus};

use super::super::command::{GNR, PeCommand, Request, UPDATE, Visit, elements};
use super::super::content::Palette;

/// Look-ups of an episode, about: many short episodes reach more states than a few long ones.
const LOOKUPS: u64 = 400;
const STREAMS: usize = 5;

/// The random episode of a seed.
pub fn random(config: &PeConfig, seed: u64) -> Episode<PeCommand> {
    let mut rng = SplitMix64::new(seed);
    Generator {
        config,
        palette: Palette::new(&mut rng),
        rng,
    }
    .episode(seed)
}

pub(super) struct Generator<'a> {
    pub config: &'a PeConfig,
    /// What the vectors of the current command hold.
    pub palette: Palette,
    pub rng: SplitMix64,
}

/// How an episode behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manners {
    /// As it should: results are checked against expected sums too.
    Legal,
    /// As it should, but with more queries than there are slots.
    Crowded,
    /// Contents are illegal; the streams stay aligned with the commands.
    Sloppy,
    /// Commands and streams don't match; an abort follows each.
    Wild,
}

impl Manners {
    /// Contents are illegal.
    fn bad(self) -> bool {
        matches!(self, Self::Sloppy | Self::Wild)
    }
}

/// Mostly at full speed: a stream that waits shows little in many cycles.
fn pacing(rng: &mut SplitMix64) -> Pacing {
    match rng.below(6) {
        at @ 0..4 => Pacing::ALL[at as usize],
        _ => Pacing::Full,
    }
}

impl Generator<'_> {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.rng.one_in(n)
    }

    pub fn episode(mut self, seed: u64) -> Episode<PeCommand> {
        let manners = [
            Manners::Legal,
            Manners::Crowded,
            Manners::Sloppy,
            Manners::Wild,
        ][self.below(4) as usize];
        let disturbed = manners.bad() || self.one_in(3);
        let mut left = LOOKUPS as i64;
        let mut steps = Vec::new();
        while left > 0 {
            let commands = self.work(manners, left as u64);
            for command in commands {
                let asked: usize = command
                    .visits
                    .iter()
                    .map(|visit| visit.requests.len())
                    .sum();
                left -= 20 + asked as i64;
                steps.push(self.step(command, manners, disturbed));
            }
        }
        let pacing = stimulus::pacings(&mut self.rng, STREAMS, pacing);
        // Abort and clear stay low but for the injections; the counter choice is free.
        let levels = vec![Level::Low, Level::Low, Level::Random];
        Episode {
            seed,
            pacing,
            levels,
            steps,
        }
    }

    fn step(&mut self, command: PeCommand, manners: Manners, disturbed: bool) -> Step<PeCommand> {
        let wild = manners == Manners::Wild && self.one_in(2);
        let interrupted = wild || disturbed && self.one_in(6);
        let at_least = if wild { 100 } else { 0 };
        let injection =
            interrupted.then(|| stimulus::injection(&mut self.rng, at_least, &Pins::PULSES));
        let mut command = command;
        if wild {
            self.misuse(&mut command);
        }
        // What is misused starts alone, or it would spoil its neighbours before it is reached.
        let alone = wild || self.one_in(4);
        let gap = alone.then(|| self.below(40) as u32);
        Step {
            command,
            gap,
            injection,
        }
    }

    /// A gather-and-reduce, with an update if it is retained.
    fn work(&mut self, manners: Manners, left: u64) -> Vec<PeCommand> {
        self.palette = Palette::new(&mut self.rng);
        let capacity = u64::from(self.config.queries);
        let most = [2, 12, 40, 200][self.below(4) as usize].min(left);
        let queries = 1 + self.below(most.min(capacity).min(u64::from(self.config.slots)));
        let crowded = manners == Manners::Crowded || manners.bad() && self.one_in(3);
        let queries = if crowded && !self.one_in(4) {
            1 + self.below(capacity.min(left))
        } else {
            queries
        };
        let retain = self.one_in(2) && (self.config.has_update() || manners.bad());
        let numbers = self.numbers(queries);
        let in_use = numbers.iter().max().map_or(1, |&q| q + 1);
        let mut gather = PeCommand::new(
            GNR,
            retain,
            in_use as usize,
            self.visits(&numbers, left.min(300)),
        );
        let asked: Vec<u32> = numbers
            .iter()
            .copied()
            .filter(|&q| asks(&gather, q, self))
            .collect();
        if manners.bad() {
            self.spoil(&mut gather);
        }
        let mut commands = vec![gather];
        let skip = manners.bad() && self.one_in(4);
        if retain && !skip {
            let mut update = self.update(asked, in_use);
            if manners.bad() {
                self.spoil(&mut update);
            }
            commands.push(update);
        }
        commands
    }

    /// Query numbers: mostly the first ones, sometimes any.
    pub fn numbers(&mut self, count: u64) -> Vec<u32> {
        if self.one_in(3) {
            let mut all: Vec<u32> = (0..self.config.queries).collect();
            self.shuffle(&mut all);
            all.truncate(count as usize);
            return all;
        }
        (0..count as u32).collect()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }

    pub fn id(&mut self) -> u64 {
        self.rng.next_u64() >> (64 - self.config.id_bits)
    }

    pub fn vector(&mut self) -> Vec<u32> {
        let element = self.config.element;
        (0..elements(self.config))
            .map(|_| self.palette.element(&mut self.rng, element))
            .collect()
    }

    /// The rows of all queries requested, in some order.
    pub fn update(&mut self, mut queries: Vec<u32>, in_use: u32) -> PeCommand {
        if self.one_in(2) {
            self.shuffle(&mut queries);
        }
        if self.config.has_match() {
            // Each row has an id of its own.
            queries.truncate(1 << self.config.id_bits.min(16));
        }
        let lanes = self.config.lookups_per_cycle;
        let rows = queries.iter().map(|query| {
            let mask = 1 << (query % lanes);
            // Ignored, except in a list of one id.
            let any = self.rng.next_u64() as u32 & lane_bits(lanes);
            let last = if self.config.has_match() { mask } else { any };
            let requests = vec![Request {
                row: query / lanes,
                mask,
                last,
                end: true,
            }];
            Visit {
                id: self.id(),
                listed: None,
                requests,
                vector: self.vector(),
            }
        });
        let mut visits: Vec<Visit> = rows.collect();
        self.tell_apart(&mut visits);
        let mut command = PeCommand::new(UPDATE, false, in_use as usize, visits);
        if !self.one_in(4) {
            command.lr = self.palette.rate(&mut self.rng);
        }
        command
    }
}

pub(super) fn lane_bits(lanes: u32) -> u32 {
    u32::MAX >> (32 - lanes)
}

/// Whether any visit of the command serves this query.
fn asks(command: &PeCommand, query: u32, generator: &Generator<'_>) -> bool {
    let lanes = generator.config.lookups_per_cycle;
    command
        .visits
        .iter()
        .flat_map(|visit| &visit.requests)
        .any(|request| request.row == query / lanes && request.mask >> (query % lanes) & 1 == 1)
}
