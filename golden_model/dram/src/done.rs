//! Completions that are certain, until their cycle has come.

use std::collections::VecDeque;

/// A request that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    pub id: u64,
    /// A read's last data, a write's WR; a read of a waiting write the cycle after it was accepted, a
    /// write onto one that cycle itself.
    pub cycle: u64,
}

/// Two lists in order of their cycle: one alone would be filled in its middle by each write.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Within a cycle or so: writes, and reads of writes.
    soon: VecDeque<Completion>,
    /// Reads of the devices, which all take as long.
    reads: VecDeque<Completion>,
}

impl Done {
    pub fn len(&self) -> usize {
        self.soon.len() + self.reads.len()
    }

    /// The cycle of the first, or `u64::MAX`.
    #[inline]
    pub fn next(&self) -> u64 {
        let cycle = |list: &VecDeque<Completion>| list.front().map_or(u64::MAX, |done| done.cycle);
        cycle(&self.soon).min(cycle(&self.reads))
    }

    pub fn push_read(&mut self, completion: Completion) {
        self.reads.push_back(completion);
    }

    pub fn push(&mut self, completion: Completion) {
        let mut place = self.soon.len();
        while place > 0 && self.soon[place - 1].cycle > completion.cycle {
            place -= 1;
        }
        self.soon.insert(place, completion);
    }

    /// Hands out those until a cycle, by cycle.
    #[inline]
    pub fn hand_out(&mut self, until: u64, to: &mut impl FnMut(Completion)) {
        loop {
            let cycle = self.next();
            if cycle > until {
                break;
            }
            let soon = self.soon.front().is_some_and(|done| done.cycle == cycle);
            let list = if soon {
                &mut self.soon
            } else {
                &mut self.reads
            };
            let Some(completion) = list.pop_front() else {
                break;
            };
            to(completion);
        }
    }
}
