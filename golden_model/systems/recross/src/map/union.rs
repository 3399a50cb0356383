//! Grouping by union: a tile takes the row that adds the fewest new queries for those it shares.

use std::collections::BinaryHeap;

use super::lists::Training;
use super::tiles::{Assignment, NONE, Room, hashed};

/// A candidate is pushed again when its score has risen by this factor.
const RISEN: f32 = 1.1;

/// The score of a free row, o(s)^2 / f(s), for the tile being filled.
#[derive(Clone, Copy, Default)]
struct Candidate {
    /// Tile that the other fields are about, plus 1.
    tile: u32,
    /// Training queries of the tile that have the row, o(s).
    shared: u32,
    /// Score at its latest push.
    pushed: f32,
}

#[derive(PartialEq)]
struct Entry {
    score: f32,
    count: u32,
    row: u32,
}

impl Eq for Entry {}

/// Larger score, larger count, smaller id.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let count = self.count.cmp(&other.count);
        let row = other.row.cmp(&self.row);
        self.score.total_cmp(&other.score).then(count).then(row)
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Groups the rows that occur, `spread` to a tile, and then gives free lines to unseen rows. A row in more than
/// `most` queries is expanded at a stride, each of its queries for as many as it stands for; `progress` hears of
/// each row placed.
pub fn group(
    training: &Training,
    room: Room,
    most: u32,
    progress: &mut dyn FnMut(u64),
) -> Assignment {
    let mut grouping = Grouping {
        training,
        most: most.max(1),
        assignment: Assignment::empty(training.rows(), room),
        candidates: vec![Candidate::default(); training.rows()],
        reached: vec![0; training.queries.len()],
        heap: BinaryHeap::new(),
    };
    let mut hottest = training.by_count.iter().copied();
    let (mut tile, mut used, mut placed) = (0, 0, 0);
    while placed < training.by_count.len() {
        if used == room.capacity {
            (tile, used) = (tile + 1, 0);
            grouping.heap.clear();
        }
        let candidate = grouping.best(tile);
        let free = |row: &u32| grouping.assignment.tile[*row as usize] == NONE;
        let Some(row) = candidate.or_else(|| hottest.find(free)) else {
            break;
        };
        grouping.place(row, tile);
        (used, placed) = (used + 1, placed + 1);
        progress(placed as u64);
    }
    grouping.assignment
}

/// Gives the free lines to the rows that no tile holds, in hashed order.
pub fn complete(assignment: &mut Assignment, seed: u64) {
    assignment.fill(hashed(assignment.tile.len(), seed));
}

struct Grouping<'a> {
    training: &'a Training,
    most: u32,
    assignment: Assignment,
    candidates: Vec<Candidate>,
    /// Latest tile that each query was expanded for, plus 1.
    reached: Vec<u32>,
    heap: BinaryHeap<Entry>,
}

impl Grouping<'_> {
    /// The candidate of the highest score. Entries that a later push or a placement has overtaken are dropped.
    fn best(&mut self, tile: u32) -> Option<u32> {
        while let Some(Entry { score, row, .. }) = self.heap.pop() {
            let candidate = self.candidates[row as usize];
            let current = candidate.tile == tile + 1 && candidate.pushed == score;
            if current && self.assignment.tile[row as usize] == NONE {
                return Some(row);
            }
        }
        None
    }

    fn place(&mut self, row: u32, tile: u32) {
        self.assignment.tile[row as usize] = tile;
        let queries = self.training.of_row.get(row);
        let stride = (queries.len() as u32 / self.most).max(1);
        for &query in queries.iter().step_by(stride as usize) {
            let reached = &mut self.reached[query as usize];
            if *reached == tile + 1 {
                continue;
            }
            *reached = tile + 1;
            for &other in self.training.queries.get(query) {
                if self.assignment.tile[other as usize] == NONE {
                    self.raise(other, tile, stride);
                }
            }
        }
    }

    fn raise(&mut self, row: u32, tile: u32, by: u32) {
        let candidate = &mut self.candidates[row as usize];
        if candidate.tile != tile + 1 {
            *candidate = Candidate {
                tile: tile + 1,
                ..Candidate::default()
            };
        }
        let count = self.training.count(row);
        candidate.shared = (candidate.shared + by).min(count);
        let shared = candidate.shared as f32;
        let score = shared * shared / count as f32;
        if score > RISEN * candidate.pushed {
            candidate.pushed = score;
            self.heap.push(Entry { score, count, row });
        }
    }
}
