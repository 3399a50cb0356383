//! Registers of stage C, and what a cycle of it does.

use super::op::Op;
use super::slot_table::SlotWord;

/// States of stage C.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// Compares the words with the group registers.
    #[default]
    Cmp,
    /// Sends the sum of a register that finishing lanes hit.
    Fin,
    /// The word of the first missing slot arrives.
    S1,
    /// Serves one group that no register knows.
    S2,
    /// The word of the slot that the group already moves to arrives.
    R1,
    /// Brings the group's register back.
    R2,
    /// Waits for a register to be flushed.
    Fl,
    /// Matches the lanes with the registers anew.
    Match,
}

/// The row in stage C.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StageC {
    pub valid: bool,
    pub row: u32,
    /// Lanes still to be served.
    pub pending: u32,
    /// Lanes whose query's result leaves with this look-up.
    pub last: u32,
    /// Last row of its visit.
    pub end: bool,
    /// A word of the row changed.
    pub changed: bool,
    pub phase: Phase,
    /// The first register that finishing lanes hit: an entry of the ring, or the none register.
    pub sender: Option<usize>,
    /// Those lanes.
    pub leaving: u32,
    /// Word of the current group.
    pub m: u32,
    /// Pending lanes with that word.
    pub group: u32,
    /// Slot table word of m.
    pub source: SlotWord,
    /// Slot table word of the slot that m moves to.
    pub target: SlotWord,
}

impl StageC {
    /// A row that enters stage C, with lanes still to be matched if `rematch`.
    #[inline]
    pub fn new(row: u32, pending: u32, last: u32, end: bool, rematch: bool) -> Self {
        let phase = if rematch { Phase::Match } else { Phase::Cmp };
        Self {
            valid: true,
            row,
            pending,
            last,
            end,
            phase,
            ..Self::default()
        }
    }

    #[inline]
    pub fn waits_for_flush(&self) -> bool {
        self.phase == Phase::Fl
    }

    /// The register that FL waited for is flushed.
    #[inline]
    pub fn flushed(&mut self) {
        self.phase = Phase::Match;
    }
}

/// What stage C may use in a cycle, and what it did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    /// An op may be pushed.
    pub push_ok: bool,
    /// END is pushed in this cycle.
    pub push_end: bool,
    /// The mode is UPDATE.
    pub update: bool,
    /// The op pushed.
    pub op: Option<Op>,
    /// The slot table's port is taken.
    pub port: bool,
    /// S2 inserted a register.
    pub inserted: bool,
    /// The row is done.
    pub done: bool,
}
