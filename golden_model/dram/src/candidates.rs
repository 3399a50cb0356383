//! The banks that need one command, and which of them is first.

use super::channel::{Channel, Command};

/// A command's cycle, then the arrival of its request, then its bank, in one number: the least is the
/// first to issue, ties by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct First(u128);

/// Bits of a bank's number: 16 ranks x 16 groups x 16 banks.
const BANK_BITS: u32 = 12;

/// No bank needs the command.
pub const NEVER: First = First(u128::MAX);

impl First {
    fn new(cycle: u64, ask: u64) -> Self {
        Self(u128::from(cycle) << 64 | u128::from(ask))
    }

    /// When it may issue; `u64::MAX` for [`NEVER`].
    pub fn cycle(self) -> u64 {
        (self.0 >> 64) as u64
    }

    pub fn bank(self) -> usize {
        self.0 as usize & ((1 << BANK_BITS) - 1)
    }
}

/// The banks that need one command, each for its oldest request.
///
/// The first of them is remembered. As no command ever becomes possible earlier than before, it stays
/// the first for as long as its own cycle stays, and only then are all banks looked at again.
#[derive(Clone, Debug)]
pub struct Candidates {
    command: Command,
    /// One bit per bank.
    asking: Vec<u64>,
    /// Arrival of the request, then the bank itself.
    asks: Vec<u64>,
    /// None of them is before this one; not known after it has left.
    first: Option<First>,
}

impl Candidates {
    pub fn new(command: Command, banks: usize) -> Self {
        Self {
            command,
            asking: vec![0; banks.div_ceil(64)],
            asks: vec![0; banks],
            first: Some(NEVER),
        }
    }

    /// The request for which the bank needs the command, if any.
    #[inline]
    pub fn set(&mut self, bank: usize, order: Option<u64>, channel: &Channel) {
        let (word, bit) = (&mut self.asking[bank / 64], 1 << (bank % 64));
        let asked = *word & bit != 0;
        let ask = order.map(|order| order << BANK_BITS | bank as u64);
        match ask {
            None if asked => *word &= !bit,
            Some(ask) if !asked || self.asks[bank] != ask => {
                *word |= bit;
                self.asks[bank] = ask;
            }
            _ => return,
        }
        match (&mut self.first, ask) {
            (Some(first), _) if asked && first.bank() == bank => self.first = None,
            (Some(first), Some(ask)) => {
                let cycle = channel
                    .earliest_of(self.command)
                    .at(bank)
                    .max(channel.bus());
                *first = First::new(cycle, ask).min(*first);
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
            Some(first)
                if channel.earliest_of(self.command).at(first.bank()).max(from)
                    == first.cycle() =>
            {
                first
            }
            _ => self.search(channel, from),
        }
    }

    fn search(&mut self, channel: &Channel, from: u64) -> First {
        let mut found = NEVER;
        let earliest = channel.earliest_of(self.command);
        for (word, &asking) in self.asking.iter().enumerate() {
            let mut asking = asking;
            while asking != 0 {
                let bank = word * 64 + asking.trailing_zeros() as usize;
                asking &= asking - 1;
                let cycle = earliest.at(bank).max(from);
                found = found.min(First::new(cycle, self.asks[bank]));
            }
        }
        self.first = Some(found);
        found
    }
}
