//! The banks that ask for one command, and which of them is first.

use super::channel::{Channel, Command};

/// A command and when it may issue; the least is the first, ties by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct First {
    pub cycle: u64,
    /// Of the request's arrival.
    pub order: u64,
    pub bank: usize,
}

/// No bank asks.
pub const NEVER: First = First {
    cycle: u64::MAX,
    order: u64::MAX,
    bank: 0,
};

/// The banks that ask for one command, each for its oldest request.
///
/// The first of them is remembered. As no command ever becomes possible earlier than before, it stays
/// the first for as long as its own cycle stays, and only then are all banks looked at again.
#[derive(Clone, Debug)]
pub struct Candidates {
    command: Command,
    /// A bit a bank.
    asking: Vec<u64>,
    order: Vec<u64>,
    /// None of them is before this one; not known after it has left.
    first: Option<First>,
}

impl Candidates {
    pub fn new(command: Command, banks: usize) -> Self {
        Self {
            command,
            asking: vec![0; banks.div_ceil(64)],
            order: vec![0; banks],
            first: Some(NEVER),
        }
    }

    /// Says whose request the bank asks for, if any.
    #[inline]
    pub fn set(&mut self, bank: usize, order: Option<u64>, channel: &Channel) {
        let (word, bit) = (&mut self.asking[bank / 64], 1 << (bank % 64));
        let asked = *word & bit != 0;
        match order {
            None if asked => *word &= !bit,
            Some(order) if !asked || self.order[bank] != order => {
                *word |= bit;
                self.order[bank] = order;
            }
            _ => return,
        }
        match (&mut self.first, order) {
            (Some(first), _) if asked && first.bank == bank => self.first = None,
            (Some(first), Some(order)) => {
                let cycle = channel.earliest(self.command, bank).max(channel.bus());
                let new = First { cycle, order, bank };
                *first = new.min(*first);
            }
            _ => {}
        }
    }

    /// The first bank if nothing else is issued, from `now` on.
    #[inline]
    pub fn first(&mut self, channel: &Channel, now: u64) -> First {
        let from = channel.bus().max(now);
        match self.first {
            Some(NEVER) => NEVER,
            Some(first) if channel.earliest(self.command, first.bank).max(from) == first.cycle => {
                first
            }
            _ => self.search(channel, from),
        }
    }

    fn search(&mut self, channel: &Channel, from: u64) -> First {
        let mut found = NEVER;
        for (word, &asking) in self.asking.iter().enumerate() {
            let mut asking = asking;
            while asking != 0 {
                let bank = word * 64 + asking.trailing_zeros() as usize;
                asking &= asking - 1;
                let cycle = channel.earliest(self.command, bank).max(from);
                let order = self.order[bank];
                found = found.min(First { cycle, order, bank });
            }
        }
        self.first = Some(found);
        found
    }
}
