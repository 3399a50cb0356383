//! Where an address is.

use super::config::{Config, Mapper};

/// A line's place. Bank groups and banks count through the whole channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    pub channel: u32,
    pub rank: u32,
    pub group: u32,
    pub bank: u32,
    pub row: u32,
    /// In lines.
    pub column: u32,
}

/// Splits addresses.
#[derive(Clone, Debug)]
pub struct Map {
    mapper: Mapper,
    offset: u32,
    channel: u32,
    column: u32,
    rank: u32,
    group: u32,
    bank: u32,
    row: u32,
}

impl Map {
    pub fn new(config: &Config) -> Self {
        let org = &config.org;
        Self {
            mapper: config.mapper,
            offset: config.line_bytes().ilog2(),
            channel: config.channels.ilog2(),
            column: (org.column / 16).ilog2(),
            rank: org.rank.ilog2(),
            group: org.bankgroup.ilog2(),
            bank: org.bank.ilog2(),
            row: org.row.ilog2(),
        }
    }

    /// Bytes that there are, over all channels.
    pub fn bytes(&self) -> u64 {
        1 << (self.offset
            + self.channel
            + self.column
            + self.rank
            + self.group
            + self.bank
            + self.row)
    }

    /// Splits an address below [`bytes`](Self::bytes); bits above are ignored.
    pub fn locate(&self, address: u64) -> Location {
        let mut rest = address >> self.offset;
        let mut take = |bits: u32| {
            let part = rest & ((1 << bits) - 1);
            rest >>= bits;
            part as u32
        };
        let channel = take(self.channel);
        let (mut rank, mut group, mut bank, mut row, column);
        match self.mapper {
            Mapper::RoBaRaCoCh => {
                column = take(self.column);
                rank = take(self.rank);
                group = take(self.group);
                bank = take(self.bank);
                row = take(self.row);
            }
            Mapper::Mop4ClXor => {
                let low = take(2);
                rank = take(self.rank);
                group = take(self.group);
                bank = take(self.bank);
                column = low | take(self.column - 2) << 2;
                row = take(self.row);
                let mut by = column;
                for (part, bits) in [
                    (&mut rank, self.rank),
                    (&mut group, self.group),
                    (&mut bank, self.bank),
                    (&mut row, self.row),
                ] {
                    *part ^= by & ((1 << bits) - 1);
                    by >>= bits;
                }
            }
        }
        group |= rank << self.group;
        bank |= group << self.bank;
        Location {
            channel,
            rank,
            group,
            bank,
            row,
            column,
        }
    }
}
