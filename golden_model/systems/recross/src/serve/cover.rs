//! Which tiles serve a query's rows.

use crate::map::{Assignment, Lists};

/// Tiles of rows, and the copies of rows beside them.
#[derive(Clone, Debug)]
pub struct Places {
    pub assignment: Assignment,
    /// Further tiles of each row; no lists at all if no row has any.
    pub copies: Lists,
}

impl Places {
    /// Without copies of rows.
    pub fn new(assignment: Assignment) -> Self {
        Self {
            assignment,
            copies: Lists::default(),
        }
    }

    fn copies_of(&self, row: u32) -> &[u32] {
        match self.copies.is_empty() {
            true => &[],
            false => self.copies.get(row),
        }
    }

    fn tile(&self, row: u32) -> u32 {
        self.assignment.tile[row as usize]
    }
}

/// An activation: word lines of one tile, one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation<'a> {
    pub tile: u32,
    /// Rows, ascending, each once.
    pub rows: &'a [u32],
}

/// The activations of one query at a time, in memory that is kept.
#[derive(Default)]
pub struct Cover {
    /// `tile << 32 | row`, sorted; a row wanted again is there again.
    keys: Vec<u64>,
    rows: Vec<u32>,
    /// Tile of each activation, and where its rows end.
    ends: Vec<(u32, usize)>,
    wanted: Vec<u32>,
    active: Vec<(u32, u32)>,
}

impl Cover {
    /// Covers the rows of `bag`; `queue` is how long a tile's queue is.
    pub fn find(&mut self, places: &Places, bag: &[u32], queue: impl Fn(u32) -> u64) {
        self.keys.clear();
        if places.copies.is_empty() {
            let key = |&row: &u32| u64::from(places.tile(row)) << 32 | u64::from(row);
            self.keys.extend(bag.iter().map(key));
        } else {
            self.choose(places, bag, queue);
        }
        self.keys.sort_unstable();
        self.split();
    }

    /// What was found last.
    pub fn activations(&self) -> impl ExactSizeIterator<Item = Activation<'_>> {
        (0..self.ends.len()).map(|at| {
            let start = if at == 0 { 0 } else { self.ends[at - 1].1 };
            let (tile, end) = self.ends[at];
            Activation {
                tile,
                rows: &self.rows[start..end],
            }
        })
    }

    /// Rows with one tile first, then those with a copy on an active tile, then by the tile that holds most.
    fn choose(&mut self, places: &Places, bag: &[u32], queue: impl Fn(u32) -> u64) {
        let Self {
            keys,
            wanted,
            active,
            ..
        } = self;
        wanted.clear();
        active.clear();
        let mut serve = |active: &mut Vec<(u32, u32)>, tile: u32, row: u32| {
            keys.push(u64::from(tile) << 32 | u64::from(row));
            match active.iter_mut().find(|(other, _)| *other == tile) {
                Some((_, rows)) => *rows += 1,
                None => active.push((tile, 1)),
            }
        };
        for &row in bag {
            match places.copies_of(row).is_empty() {
                true => serve(active, places.tile(row), row),
                false => wanted.push(row),
            }
        }
        wanted.sort_unstable();
        let holds =
            |row: u32, tile: u32| places.tile(row) == tile || places.copies_of(row).contains(&tile);
        wanted.retain(|&row| {
            let here = active.iter().filter(|&&(tile, _)| holds(row, tile));
            let best = here.max_by_key(|&&(tile, rows)| (rows, std::cmp::Reverse(tile)));
            match best.copied() {
                Some((tile, _)) => {
                    serve(active, tile, row);
                    false
                }
                None => true,
            }
        });
        while !wanted.is_empty() {
            let mut best = None;
            for &row in wanted.iter() {
                let tiles = places.copies_of(row).iter().copied();
                for tile in tiles.chain([places.tile(row)]) {
                    let held = wanted.iter().filter(|&&other| holds(other, tile)).count();
                    let rank = (held, std::cmp::Reverse((queue(tile), tile)));
                    best = best.max(Some(rank));
                }
            }
            let Some((_, std::cmp::Reverse((_, tile)))) = best else {
                break;
            };
            wanted.retain(|&row| {
                let here = holds(row, tile);
                if here {
                    serve(active, tile, row);
                }
                !here
            });
        }
    }

    /// One activation per tile, and further ones for rows that are wanted again.
    fn split(&mut self) {
        let Self {
            keys, rows, ends, ..
        } = self;
        rows.clear();
        ends.clear();
        for tile in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
            let number = (tile[0] >> 32) as u32;
            let repeated = tile.windows(2).any(|two| two[0] == two[1]);
            if !repeated {
                rows.extend(tile.iter().map(|&key| key as u32));
                ends.push((number, rows.len()));
                continue;
            }
            let most = tile.chunk_by(|a, b| a == b).map(<[u64]>::len).max();
            for turn in 0..most.unwrap_or(0) {
                let again = tile.chunk_by(|a, b| a == b).filter(|row| row.len() > turn);
                rows.extend(again.map(|row| row[0] as u32));
                ends.push((number, rows.len()));
            }
        }
    }
}
