//! Which rank holds which part of which row, and where in the rank.

use serde::{Deserialize, Serialize};

use traces::JointIds;
use traces::batch::Bags;
use traces::hot::hottest;

/// Bytes of a line of memory.
pub const LINE: u64 = 64;
/// Rows that [`Placement::Mapped`] pins (ours: more gain nothing).
pub const PINNED_ROWS: usize = 32;

/// How rows are spread over ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// Each row on one rank, by a hash of its id.
    Hash,
    /// Each row cut into slices of a PE's slice, a line at least, on neighbouring ranks; hashed over
    /// groups of these.
    Column,
    /// Each table on one rank: the most looked-up first, always to the rank with the fewest look-ups.
    Table,
    /// As hash, but the most looked-up rows of the profile are pinned, hottest first, each to the rank with
    /// the fewest look-ups.
    Mapped,
}

/// A placement of given tables on given ranks.
#[derive(Clone, Debug)]
pub struct Layout {
    ranks: u32,
    ranks_per_channel: u32,
    /// Ranks that a row is spread over.
    group: u32,
    /// Bytes of a row on one rank.
    bytes: u64,
    rows: u64,
    tables: Option<Tables>,
    /// Pinned rows by id: the row, its rank, and its place among them.
    pinned: Vec<(u32, u32, u64)>,
}

#[derive(Clone, Debug)]
struct Tables {
    /// First joint id of each table.
    starts: Vec<u32>,
    rank: Vec<u32>,
    /// Rows on the rank before the table's.
    before: Vec<u64>,
    on_rank: Vec<u64>,
}

impl Layout {
    /// Rows of `row_bytes` on the ranks of `(channels, ranks of each)` whose PEs take `slice_bytes` at a time. `profile` says
    /// how often tables are looked up.
    pub fn new(
        placement: Placement,
        joint: &JointIds,
        row_bytes: u64,
        slice_bytes: u64,
        (channels, ranks_per_channel): (u32, u32),
        profile: &Bags,
    ) -> Self {
        let ranks = channels * ranks_per_channel;
        // A line is read and written whole, also by PEs of smaller slices.
        let slices = (row_bytes / slice_bytes.max(LINE)).max(1) as u32;
        let group = match placement {
            Placement::Column => slices.min(ranks),
            Placement::Hash | Placement::Table | Placement::Mapped => 1,
        };
        let sizes = joint.sizes();
        let tables = (placement == Placement::Table).then(|| Tables::new(sizes, ranks, profile));
        let mut layout = Self {
            ranks,
            ranks_per_channel,
            group,
            bytes: row_bytes / u64::from(group),
            rows: joint.rows(),
            tables,
            pinned: Vec::new(),
        };
        if placement == Placement::Mapped {
            layout.pinned = layout.pin(profile, PINNED_ROWS);
        }
        layout
    }

    /// The `most` most looked-up rows with their ranks, starting from what hash leaves on each rank.
    fn pin(&self, profile: &Bags, most: usize) -> Vec<(u32, u32, u64)> {
        let hot = hottest(profile.iter().flatten().copied(), most);
        let mut load = vec![0_u64; self.ranks as usize];
        for &id in profile.iter().flatten() {
            load[self.home(id) as usize] += 1;
        }
        for &(id, count) in &hot {
            load[self.home(id) as usize] -= u64::from(count);
        }
        let place = |(at, &(id, count)): (usize, &(u32, u32))| {
            let rank = (0..load.len()).min_by_key(|&rank| load[rank]).unwrap_or(0);
            load[rank] += u64::from(count);
            (id, rank as u32, at as u64)
        };
        let mut pinned: Vec<_> = hot.iter().enumerate().map(place).collect();
        pinned.sort_unstable();
        pinned
    }

    /// A pinned row: its rank and its place.
    fn pinned(&self, id: u32) -> Option<(u32, u64)> {
        let found = self.pinned.binary_search_by_key(&id, |&(id, ..)| id);
        found.ok().map(|at| (self.pinned[at].1, self.pinned[at].2))
    }

    /// Ranks.
    pub fn ranks(&self) -> u32 {
        self.ranks
    }

    /// Ranks of a channel.
    pub fn ranks_per_channel(&self) -> u32 {
        self.ranks_per_channel
    }

    /// Ranks that a row is spread over.
    pub fn group(&self) -> u32 {
        self.group
    }

    /// Bytes of a row that one rank holds.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether this rank holds (a part of) the row.
    pub fn holds(&self, rank: u32, id: u32) -> bool {
        self.home(id) == rank / self.group
    }

    /// The group of ranks of a row.
    fn home(&self, id: u32) -> u32 {
        if let Some((rank, _)) = self.pinned(id) {
            return rank;
        }
        match &self.tables {
            Some(tables) => tables.rank[tables.of(id)],
            None => {
                let groups = self.ranks / self.group;
                let (block, place) = (id / groups, id % groups);
                (place + (mix(block) % groups)) % groups
            }
        }
    }

    /// The part of a batch that a rank works on. Queries keep their index.
    pub fn share(&self, rank: u32, batch: &Bags) -> Bags {
        let mut share = Bags::new();
        for bag in batch.iter() {
            share.push(bag.iter().copied().filter(|&id| self.holds(rank, id)));
        }
        share
    }

    /// Where a row starts on its rank, in bytes. Rows that are neighbours by id are far apart, as
    /// hashed ids are: in what order rows are numbered must not matter.
    pub fn address(&self, id: u32) -> u64 {
        let (local, rows) = match &self.tables {
            Some(tables) => {
                let table = tables.of(id);
                let local = tables.before[table] + u64::from(id - tables.starts[table]);
                (local, tables.on_rank[tables.rank[table] as usize])
            }
            None => {
                let groups = u64::from(self.ranks / self.group);
                let hashed = self.rows.div_ceil(groups);
                // Pinned rows are counted behind all that hash gives a rank, and scattered with them.
                let pinned = self.pinned(id).map(|(_, place)| hashed + place);
                let local = pinned.unwrap_or(u64::from(id) / groups);
                (local, hashed + self.pinned.len() as u64)
            }
        };
        scatter(local, rows) * self.bytes
    }

    /// Where the gradients of a batch start, in bytes: behind the rows.
    pub fn gradients(&self) -> u64 {
        let most = match &self.tables {
            Some(tables) => tables.on_rank.iter().copied().max().unwrap_or(0),
            None => {
                self.rows.div_ceil(u64::from(self.ranks / self.group)) + self.pinned.len() as u64
            }
        };
        (most * self.bytes).next_multiple_of(4096)
    }
}

impl Tables {
    fn new(sizes: &[u64], ranks: u32, profile: &Bags) -> Self {
        let mut start = 0_u64;
        let starts: Vec<u32> = sizes
            .iter()
            .map(|&rows| {
                let first = start as u32;
                start += rows;
                first
            })
            .collect();
        let mut tables = Self {
            rank: vec![0; sizes.len()],
            before: vec![0; sizes.len()],
            on_rank: vec![0; ranks as usize],
            starts,
        };
        let mut lookups = vec![0_u64; sizes.len()];
        for &id in profile.iter().flatten() {
            lookups[tables.of(id)] += 1;
        }
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        order.sort_by_key(|&table| std::cmp::Reverse(lookups[table]));
        let mut load = vec![0_u64; ranks as usize];
        for table in order {
            let rank = (0..load.len()).min_by_key(|&rank| load[rank]).unwrap_or(0);
            load[rank] += lookups[table];
            tables.rank[table] = rank as u32;
            tables.before[table] = tables.on_rank[rank];
            tables.on_rank[rank] += sizes[table];
        }
        tables
    }

    fn of(&self, id: u32) -> usize {
        // Empty tables start where the next one does; the last of these is it.
        self.starts.partition_point(|&start| start <= id) - 1
    }
}

/// A one-to-one scattering of 0..rows over itself that looks random: a bijection of the next power of
/// two, walked until it comes back below `rows`.
pub fn scatter(local: u64, rows: u64) -> u64 {
    let bits = rows.max(2).next_power_of_two().ilog2();
    let (mask, half) = ((1 << bits) - 1, bits.div_ceil(2));
    let mut at = local;
    loop {
        for odd in [0x9e37_79b9_7f4a_7c15_u64, 0xff51_afd7_ed55_8ccd] {
            at = (at ^ at >> half).wrapping_mul(odd) & mask;
        }
        at ^= at >> half;
        if at < rows {
            return at;
        }
    }
}

/// The finaliser of MurmurHash3.
fn mix(mut value: u32) -> u32 {
    value ^= value >> 16;
    value = value.wrapping_mul(0x85eb_ca6b);
    value ^= value >> 13;
    value = value.wrapping_mul(0xc2b2_ae35);
    value ^ value >> 16
}
