//! Which rank of a memory channel holds a row, and the part of a batch that one rank sees.

use super::Bags;

/// The rank, of `ranks`, that holds the row with this joint id: Knuth's multiplicative hash of the
/// id (2654435761, modulo 2^32), its upper half modulo `ranks`.
///
/// # Panics
/// If `ranks` is zero.
pub fn rank_of(id: u32, ranks: u32) -> u32 {
    (id.wrapping_mul(2_654_435_761) >> 16) % ranks
}

/// The look-ups of a batch that fall to `rank`. Queries keep their index (a gradient is named by
/// it); those left without ids are empty bags, which no schedule contains.
///
/// # Panics
/// If `ranks` is zero.
pub fn rank_share(batch: &Bags, ranks: u32, rank: u32) -> Bags {
    let mut share = Bags::new();
    for bag in batch.iter() {
        share.push(bag.iter().copied().filter(|&id| rank_of(id, ranks) == rank));
    }
    share
}
