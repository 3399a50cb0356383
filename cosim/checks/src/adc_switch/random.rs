//! Random episodes for a controller: queries of all sizes on good and bad tiles, misuse that only an
//! abort ends.

use blocks::adc_switch::{AdcSwitchConfig, Pins};
use contract::SplitMix64;
use cosim::{Episode, Level, Step, stimulus};
use models::adc_switch::device::Imperfections;

use super::command::{Activation, AdcSwitchCommand, Query, Tile};
use super::rows::most_rows;

/// Accesses of an episode, about: many short episodes reach more states than a few long ones.
const ACCESSES: u64 = 80;
/// Queries of more accesses are too long for an episode.
const LONGEST: u64 = 200;
const STREAMS: usize = 2;

/// The random episode of a seed.
pub fn random(config: &AdcSwitchConfig, seed: u64) -> Episode<AdcSwitchCommand> {
    let mut rng = SplitMix64::new(seed);
    Generator {
        config,
        legal: rng.below(5) < 3,
        tag: rng.below(1 << config.tag_bits) as u16,
        rng,
    }
    .episode(seed)
}

struct Generator<'a> {
    config: &'a AdcSwitchConfig,
    rng: SplitMix64,
    /// Nothing illegal is sent.
    legal: bool,
    /// Of the last query.
    tag: u16,
}

impl Generator<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.rng.one_in(n)
    }

    fn episode(mut self, seed: u64) -> Episode<AdcSwitchCommand> {
        let tile = self.tile();
        let mut steps = vec![Step::new(AdcSwitchCommand::Tile(tile))];
        let disturbed = !self.legal || self.one_in(3);
        let most = self.most();
        // A long one now and then: counters count further.
        let times = if self.legal && self.one_in(60) { 20 } else { 1 };
        let mut left = times * ACCESSES as i64;
        while left > 0 {
            let step = match !self.legal && self.one_in(3) {
                true => self.misuse(),
                false => self.query(disturbed),
            };
            if let AdcSwitchCommand::Query(query) = &step.command {
                let accesses = |act: &Activation| 1 + act.rows.len() as u64 / most;
                left -= query.activations.iter().map(accesses).sum::<u64>() as i64;
            }
            steps.push(step);
        }
        let pacing = stimulus::pacings(&mut self.rng, STREAMS, stimulus::pacing);
        // Codes are the device's, or anything at all; abort and clear stay low but for the
        // injections; the counter choice is free.
        let codes = if self.one_in(6) {
            Level::Random
        } else {
            Level::Low
        };
        let levels = vec![codes, Level::Low, Level::Low, Level::Random];
        Episode {
            seed,
            pacing,
            levels,
            steps,
        }
    }

    /// An ideal tile, or one with every kind of imperfection.
    fn tile(&mut self) -> Tile {
        let mut tile = Tile {
            seed: self.rng.next_u64(),
            ..Tile::default()
        };
        if self.one_in(3) {
            let mut some = |most: f64| if self.rng.chance(0.6) { most } else { 0.0 };
            tile.imperfections = Imperfections {
                spread: some(0.3),
                stuck: some(0.05),
                offset: some(1.0),
                gain: some(0.05),
                noise: some(1.0),
                seed: self.rng.next_u64(),
            };
        }
        tile
    }

    /// Most rows of one access.
    fn most(&self) -> u64 {
        most_rows(self.config).into()
    }

    /// Most rows of one query.
    fn total(&self) -> u64 {
        1 << (self.config.acc_bits - self.config.element_bits)
    }

    /// A tag that none of the three queries before has: all that can be in flight.
    fn next_tag(&mut self) -> u16 {
        let tags = 1_u64 << self.config.tag_bits;
        // Any of the residues modulo 4 but the last three, in turn.
        let next = (u64::from(self.tag) + 1) % 4;
        self.tag = (next + 4 * self.below(tags / 4)) as u16;
        self.tag
    }

    /// How many rows: every number, those around a change of resolution or a split more often.
    fn count(&mut self) -> u64 {
        let (rows, most) = (u64::from(self.config.rows), self.most());
        let near = |count: u64, by: u64| (count + by).saturating_sub(1);
        let count = match self.below(8) {
            0 => 0,
            1 => 1,
            2 => 2 + self.below(5),
            3 => {
                let bits = self.below(u64::from(self.config.adc_bits) + 1);
                let steps = (1 << self.config.cell_bits) - 1;
                let by = self.below(3);
                near((1 << bits) / steps + 1, by)
            }
            4 => {
                let (times, by) = (self.below(rows / most + 1), self.below(3));
                near(most * times, by)
            }
            5 => rows,
            _ => self.below(rows + 1),
        };
        count.min(rows)
    }

    /// So many word lines: neighbours, or any.
    fn rows(&mut self, count: u64) -> Vec<u16> {
        let mut all: Vec<u16> = (0..self.config.rows as u16).collect();
        if self.one_in(4) {
            let from = self.below(all.len() as u64) as usize;
            all.rotate_left(from);
        } else {
            for at in (1..all.len()).rev() {
                all.swap(at, self.below(at as u64 + 1) as usize);
            }
        }
        all.truncate(count as usize);
        all.sort_unstable();
        all
    }

    /// Activations that together have at most as many rows as a query may.
    fn activations(&mut self) -> Vec<Vec<u16>> {
        if self.one_in(25) {
            return self.activations_of(self.total());
        }
        let count = [1, 1, 2, 3, 8][self.below(5) as usize];
        let mut left = self.total();
        (0..1 + self.below(count))
            .map(|_| {
                let rows = self.count().min(left);
                left -= rows;
                self.rows(rows)
            })
            .collect()
    }

    /// Activations of exactly `rows` rows, or of one row if those would be too many.
    fn activations_of(&mut self, rows: u64) -> Vec<Vec<u16>> {
        let lines = u64::from(self.config.rows);
        let accesses = rows.div_ceil(lines) * lines.div_ceil(self.most());
        if accesses > LONGEST {
            return vec![self.rows(1)];
        }
        let mut activations = vec![self.rows(lines); (rows / lines) as usize];
        activations.push(self.rows(rows % lines));
        activations
    }

    fn query(&mut self, disturbed: bool) -> Step<AdcSwitchCommand> {
        let tag = self.next_tag();
        let query = Query::new(tag, self.activations());
        let injection = (disturbed && self.one_in(8))
            .then(|| stimulus::injection(&mut self.rng, 0, &Pins::PULSES));
        Step {
            command: AdcSwitchCommand::Query(query),
            gap: self.one_in(5).then(|| self.below(40) as u32),
            injection,
        }
    }

    /// Something that halts a controller, and an injection to end that.
    fn misuse(&mut self) -> Step<AdcSwitchCommand> {
        let before = self.tag;
        let tag = self.next_tag();
        let mut query = Query::new(tag, self.activations());
        let mut reach = 0;
        match self.below(4) {
            // The tag changes in mid-query, if there is a middle.
            0 => {
                query = Query::new(tag, [self.activations(), self.activations()].concat());
                let at = 1 + self.below(query.activations.len() as u64 - 1) as usize;
                query.activations[at].tag ^= 1 + self.below(3) as u16;
            }
            // A tag that may be in flight: of the query before, or of an empty one that leaves soon.
            1 => {
                let soon = self.one_in(2);
                let used = if soon { tag } else { before };
                let rest = query.activations.iter_mut();
                rest.for_each(|activation| activation.tag = used);
                if soon {
                    // Other queries between, some cycles long, so that it comes before it has left,
                    // after that, or in that very cycle. What comes after may try again.
                    let (between, times) = (self.below(3) as u16, 1 + self.below(4));
                    let tags = (0..times).flat_map(|_| 0..=between).map(|by| tag ^ by);
                    let empties = tags.flat_map(|tag| {
                        let count = 1 + self.below(8) as usize;
                        Query::new(tag, vec![Vec::new(); count]).activations
                    });
                    query.activations.splice(0..0, empties);
                }
            }
            // The last activation does not say so: the next query is part of this one.
            2 => query
                .activations
                .iter_mut()
                .for_each(|activation| activation.last = false),
            // Too many rows.
            _ => {
                let more = 1 + self.below(u64::from(self.config.rows));
                query = Query::new(tag, self.activations_of(self.total() + more));
                // Interrupted on the way there, or when it has happened.
                let rows = query.activations.iter().map(|act| act.rows.len() as u64);
                let accesses: u64 = rows.map(|rows| rows.div_ceil(self.most())).sum();
                let c = self.config;
                let access = c.array_latency.max(c.columns_per_adc() * c.adc_bits) + c.rows;
                // Within the patience of the harness: after an error nothing may move until then.
                reach = self.below(2) as u32 * access * (accesses as u32).min(2 * c.rows);
            }
        }
        // Now and then in the cycle of the error itself.
        let at_least = if self.one_in(4) { 0 } else { 50 + reach };
        let alone = self.one_in(4).then(|| self.below(40) as u32);
        Step {
            command: AdcSwitchCommand::Query(query),
            gap: alone,
            injection: Some(stimulus::injection(&mut self.rng, at_least, &Pins::PULSES)),
        }
    }
}
