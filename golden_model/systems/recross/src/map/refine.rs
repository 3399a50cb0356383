//! Refinement: rows move, or change places, where that lowers the training cost.

use contract::SplitMix64;

use super::lists::Training;
use super::tiles::{Assignment, NONE};

/// Tiles that a row tries.
const TARGETS: usize = 4;

/// Where a refinement has got to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refined {
    /// Rows that are on another tile than before.
    pub moved: u64,
    /// Training activations saved.
    pub saved: u64,
}

/// Up to `passes` passes over the rows that occur, in seeded order, until one gains nothing or about `most` rows
/// have moved (at most one more, the other row of a swap). Never raises the cost.
pub fn refine(
    assignment: &mut Assignment,
    training: &Training,
    passes: u32,
    seed: u64,
    most: u64,
) -> Refined {
    if passes == 0 {
        return Refined::default();
    }
    let before = assignment.tile.clone();
    let mut refiner = Refiner::new(assignment, training);
    let mut rng = SplitMix64::new(seed);
    let mut saved = 0;
    'passes: for _ in 0..passes {
        let mut order = training.by_count.clone();
        for at in (1..order.len()).rev() {
            order.swap(at, rng.below(at as u64 + 1) as usize);
        }
        if most < u64::MAX {
            // Few moves: those first that may save most.
            let apart = |row: u32| training.count(row) - refiner.stay[row as usize];
            order.sort_by_key(|&row| std::cmp::Reverse(apart(row)));
        }
        let mut gained = 0;
        for row in order {
            gained += refiner.improve(row);
            if refiner.moves >= most {
                saved += gained;
                break 'passes;
            }
        }
        debug_assert!(refiner.stays_are_exact());
        saved += gained;
        if gained == 0 {
            break;
        }
    }
    let pairs = before.iter().zip(&assignment.tile);
    let moved = pairs.filter(|(before, after)| before != after && **before != NONE);
    Refined {
        moved: moved.count() as u64,
        saved,
    }
}

struct Refiner<'a> {
    assignment: &'a mut Assignment,
    training: &'a Training,
    /// Queries of each row that touch its tile by another row as well.
    stay: Vec<u32>,
    members: Vec<Vec<u32>>,
    /// Queries of the row looked at that touch each tile; zero between rows.
    touching: Vec<u32>,
    /// Latest query that counted each tile, plus 1, per row looked at.
    seen: Vec<u64>,
    look: u64,
    moves: u64,
}

impl<'a> Refiner<'a> {
    fn new(assignment: &'a mut Assignment, training: &'a Training) -> Self {
        let members = assignment.members();
        let tiles = members.len();
        let mut refiner = Self {
            stay: vec![0; training.rows()],
            members,
            touching: vec![0; tiles],
            seen: vec![0; tiles],
            look: 0,
            moves: 0,
            assignment,
            training,
        };
        for &row in &training.by_count {
            refiner.stay[row as usize] = refiner.shared(row);
        }
        refiner
    }

    fn tile(&self, row: u32) -> u32 {
        self.assignment.tile[row as usize]
    }

    /// A count of `stay` from nothing.
    fn shared(&self, row: u32) -> u32 {
        let tile = self.tile(row);
        let with = |query: &&u32| {
            let mut rows = self.training.queries.get(**query).iter();
            rows.any(|&other| other != row && self.tile(other) == tile)
        };
        self.training.of_row.get(row).iter().filter(with).count() as u32
    }

    fn stays_are_exact(&self) -> bool {
        let rows = self.training.by_count.iter();
        rows.copied()
            .all(|row| self.stay[row as usize] == self.shared(row))
    }

    /// Moves a row, or swaps it, and returns what that saves.
    fn improve(&mut self, row: u32) -> u64 {
        let stay = self.stay[row as usize];
        if stay == self.training.count(row) {
            return 0;
        }
        for (gain, tile) in self.targets(row) {
            if (self.members[tile as usize].len() as u32) < self.assignment.capacity {
                if gain > stay {
                    self.shift(row, tile);
                    self.moves += 1;
                    return u64::from(gain - stay);
                }
            } else if let Some(saved) = self.swap(row, tile, gain) {
                self.moves += 2;
                return saved;
            }
        }
        0
    }

    /// The tiles other than its own that most of the row's queries touch.
    fn targets(&mut self, row: u32) -> Vec<(u32, u32)> {
        let own = self.tile(row);
        let mut tiles = Vec::new();
        for &query in self.training.of_row.get(row) {
            self.look += 1;
            for &other in self.training.queries.get(query) {
                let tile = self.assignment.tile[other as usize];
                if tile != own && tile != NONE && self.seen[tile as usize] != self.look {
                    self.seen[tile as usize] = self.look;
                    if self.touching[tile as usize] == 0 {
                        tiles.push(tile);
                    }
                    self.touching[tile as usize] += 1;
                }
            }
        }
        let gains = tiles.iter().map(|&tile| {
            let gain = std::mem::take(&mut self.touching[tile as usize]);
            (gain, tile)
        });
        let mut gains: Vec<(u32, u32)> = gains.collect();
        gains.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        gains.truncate(TARGETS);
        gains
    }

    /// Changes places with the row of the least `stay` there, if that saves anything.
    fn swap(&mut self, row: u32, tile: u32, gain: u32) -> Option<u64> {
        let own = self.tile(row);
        let members = self.members[tile as usize].iter().copied();
        let other = members.min_by_key(|&other| (self.stay[other as usize], other))?;
        let lost = i64::from(self.stay[row as usize]) + i64::from(self.stay[other as usize]);
        let most = i64::from(gain) + i64::from(self.training.count(other));
        if most <= lost {
            return None;
        }
        let cost = self.shift(row, tile) + self.shift(other, own);
        if cost < 0 {
            return Some(cost.unsigned_abs());
        }
        self.shift(other, tile);
        self.shift(row, own);
        None
    }

    /// Moves a row and keeps all `stay` exact; returns by how much the cost rises.
    fn shift(&mut self, row: u32, to: u32) -> i64 {
        let from = self.tile(row);
        let before = self.stay[row as usize];
        let (mut stay, queries) = (0, self.training.of_row.get(row));
        for &query in queries {
            let (mut left, mut met) = (Alone::None, Alone::None);
            for &other in self.training.queries.get(query) {
                let tile = self.assignment.tile[other as usize];
                if tile == from && other != row {
                    left = left.and(other);
                } else if tile == to {
                    met = met.and(other);
                }
            }
            if let Alone::One(other) = left {
                self.stay[other as usize] -= 1;
            }
            if let Alone::One(other) = met {
                self.stay[other as usize] += 1;
            }
            stay += u32::from(met != Alone::None);
        }
        self.stay[row as usize] = stay;
        self.assignment.tile[row as usize] = to;
        let members = &mut self.members[from as usize];
        if let Some(at) = members.iter().position(|&member| member == row) {
            members.swap_remove(at);
        }
        self.members[to as usize].push(row);
        i64::from(before) - i64::from(stay)
    }
}

/// The other rows of a query on a tile, as far as they matter.
#[derive(Clone, Copy, PartialEq)]
enum Alone {
    None,
    One(u32),
    More,
}

impl Alone {
    fn and(self, row: u32) -> Self {
        match self {
            Self::None => Self::One(row),
            _ => Self::More,
        }
    }
}
