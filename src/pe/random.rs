//! Random episodes for a PE: legal work of all shapes, illegal contents, and misuse that only an
//! abort ends.

use cosim::{Disturbance, Episode, Interrupt, Level, Pacing, Step};
use golden_model::trace::SplitMix64;
use hdl_gen::pe::PeConfig;

use super::command::{GNR, PeCommand, Request, UPDATE, Visit, elements};
use super::content::wild;

/// Look-ups of an episode, about: many short episodes reach more states than a few long ones.
const LOOKUPS: u64 = 600;
const STREAMS: usize = 5;

/// The random episode of a seed.
pub fn random(config: &PeConfig, seed: u64) -> Episode<PeCommand> {
    Generator {
        config,
        rng: SplitMix64::new(seed),
    }
    .episode(seed)
}

struct Generator<'a> {
    config: &'a PeConfig,
    rng: SplitMix64,
}

/// How much of an episode is illegal.
#[derive(Clone, Copy, PartialEq)]
enum Manners {
    /// Nothing: results are checked against plain sums too.
    Legal,
    /// Contents are; the streams stay aligned with the commands.
    Sloppy,
    /// Commands and streams don't match; an abort follows each.
    Wild,
}

impl Generator<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.rng.below(bound)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.rng.below(n) == 0
    }

    fn episode(mut self, seed: u64) -> Episode<PeCommand> {
        let manners = [
            Manners::Legal,
            Manners::Legal,
            Manners::Sloppy,
            Manners::Wild,
        ][self.below(4) as usize];
        let disturbed = manners != Manners::Legal || self.one_in(3);
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
        let same = self.one_in(3).then(|| self.pacing());
        let pacing = (0..STREAMS)
            .map(|_| same.unwrap_or_else(|| self.pacing()))
            .collect();
        // Abort and clear stay low but for the interrupts; the counter choice is free.
        let levels = vec![Level::Low, Level::Low, Level::Random];
        Episode {
            seed,
            pacing,
            levels,
            steps,
        }
    }

    fn pacing(&mut self) -> Pacing {
        Pacing::ALL[self.below(4) as usize]
    }

    fn step(&mut self, command: PeCommand, manners: Manners, disturbed: bool) -> Step<PeCommand> {
        let wild = manners == Manners::Wild && self.one_in(2);
        let interrupt = (wild || disturbed && self.one_in(6)).then(|| {
            let pulse = |name: &str| Disturbance::Pulse(name.to_owned());
            let kind = match self.below(3) {
                0 => Disturbance::Reset,
                1 => pulse("abort_i"),
                _ => pulse("clear_i"),
            };
            let spread = [8, 60, 400][self.below(3) as usize];
            let after = self.below(spread) as u32 + if wild { 100 } else { 0 };
            Interrupt {
                after,
                cycles: 1 + self.below(3) as u32,
                kind,
            }
        });
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
            interrupt,
        }
    }

    /// A gather-and-reduce, with an update if it is retained.
    fn work(&mut self, manners: Manners, left: u64) -> Vec<PeCommand> {
        let capacity = u64::from(self.config.queries);
        let most = [2, 12, 40, 200][self.below(4) as usize].min(left);
        let queries = 1 + self.below(most.min(capacity).min(u64::from(self.config.slots)));
        let queries = if manners != Manners::Legal && self.one_in(3) {
            // More than there are slots.
            1 + self.below(capacity.min(left))
        } else {
            queries
        };
        let retain = self.one_in(2) && (self.config.has_update() || manners != Manners::Legal);
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
        if manners != Manners::Legal {
            self.spoil(&mut gather);
        }
        let mut commands = vec![gather];
        let skip = manners != Manners::Legal && self.one_in(4);
        if retain && !skip {
            let mut update = self.update(asked, in_use);
            if manners != Manners::Legal {
                self.spoil(&mut update);
            }
            commands.push(update);
        }
        commands
    }

    /// Query numbers: mostly the first ones, sometimes any.
    fn numbers(&mut self, count: u64) -> Vec<u32> {
        if self.one_in(3) {
            let mut all: Vec<u32> = (0..self.config.queries).collect();
            self.shuffle(&mut all);
            all.truncate(count as usize);
            return all;
        }
        (0..count as u32).collect()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }

    /// Visits in which each query takes part at random, neighbours alike.
    fn visits(&mut self, queries: &[u32], most: u64) -> Vec<Visit> {
        let count = 1 + self.below(1 + most / (1 + queries.len() as u64 / 2));
        // Out of 16: how many queries a vector is asked for by, and how often a query does as the
        // one before it.
        let (density, likeness) = (1 + self.below(16), self.below(17));
        let mut asking = vec![Vec::new(); count as usize];
        for list in &mut asking {
            let mut asks = false;
            for &query in queries {
                if self.below(16) >= likeness {
                    asks = self.below(16) < density;
                }
                if asks {
                    list.push(query);
                }
            }
        }
        asking.retain(|list| !list.is_empty());
        if asking.is_empty() {
            asking.push(queries.to_vec());
        }
        // Now and then the lists are too long for a match tracker.
        if self.config.has_match() && !self.one_in(8) {
            self.fit(&mut asking);
        }
        let mut last_visit = std::collections::BTreeMap::new();
        for (visit, list) in asking.iter().enumerate() {
            last_visit.extend(list.iter().map(|&query| (query, visit)));
        }
        let visits = asking.iter().enumerate().map(|(visit, list)| {
            let lasts = list
                .iter()
                .map(|query| (*query, last_visit[query] == visit))
                .collect();
            self.visit(lasts)
        });
        let mut visits: Vec<Visit> = visits.collect();
        self.tell_apart(&mut visits);
        visits
    }

    /// Cuts the visits to what a match tracker can hold: the ids of all lists but their first ones.
    fn fit(&self, asking: &mut Vec<Vec<u32>>) {
        asking.truncate(1 << self.config.id_bits.min(16));
        let fits = |asking: &[Vec<u32>]| {
            let lookups: usize = asking.iter().map(Vec::len).sum();
            let queries: std::collections::BTreeSet<u32> =
                asking.iter().flatten().copied().collect();
            lookups - queries.len() <= self.config.match_ids as usize
        };
        while !fits(asking) {
            asking.pop();
        }
    }

    /// Different ids for the vectors of a command if they are matched.
    fn tell_apart(&mut self, visits: &mut [Visit]) {
        if !self.config.has_match() {
            return;
        }
        let (first, step) = (self.rng.next_u64(), self.rng.next_u64() | 1);
        for (at, visit) in (0_u64..).zip(visits) {
            let id = first.wrapping_add(at.wrapping_mul(step));
            visit.id = id & (u64::MAX >> (64 - self.config.id_bits));
        }
    }

    /// One visit: requests packed by row, sometimes split and out of order.
    fn visit(&mut self, mut asking: Vec<(u32, bool)>) -> Visit {
        let lanes = self.config.lookups_per_cycle;
        asking.sort_unstable();
        let split = self.one_in(4);
        let mut requests: Vec<Request> = Vec::new();
        for (query, is_last) in asking {
            let (row, lane) = (query / lanes, query % lanes);
            let open = requests.last().is_some_and(|request| request.row == row);
            if !open || split && self.one_in(4) {
                requests.push(Request {
                    row,
                    mask: 0,
                    last: 0,
                    end: false,
                });
            }
            if let Some(request) = requests.last_mut() {
                request.mask |= 1 << lane;
                request.last |= u32::from(is_last) << lane;
            }
        }
        if self.one_in(4) {
            self.shuffle(&mut requests);
        }
        if let Some(request) = requests.last_mut() {
            request.end = true;
        }
        Visit {
            id: self.id(),
            requests,
            vector: self.vector(),
        }
    }

    fn id(&mut self) -> u64 {
        self.rng.next_u64() >> (64 - self.config.id_bits)
    }

    fn vector(&mut self) -> Vec<u32> {
        let element = self.config.element;
        (0..elements(self.config))
            .map(|_| wild(&mut self.rng, element))
            .collect()
    }

    /// The rows of all queries that were asked for, in some order.
    fn update(&mut self, mut queries: Vec<u32>, in_use: u32) -> PeCommand {
        if self.one_in(2) {
            self.shuffle(&mut queries);
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
                requests,
                vector: self.vector(),
            }
        });
        let mut visits: Vec<Visit> = rows.collect();
        self.tell_apart(&mut visits);
        let mut command = PeCommand::new(UPDATE, false, in_use as usize, visits);
        if self.one_in(2) {
            command.lr = wild(&mut self.rng, hdl_gen::pe::Element::Fp32);
        }
        command
    }

    /// Makes the contents illegal; commands and streams still match.
    fn spoil(&mut self, command: &mut PeCommand) {
        // An update takes each beat for a row: only then do visits of one beat still match.
        let single = command.visits.iter().all(|visit| visit.requests.len() == 1);
        if self.one_in(8) {
            let op = self.below(8) as u8;
            command.op = if op == UPDATE && !single { 0 } else { op };
        }
        if self.one_in(8) {
            command.queries = self.below(2 * u64::from(self.config.queries)) as u32;
        }
        if self.one_in(8) {
            command.retain = !command.retain;
        }
        let lanes = self.config.lookups_per_cycle;
        let rows = u64::from(self.config.rows());
        let rate = 1 + self.below(30);
        if self.config.has_match() && !command.visits.is_empty() && self.one_in(2) {
            // Queries find ids of others, or wait for ids that never come.
            let ids: Vec<u64> = command.visits.iter().map(|visit| visit.id).collect();
            for visit in &mut command.visits {
                if self.one_in(rate) {
                    visit.id = ids[self.rng.below(ids.len() as u64) as usize];
                }
            }
        }
        for request in command
            .visits
            .iter_mut()
            .flat_map(|visit| &mut visit.requests)
        {
            if !self.one_in(rate) {
                continue;
            }
            let bits = self.rng.next_u64() as u32 & lane_bits(lanes);
            match self.below(5) {
                0 => request.mask ^= bits,
                1 => request.last ^= bits,
                2 => request.row = self.rng.below(rows) as u32,
                3 => request.mask = 0,
                _ => request.last = 0,
            }
        }
    }

    /// Makes commands and streams disagree.
    fn misuse(&mut self, command: &mut PeCommand) {
        match self.below(4) {
            0 => command.announced = self.below(1 << 24) as u32,
            1 => command.announced = self.below(1 + u64::from(command.announced)) as u32,
            2 => command.op = UPDATE,
            _ => {}
        }
        for request in command
            .visits
            .iter_mut()
            .flat_map(|visit| &mut visit.requests)
        {
            if self.one_in(8) {
                request.end = !request.end;
            }
        }
    }
}

fn lane_bits(lanes: u32) -> u32 {
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
