//! The tile of each row.

use contract::SplitMix64;

use super::lists::Training;

/// A row without a tile, while a mapping is made.
pub const NONE: u32 = u32::MAX;

/// Which tile holds which row, at most `capacity` on each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Tile of each row.
    pub tile: Vec<u32>,
    pub tiles: u32,
    pub capacity: u32,
}

impl Assignment {
    /// No row is placed.
    pub fn empty(rows: usize, room: Room) -> Self {
        Self {
            tile: vec![NONE; rows],
            tiles: room.tiles,
            capacity: room.capacity,
        }
    }

    /// Rows of each tile.
    pub fn used(&self) -> Vec<u32> {
        let mut used = vec![0; self.tiles as usize];
        for &tile in self.tile.iter().filter(|&&tile| tile != NONE) {
            used[tile as usize] += 1;
        }
        used
    }

    /// Places the given rows one after the other on the first tile with room, and leaves those placed where they
    /// are.
    pub fn fill(&mut self, rows: impl IntoIterator<Item = u32>) {
        let mut used = self.used();
        let mut tile = 0;
        for row in rows {
            if self.tile[row as usize] != NONE {
                continue;
            }
            while used[tile] >= self.capacity {
                tile += 1;
            }
            used[tile] += 1;
            self.tile[row as usize] = tile as u32;
        }
    }

    /// Rows of each tile as lists, ascending.
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.tiles as usize];
        for (row, &tile) in (0..).zip(&self.tile) {
            if tile != NONE {
                members[tile as usize].push(row);
            }
        }
        members
    }

    /// Sum over tiles of the training queries that touch them: training activations.
    pub fn cost(&self, training: &Training) -> u64 {
        let mut tiles = Vec::new();
        let touched = |query: &[u32]| {
            tiles.clear();
            tiles.extend(query.iter().map(|&row| self.tile[row as usize]));
            tiles.sort_unstable();
            tiles.dedup();
            tiles.len() as u64
        };
        training.queries.iter().map(touched).sum()
    }
}

/// Tiles, and the most rows that each may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub tiles: u32,
    pub capacity: u32,
}

impl Room {
    /// As few tiles of `lines` word lines as `rows` rows need, and `extra` more over which rows are spread: what
    /// is free then takes copies of rows.
    pub fn new(rows: usize, lines: u32, extra: u32) -> Self {
        let needed = rows.div_ceil(lines as usize).max(1) as u32;
        let tiles = needed + extra;
        let capacity = match extra {
            0 => lines,
            _ => rows.div_ceil(tiles as usize).max(1) as u32,
        };
        Self { tiles, capacity }
    }
}

/// All rows in an order that depends on the seed alone. Ids by first appearance would leak when a row is first
/// wanted.
pub fn hashed(rows: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    let mut rng = SplitMix64::new(seed ^ 0x5eed_0f0d_d0be_d5ee);
    for at in (1..order.len()).rev() {
        order.swap(at, rng.below(at as u64 + 1) as usize);
    }
    order
}
