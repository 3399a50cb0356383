//! Which queries request which vector.

use std::collections::{BTreeMap, BTreeSet};

use super::super::command::{Request, Visit};
use super::generator::Generator;

impl Generator<'_> {
    /// Visits of these queries; the last of each query is marked.
    pub fn visits(&mut self, queries: &[u32], most: u64) -> Vec<Visit> {
        let count = 1 + self.below(1 + most / (1 + queries.len() as u64 / 2));
        let mut asking = match self.below(5) {
            0 => self.neighbours(queries, count),
            _ => self.classes(queries, count),
        };
        asking.retain(|list| !list.is_empty());
        if asking.is_empty() {
            asking.push(queries.to_vec());
        }
        // Now and then the lists are too long for a match tracker.
        if self.config.has_match() && !self.one_in(8) {
            self.fit(&mut asking);
        }
        let mut last_visit = BTreeMap::new();
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

    /// Each query takes part at random, neighbours alike.
    pub fn neighbours(&mut self, queries: &[u32], count: u64) -> Vec<Vec<u32>> {
        // Out of 16: how many queries request a vector, and how often a query does as the
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
        asking
    }

    /// Queries share their first vectors, then diverge: a few classes of queries that have
    /// requested the same so far, each over several rows. A class requests as one, or splits in
    /// two, or some of its queries end.
    pub fn classes(&mut self, queries: &[u32], count: u64) -> Vec<Vec<u32>> {
        let many = if self.one_in(3) { 12 } else { 4 };
        let first = 1 + self.below(many) as usize;
        let mut classes = vec![Vec::new(); first];
        let blocks = self.one_in(2);
        for (at, &query) in queries.iter().enumerate() {
            let class = if blocks {
                at * first / queries.len()
            } else {
                at % first
            };
            classes[class].push(query);
        }
        // How often a class splits or requests, out of 8, and how many leave it, out of 16.
        let (part, ask, leave) = (self.below(6), 1 + self.below(8), self.below(6));
        let to_the_end = self.one_in(4);
        let mut asking = Vec::new();
        for _ in 0..count {
            let mut list = Vec::new();
            for class in std::mem::take(&mut classes) {
                let others = if self.below(8) < part {
                    let (some, others) = self.part(&class);
                    list.extend(&some);
                    classes.push(self.stay(some, leave));
                    others
                } else if self.below(8) < ask {
                    list.extend(&class);
                    self.stay(class, leave)
                } else {
                    class
                };
                classes.push(others);
            }
            classes.retain(|class| !class.is_empty());
            asking.push(list);
            if !to_the_end && classes.iter().all(|class| class.len() < 2) {
                // Nobody shares any more.
                break;
            }
        }
        asking
    }

    /// A class in two.
    pub fn part(&mut self, class: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let way = self.below(3);
        let cut = self.below(1 + class.len() as u64) as usize;
        let parted = class.iter().enumerate().map(|(at, &query)| {
            let first = match way {
                0 => at < cut,
                1 => at % 2 == 0,
                _ => self.one_in(2),
            };
            (query, first)
        });
        let (some, others): (Vec<_>, Vec<_>) = parted.partition(|&(_, first)| first);
        let numbers = |part: Vec<(u32, bool)>| part.into_iter().map(|(query, _)| query).collect();
        (numbers(some), numbers(others))
    }

    /// The members of a class that go on.
    pub fn stay(&mut self, mut class: Vec<u32>, leave: u64) -> Vec<u32> {
        class.retain(|_| self.below(16) >= leave);
        class
    }

    /// Cuts the visits to what a match tracker can hold: the ids of all lists but their first ones.
    pub fn fit(&self, asking: &mut Vec<Vec<u32>>) {
        asking.truncate(1 << self.config.id_bits.min(16));
        let fits = |asking: &[Vec<u32>]| {
            let lookups: usize = asking.iter().map(Vec::len).sum();
            let queries: BTreeSet<u32> = asking.iter().flatten().copied().collect();
            lookups - queries.len() <= self.config.match_ids as usize
        };
        while !fits(asking) {
            asking.pop();
        }
    }

    /// Different ids for the vectors of a command if they are matched.
    pub fn tell_apart(&mut self, visits: &mut [Visit]) {
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
    pub fn visit(&mut self, mut asking: Vec<(u32, bool)>) -> Visit {
        let lanes = self.config.lookups_per_cycle;
        asking.sort_unstable();
        let split = self.one_in(3);
        let mut requests: Vec<Request> = Vec::new();
        for (query, is_last) in asking {
            let (row, lane) = (query / lanes, query % lanes);
            let open = requests.last().is_some_and(|request| request.row == row);
            if !open || split && self.one_in(2) {
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
        if self.one_in(3) {
            self.shuffle(&mut requests);
        }
        if let Some(request) = requests.last_mut() {
            request.end = true;
        }
        Visit {
            id: self.id(),
            listed: None,
            requests,
            vector: self.vector(),
        }
    }
}
