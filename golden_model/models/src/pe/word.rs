//! A word of the query table: state and slot in one number.

/// The query has no slot.
pub const NONE: u32 = 0;
/// The query's sum is lost: no slot was free.
pub const POISON: u32 = 1;

/// The query holds `slot`.
#[inline]
pub fn slot(slot: u32) -> u32 {
    slot + 2
}

/// The slot that the word names, if any.
#[inline]
pub fn slot_of(word: u32) -> Option<u32> {
    word.checked_sub(2)
}
