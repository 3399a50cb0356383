//! The read queue or the write queue, by bank.

use std::collections::VecDeque;

use super::candidates::{Candidates, First};
use super::channel::{CLOSED, Channel, Command};
use super::config::Scheduler;

/// A request on its way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// The caller's name for it.
    pub id: u64,
    /// In bytes.
    pub address: u64,
    /// Of arrival.
    pub order: u64,
    pub row: u32,
}

/// Nowhere in a bank's entries.
const NONE: usize = usize::MAX;

/// The entries of a bank, oldest first.
#[derive(Clone, Debug)]
struct Waiting {
    entries: VecDeque<Entry>,
    /// While a row is open, the place of the oldest entry for it.
    hit: usize,
    /// And that of the oldest for another row.
    miss: usize,
}

impl Waiting {
    /// Looks for the first entries for this row, and for another, from a place on.
    fn find(&mut self, row: u32) {
        let place = |hit: bool| {
            let mut entries = self.entries.iter();
            entries.position(|entry| (entry.row == row) == hit)
        };
        (self.hit, self.miss) = (place(true).unwrap_or(NONE), place(false).unwrap_or(NONE));
    }

    /// Removes the oldest entry for the open row.
    fn take_hit(&mut self, row: u32) -> Option<Entry> {
        let (hit, miss) = (self.hit, self.miss);
        let entry = self.entries.remove(hit)?;
        // All before `hit` are for other rows.
        let mut later = self.entries.range(hit..);
        self.hit = later
            .position(|entry| entry.row == row)
            .map_or(NONE, |place| hit + place);
        if miss != NONE && miss > hit {
            self.miss -= 1;
        }
        Some(entry)
    }

    fn order(&self, place: usize) -> Option<u64> {
        self.entries.get(place).map(|entry| entry.order)
    }
}

/// One queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// RD or WR.
    command: Command,
    row_hits_first: bool,
    banks: Vec<Waiting>,
    len: usize,
    act: Candidates,
    pre: Candidates,
    column: Candidates,
}

impl Queue {
    /// An empty queue whose requests need `command`, RD or WR.
    pub fn new(command: Command, scheduler: Scheduler, banks: usize) -> Self {
        let waiting = Waiting {
            entries: VecDeque::new(),
            hit: NONE,
            miss: NONE,
        };
        Self {
            command,
            row_hits_first: scheduler == Scheduler::RowHit,
            banks: vec![waiting; banks],
            len: 0,
            act: Candidates::new(Command::Act, banks),
            pre: Candidates::new(Command::Pre, banks),
            column: Candidates::new(command, banks),
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether an entry of the bank has this address.
    pub fn contains(&self, bank: usize, address: u64) -> bool {
        let mut entries = self.banks[bank].entries.iter();
        entries.any(|entry| entry.address == address)
    }

    /// Appends the youngest request.
    pub fn push(&mut self, bank: usize, entry: Entry, channel: &Channel) {
        let waiting = &mut self.banks[bank];
        let place = waiting.entries.len();
        waiting.entries.push_back(entry);
        self.len += 1;
        let row = channel.row(bank);
        let first = match row == entry.row {
            true => &mut waiting.hit,
            false => &mut waiting.miss,
        };
        if *first != NONE {
            return;
        }
        *first = place;
        if row == CLOSED {
            self.note_act(bank, channel);
        } else {
            self.note_open(bank, channel);
        }
    }

    /// What is to be issued first, from `now` on, and its command.
    pub fn first(&mut self, channel: &Channel, now: u64) -> (First, Command) {
        let mut first = (self.act.first(channel, now), Command::Act);
        for (candidates, command) in [
            (&mut self.pre, Command::Pre),
            (&mut self.column, self.command),
        ] {
            let other = candidates.first(channel, now);
            if other < first.0 {
                first = (other, command);
            }
        }
        first
    }

    /// Removes the oldest entry of a closed bank, whose ACT is due.
    pub fn take_oldest(&mut self, bank: usize) -> Option<Entry> {
        let entry = self.banks[bank].entries.pop_front()?;
        self.len -= 1;
        Some(entry)
    }

    /// Removes the oldest entry for the open row.
    pub fn take_hit(&mut self, bank: usize, channel: &Channel) -> Option<Entry> {
        let entry = self.banks[bank].take_hit(channel.row(bank))?;
        self.len -= 1;
        self.note_open(bank, channel);
        Some(entry)
    }

    /// The bank has opened or closed its row.
    pub fn turn(&mut self, bank: usize, channel: &Channel) {
        let waiting = &mut self.banks[bank];
        if waiting.entries.is_empty() && waiting.hit == NONE && waiting.miss == NONE {
            return;
        }
        waiting.find(channel.row(bank));
        self.note_act(bank, channel);
        self.note_open(bank, channel);
    }

    /// The bank has got its first entry, or its oldest has left: both while it is closed.
    fn note_act(&mut self, bank: usize, channel: &Channel) {
        let closed = channel.row(bank) == CLOSED;
        let act = self.banks[bank].order(if closed { 0 } else { NONE });
        self.act.set(bank, act, channel);
    }

    /// The bank's entries for the open row have changed.
    fn note_open(&mut self, bank: usize, channel: &Channel) {
        let column = self.banks[bank].order(self.banks[bank].hit);
        self.column.set(bank, column, channel);
        self.note_pre(bank, channel);
    }

    /// The bank may be closed, or may no longer.
    pub fn note_pre(&mut self, bank: usize, channel: &Channel) {
        let waiting = &self.banks[bank];
        let kept = self.row_hits_first && waiting.hit < waiting.miss;
        let pre = match kept || channel.busy(bank) || channel.row(bank) == CLOSED {
            true => None,
            false => waiting.order(waiting.miss),
        };
        self.pre.set(bank, pre, channel);
    }
}
