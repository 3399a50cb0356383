//! Mappings that look at counts only, or at nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::lists::Training;
use super::tiles::{Assignment, Room, hashed};

/// By joint id.
pub fn plain(rows: usize, room: Room) -> Assignment {
    let mut assignment = Assignment::empty(rows, room);
    assignment.fill(0..rows as u32);
    assignment
}

/// In an order that only the seed says.
pub fn by_hash(rows: usize, room: Room, seed: u64) -> Assignment {
    let mut assignment = Assignment::empty(rows, room);
    assignment.fill(hashed(rows, seed));
    assignment
}

/// By falling count, ties by smaller id; unseen rows in hashed order.
pub fn by_frequency(training: &Training, room: Room, seed: u64) -> Assignment {
    let mut assignment = Assignment::empty(training.rows(), room);
    let unseen = hashed(training.rows(), seed);
    assignment.fill(training.by_count.iter().copied().chain(unseen));
    assignment
}

/// REREC's access-aware mapping as we understand it: by falling count each row to the tile with the least sum of
/// counts that has room, ties by smaller tile.
pub fn access_aware(training: &Training, room: Room, seed: u64) -> Assignment {
    let mut assignment = Assignment::empty(training.rows(), room);
    let mut least: BinaryHeap<Reverse<(u64, u32, u32)>> =
        (0..room.tiles).map(|tile| Reverse((0, tile, 0))).collect();
    let unseen = hashed(training.rows(), seed);
    let unseen = unseen.into_iter().filter(|&row| training.count(row) == 0);
    for row in training.by_count.iter().copied().chain(unseen) {
        let Some(Reverse((sum, tile, used))) = least.pop() else {
            break;
        };
        assignment.tile[row as usize] = tile;
        if used + 1 < room.capacity {
            let sum = sum + u64::from(training.count(row));
            least.push(Reverse((sum, tile, used + 1)));
        }
    }
    assignment
}
