//! The slot table and the users of its port below stage C: flush, scan and sweep.

use super::groups::Groups;

/// One word: reference count of the slot, and the slot to which its queries move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SlotWord {
    /// Reference count: queries that hold the slot; 0, it is free.
    pub refs: u32,
    /// Visit in which its queries began to move to slot `d`; 0, none did.
    pub tag: u32,
    /// No query holds slot `d`; it is reserved for that visit.
    pub z: bool,
    pub d: u32,
}

impl SlotWord {
    /// A slot held by `refs` queries that do not move.
    #[inline]
    pub fn held(refs: u32) -> Self {
        Self {
            refs,
            ..Self::default()
        }
    }
}

/// The next step of the flush, chosen from the registers as they stand during the cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlushStep {
    Nothing,
    /// The none register's only step.
    None,
    /// A ring entry's slot p.
    First,
    /// A ring entry's slot d.
    Second,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sweep {
    Off,
    Read,
    Check,
    /// Frees the slot that was kept for the word just swept.
    Kill(u32),
}

/// Free slots found ahead of their use.
const FREE_LIST: usize = 4;

/// The table with its port's users.
#[derive(Clone, Debug)]
pub(super) struct SlotTable {
    words: Vec<SlotWord>,
    free: [u32; FREE_LIST],
    free_count: usize,
    scan: u32,
    /// The slot read by the scan in the previous cycle, and whether it was free.
    in_flight: Option<(u32, bool)>,
    /// Slots looked at in a row without finding a free one, at most S.
    dry: u32,
    sweep: Sweep,
    sweep_at: u32,
    /// The flush has done the first step of the ring's head.
    second: Option<FirstStep>,
    /// A word with the present visit's tag was written.
    dirty_tag: bool,
    tag: u32,
    tag_max: u32,
    /// The port wrote in this cycle.
    wrote: bool,
}

/// What the first step of a ring entry's flush wrote at p.
#[derive(Clone, Copy, Debug, Default)]
struct FirstStep {
    /// A tagged word: the visit goes on.
    tagged: bool,
    /// With z: d is kept for that visit only.
    z: bool,
}

impl SlotTable {
    pub fn new(slots: u32, tag_max: u32) -> Self {
        Self {
            words: vec![SlotWord::default(); slots as usize],
            free: [0; FREE_LIST],
            free_count: 0,
            scan: 0,
            in_flight: None,
            dry: 0,
            sweep: Sweep::Off,
            sweep_at: 0,
            second: None,
            dirty_tag: false,
            tag: 1,
            tag_max,
            wrote: false,
        }
    }

    /// Registers to their reset values; the words stay until CLEAR writes them.
    pub fn reset(&mut self) {
        self.restart_scan();
        self.sweep = Sweep::Off;
        self.second = None;
        self.wrote = false;
    }

    /// What entering CLEAR resets: scanner, free list and tag.
    pub fn restart_scan(&mut self) {
        self.free_count = 0;
        self.scan = 0;
        self.in_flight = None;
        self.dry = 0;
        self.dirty_tag = false;
        self.tag = 1;
    }

    /// CLEAR writes one word.
    #[inline]
    pub fn clear_word(&mut self, slot: u32) {
        if let Some(word) = self.words.get_mut(slot as usize) {
            *word = SlotWord::default();
        }
    }

    #[inline]
    pub fn tag(&self) -> u32 {
        self.tag
    }

    #[inline]
    pub fn sweeping(&self) -> bool {
        self.sweep != Sweep::Off
    }

    #[inline]
    pub fn read(&self, slot: u32) -> SlotWord {
        self.words[slot as usize]
    }

    #[inline]
    pub fn write(&mut self, slot: u32, word: SlotWord) {
        self.words[slot as usize] = word;
        self.wrote = true;
    }

    /// The oldest slot of the free list.
    #[inline]
    pub fn free_slot(&self) -> Option<u32> {
        (self.free_count > 0).then_some(self.free[0])
    }

    #[inline]
    pub fn take_free_slot(&mut self) {
        self.free.copy_within(1.., 0);
        self.free_count -= 1;
    }

    /// A whole round of the scan found nothing.
    #[inline]
    pub fn exhausted(&self) -> bool {
        self.dry as usize == self.words.len()
    }

    /// The ring's head belongs to the visit and its flush has done the first step.
    #[inline]
    pub fn half_evicted(&self, groups: &Groups) -> bool {
        self.second.is_some() && groups.head().is_some_and(|head| head.cur)
    }

    /// The flush's step if it gets the port. `evict`: a register of the visit may go too.
    #[inline]
    pub fn flush_step(&self, groups: &Groups, evict: bool) -> FlushStep {
        if self.second.is_some() {
            FlushStep::Second
        } else if groups.none_left() {
            FlushStep::None
        } else {
            match groups.head() {
                Some(head) if !head.cur || evict => FlushStep::First,
                _ => FlushStep::Nothing,
            }
        }
    }

    /// Does `step`. True if it was the register's last.
    #[inline]
    pub fn flush(&mut self, groups: &mut Groups, step: FlushStep) -> bool {
        match step {
            FlushStep::Nothing => return false,
            FlushStep::None => {
                let none = groups.none;
                if !none.poison {
                    self.write(none.d, SlotWord::held(none.cnt));
                }
                groups.none.valid = false;
            }
            FlushStep::First => {
                let Some(&head) = groups.head() else {
                    return false;
                };
                let tagged = head.cur && !head.poison && head.refp != 0;
                let z = tagged && head.cnt == 0;
                if tagged {
                    let (tag, d) = (self.tag, head.d);
                    let refs = head.refp;
                    self.write(head.p, SlotWord { refs, tag, z, d });
                    self.dirty_tag = true;
                } else {
                    self.write(head.p, SlotWord::held(head.refp));
                }
                if !head.poison {
                    self.second = Some(FirstStep { tagged, z });
                    return false;
                }
                groups.remove_head();
            }
            FlushStep::Second => {
                let Some(&head) = groups.head() else {
                    return false;
                };
                let first = self.second.take().unwrap_or_default();
                let refs = if first.z { 1 } else { head.cnt };
                let mut word = SlotWord::held(refs);
                if first.tagged {
                    (word.tag, word.d) = (self.tag, head.d);
                }
                self.write(head.d, word);
                groups.remove_head();
            }
        }
        true
    }

    /// The scan has room for another slot and may read one if the port is free.
    #[inline]
    pub fn scan_wanted(&self) -> bool {
        self.free_count + usize::from(self.in_flight.is_some()) < FREE_LIST
    }

    /// The check of the word that the scan read in the previous cycle, against the registers as
    /// they stand: the slot if it is free.
    #[inline]
    pub fn scan_check(&self, groups: &Groups) -> Option<u32> {
        let (slot, unheld) = self.in_flight?;
        let found = unheld && !self.free[..self.free_count].contains(&slot) && !groups.enters(slot);
        found.then_some(slot)
    }

    /// The rising edge for scanner and free list. `found` is this cycle's check, `read` whether
    /// the scan has the port.
    #[inline]
    pub fn scan_edge(&mut self, found: Option<u32>, read: bool) {
        if let Some(slot) = found {
            self.free[self.free_count] = slot;
            self.free_count += 1;
            self.dry = 0;
        } else if self.in_flight.is_some() {
            self.dry = (self.dry + 1).min(self.words.len() as u32);
        }
        if self.wrote {
            self.dry = 0;
            self.wrote = false;
        }
        self.in_flight = None;
        if read {
            self.in_flight = Some((self.scan, self.read(self.scan).refs == 0));
            self.scan = self.next(self.scan);
        }
    }

    /// The slot after `slot`; S is a power of two.
    #[inline]
    fn next(&self, slot: u32) -> u32 {
        (slot + 1) & (self.words.len() as u32 - 1)
    }

    /// The rising edge of a visit's last row: a new tag if this one is in use.
    #[inline]
    pub fn end_visit(&mut self) {
        if !self.dirty_tag {
            return;
        }
        self.dirty_tag = false;
        if self.tag == self.tag_max {
            self.tag = 1;
            self.sweep = Sweep::Read;
            self.sweep_at = 0;
        } else {
            self.tag += 1;
        }
    }

    /// One cycle of the sweep that takes every tag out of the table.
    #[inline]
    pub fn sweep(&mut self) {
        match self.sweep {
            Sweep::Off => {}
            Sweep::Read => self.sweep = Sweep::Check,
            Sweep::Check => {
                let word = self.read(self.sweep_at);
                if word.tag != 0 {
                    self.write(self.sweep_at, SlotWord::held(word.refs));
                }
                if word.z {
                    self.sweep = Sweep::Kill(word.d);
                } else {
                    self.sweep_on();
                }
            }
            Sweep::Kill(slot) => {
                self.write(slot, SlotWord::default());
                self.sweep_on();
            }
        }
    }

    #[inline]
    fn sweep_on(&mut self) {
        self.sweep_at = self.next(self.sweep_at);
        self.sweep = if self.sweep_at == 0 {
            Sweep::Off
        } else {
            Sweep::Read
        };
    }

    /// Slots in use.
    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.words.iter().filter(|w| w.refs != 0).count()
    }
}
