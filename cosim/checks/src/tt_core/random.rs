//! Random episodes for a core: tables whole and broken, rows of all kinds before, during and after
//! their loads.

use blocks::tt_core::{Element, Pins, TtCoreConfig};
use contract::SplitMix64;
use cosim::{Episode, Injected, Injection, Level, Pacing, Step, stimulus};

use super::command::{Break, Contents, Load, TtCoreCommand};
use super::host::Host;
use super::palette::Palette;
use super::shape;
use super::work::Table;

/// Cycles of an episode, about: many short episodes reach more states than a few long ones.
const CYCLES: u64 = 2500;
/// Lines above which a load is large: one such load is half of an episode.
const LARGE: u64 = 1000;
const STREAMS: usize = 3;

/// The random episode of a seed.
pub fn random(config: &TtCoreConfig, seed: u64) -> Episode<TtCoreCommand> {
    random_of(config, None, seed)
}

/// The random episode of a seed in which all loads of table 0 are of this one, if it is given.
pub fn random_of(
    config: &TtCoreConfig,
    given: Option<&Table>,
    seed: u64,
) -> Episode<TtCoreCommand> {
    let rng = SplitMix64::new(seed);
    let lines = shape::lines(config).iter().sum::<usize>() as u64;
    Generator {
        config,
        lines,
        host: Host::new(config, SplitMix64::new(!seed)),
        tables: vec![0; config.tables as usize],
        given,
        rng,
    }
    .episode(seed)
}

struct Generator<'a> {
    config: &'a TtCoreConfig,
    rng: SplitMix64,
    /// Lines of a load.
    lines: u64,
    host: Host<'a>,
    /// Rows of each table, 0 where none is loaded, as far as injections let one know.
    tables: Vec<u32>,
    /// Table 0.
    given: Option<&'a Table>,
}

impl Generator<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.rng.below(n) == 0
    }

    fn large(&self) -> bool {
        self.lines > LARGE
    }

    fn episode(mut self, seed: u64) -> Episode<TtCoreCommand> {
        let disturbed = self.one_in(3);
        let misuse = self.one_in(2);
        // A long one now and then: counters count further.
        let times = if !self.large() && self.one_in(40) {
            8
        } else {
            1
        };
        let mut left = (times * CYCLES.max(2 * self.lines)) as i64;
        let mut steps: Vec<Step<TtCoreCommand>> = Vec::new();
        while left > 0 {
            let command = self.command(misuse);
            left -= match &command {
                TtCoreCommand::Load(load) => self.sent(load) as i64,
                TtCoreCommand::Rows(rows) => rows.len() as i64 * self.host.cycles() as i64,
            };
            let gap = self.gap(&command, steps.last().map(|step| &step.command));
            let injection = (disturbed && self.one_in(6)).then(|| self.injection(&command));
            let lost = injection.as_ref().map(|injection| injection.kind.clone());
            steps.push(Step {
                command,
                gap,
                injection,
            });
            self.lose(lost, &steps);
        }
        let pacing = self.pacing();
        // abort and clear stay low but for the injections; the counter choice is free.
        let levels = vec![Level::Low, Level::Low, Level::Random];
        Episode {
            seed,
            pacing,
            levels,
            steps,
        }
    }

    /// Bubbles and back-pressure; not in loads that take long anyway.
    fn pacing(&mut self) -> Vec<Pacing> {
        let any = |rng: &mut SplitMix64| {
            // More often at full speed: queues are full, and what waits does so for the core.
            Pacing::ALL[rng.below(6).saturating_sub(2) as usize]
        };
        let mut pacing = stimulus::pacings(&mut self.rng, STREAMS, any);
        if self.large() && pacing[0] != Pacing::Full {
            pacing[0] = Pacing::Light;
        }
        pacing
    }

    fn command(&mut self, misuse: bool) -> TtCoreCommand {
        let missing = self.tables.iter().position(|&rows| rows == 0);
        let loaded = self.tables.iter().any(|&rows| rows != 0);
        // Loads of large tables take as long as many rows.
        let rare = if self.large() { 16 } else { 1 };
        if missing.is_some() && (!loaded || self.one_in(3 * rare)) {
            return match misuse && self.one_in(2) {
                true => self.broken(),
                false => self.whole(missing),
            };
        }
        if misuse && self.one_in(5 * rare) {
            return self.broken();
        }
        if self.one_in(6 * rare) {
            return self.whole(None);
        }
        TtCoreCommand::Rows(self.host.rows(&self.tables))
    }

    /// Loads wait for what was before, or overlap with it; rows wait for loads, mostly.
    fn gap(&mut self, command: &TtCoreCommand, before: Option<&TtCoreCommand>) -> Option<u32> {
        let waits = match (command, before) {
            (TtCoreCommand::Load(_), _) => self.one_in(4),
            (_, Some(TtCoreCommand::Load(_))) => !self.one_in(4),
            _ => self.one_in(5),
        };
        let most = [4, 40][self.below(2) as usize];
        waits.then(|| self.below(most) as u32)
    }

    /// An injection of a command: in loads anywhere, and as often about when their last line is taken.
    fn injection(&mut self, command: &TtCoreCommand) -> Injection {
        let at_least = match command {
            TtCoreCommand::Load(_) if self.one_in(2) => self.below(self.lines) as u32,
            TtCoreCommand::Load(_) => (self.lines as u32).saturating_sub(3),
            TtCoreCommand::Rows(rows) if self.one_in(2) => {
                self.below(rows.len() as u64 * self.host.cycles()) as u32
            }
            TtCoreCommand::Rows(_) => 0,
        };
        stimulus::injection(&mut self.rng, at_least, &Pins::PULSES)
    }

    /// What an injection loses.
    fn lose(&mut self, lost: Option<Injected>, steps: &[Step<TtCoreCommand>]) {
        let Some(lost) = lost else { return };
        self.host.close();
        match lost {
            Injected::Reset => self.tables.fill(0),
            // The load that was sent last, if it was not through.
            Injected::Pulse(_) => {
                let loads = steps
                    .iter()
                    .rev()
                    .take(3)
                    .filter_map(|step| match &step.command {
                        TtCoreCommand::Load(load) => Some(load.table as usize),
                        TtCoreCommand::Rows(_) => None,
                    });
                for table in loads {
                    if let Some(rows) = self.tables.get_mut(table) {
                        *rows = 0;
                    }
                }
            }
        }
    }

    /// A whole table: this one, or any.
    fn whole(&mut self, table: Option<usize>) -> TtCoreCommand {
        let any = self.below(u64::from(self.config.tables)) as usize;
        let load = self.load(table.unwrap_or(any) as u32);
        self.tables[load.table as usize] = load.rows;
        TtCoreCommand::Load(load)
    }

    /// A load that something is wrong with: now and then there is no such table.
    fn broken(&mut self) -> TtCoreCommand {
        let table = self.below(1 << self.config.table_bits()) as u32;
        let mut load = self.load(table);
        let whole = self.misuse(&mut load);
        if let Some(rows) = self.tables.get_mut(table as usize) {
            *rows = if whole { load.rows } else { 0 };
        }
        TtCoreCommand::Load(load)
    }

    /// Lines that a load sends, about.
    fn sent(&self, load: &Load) -> u64 {
        let cut = load.broken.iter().find_map(|broken| match broken {
            Break::Cut(lines) => Some(u64::from(*lines)),
            _ => None,
        });
        cut.unwrap_or(self.lines)
    }

    fn load(&mut self, table: u32) -> Load {
        let given = self.given.filter(|_| table == 0);
        let space = given.map_or(self.config.row_space(), |given| given.rows.into());
        let rows = match self.below(6) {
            0 => 1 + self.below(space),
            1 => 1,
            2 => (space - 1).max(1),
            _ => space,
        };
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let palette = match self.below(3) {
            0 => Palette::Plain,
            _ => Palette::ALL[self.below(Palette::ALL.len() as u64) as usize],
        };
        let seed = self.rng.next_u64();
        Load {
            table,
            rows,
            contents: match given {
                Some(given) => given.contents.clone(),
                None => Contents::Drawn { palette, seed },
            },
            broken: Vec::new(),
        }
    }

    /// Makes a load wrong. Gives whether it may be right all the same.
    fn misuse(&mut self, load: &mut Load) -> bool {
        let line = self.below(self.lines) as u32;
        let space = self.config.row_space();
        // Those of large tables are mostly cut short: a whole one takes as long as all the rest.
        let kinds = if self.large() && !self.one_in(3) {
            5
        } else {
            12
        };
        let soon = self.below(12) as u32;
        load.broken = match self.below(kinds) {
            0 => vec![Break::Cut(soon.min(line))],
            1 => vec![Break::Cut(soon + 3), Break::Last(soon)],
            2 => vec![Break::Headless, Break::Cut(1 + soon)],
            3 | 4 => vec![self.not_finite(soon), Break::Cut(1 + soon)],
            5 => vec![Break::Last(line)],
            6 => vec![Break::Endless],
            7 => vec![Break::Skip(line)],
            8 => vec![Break::Repeat(line)],
            9 => {
                load.rows = 0;
                vec![]
            }
            10 if space < u64::from(u32::MAX) => {
                let more = 1 + self.below(u64::from(u32::MAX) - space);
                load.rows = (space + [1, more][self.below(2) as usize]) as u32;
                vec![]
            }
            _ => {
                let line = [0, self.lines as u32 - 1, line][self.below(3) as usize];
                vec![self.not_finite(line)]
            }
        };
        self.config.element == Element::Int8 && matches!(load.broken[..], [Break::Word { .. }])
    }

    /// A word of a line that is infinite or NaN, of any kind; for int8 any word.
    fn not_finite(&mut self, line: u32) -> Break {
        let bits = self.rng.next_u64() as u32;
        let (kept, exponent) = match self.config.element {
            Element::Bf16 => (0x807f, 0x7f80),
            Element::Fp32 => (0x807f_ffff, 0x7f80_0000),
            Element::Int8 => (0xff, 0),
        };
        let infinite = self.one_in(3);
        let sign = kept & 0x8000_8000;
        Break::Word {
            line,
            word: self.below(64) as u32,
            bits: exponent | bits & if infinite { sign } else { kept },
        }
    }
}
