//! Stage C's state S2: serves one group of look-ups that no group register knows.

use super::groups::{Group, NoneGroup};
use super::op::{Kind, Op};
use super::slot_table::SlotWord;
use super::stage::{Cycle, Phase};
use super::status::{Counter, Fault, Status};
use super::tracker::Renamer;
use super::word;

impl Renamer {
    /// S2.
    pub(super) fn serve(&mut self, cycle: &mut Cycle, status: &mut Status) {
        let group = self.c.group;
        let fin = group & self.c.last;
        let held = group.count_ones();
        let stay = held - fin.count_ones();
        let half_evicted = self.slots.half_evicted(&self.groups);
        let Some(p) = word::slot_of(self.c.m) else {
            return self.serve_new(stay, cycle, status);
        };
        if cycle.update {
            return self.serve_update(p, cycle);
        }

        let source = self.c.source;
        let mapped = source.tag == self.slots.tag();
        if mapped && source.d == p {
            // The slot was made in this visit: the query requests the vector a second time.
            if !self.end_is_late() && !half_evicted {
                status.raise(Fault::Duplicate);
                self.complete(cycle);
            }
        } else if mapped {
            let d = source.d;
            if self.groups.leaves(d) || self.groups.enters(d) {
                self.c.phase = Phase::Fl;
            } else if !self.groups.ring_full() && !half_evicted {
                self.c.target = self.slots.read(d);
                cycle.port = true;
                self.c.phase = Phase::R1;
            }
        } else if source.z {
            self.slots.write(source.d, SlotWord::default());
            cycle.port = true;
            self.c.source.z = false;
        } else if source.refs == held {
            if !cycle.push_ok || half_evicted {
                return;
            }
            self.slots.write(p, SlotWord::held(stay));
            cycle.port = true;
            let op = Op {
                kind: Kind::Add,
                wr: stay > 0,
                p,
                d: p,
                ..Op::default()
            };
            self.push(op, cycle, status);
            self.set_lanes(fin, word::NONE);
            self.live -= fin.count_ones();
            self.complete(cycle);
        } else if !self.groups.ring_full()
            && let Some(place) = self.place(cycle, status)
        {
            self.groups.insert(Group {
                cur: true,
                p,
                d: place.unwrap_or(0),
                refp: self.less(source.refs, held),
                cnt: if place.is_some() { stay } else { 0 },
                poison: place.is_none(),
            });
            cycle.inserted = true;
            if let Some(d) = place {
                let op = Op {
                    kind: Kind::Add,
                    wr: true,
                    p,
                    d,
                    ..Op::default()
                };
                self.push(op, cycle, status);
            }
            self.live -= fin.count_ones();
            self.complete(cycle);
        }
    }

    /// S2 for queries that have no slot yet.
    fn serve_new(&mut self, stay: u32, cycle: &mut Cycle, status: &mut Status) {
        let op = Op {
            kind: Kind::Pass,
            ..Op::default()
        };
        if stay == 0 && self.c.end {
            if cycle.push_ok && !self.slots.half_evicted(&self.groups) {
                self.push(op, cycle, status);
                self.complete(cycle);
            }
        } else if !self.groups.none.valid
            && let Some(place) = self.place(cycle, status)
        {
            self.groups.none = NoneGroup {
                valid: true,
                cur: true,
                d: place.unwrap_or(0),
                cnt: if place.is_some() { stay } else { 0 },
                poison: place.is_none(),
            };
            cycle.inserted = true;
            if let Some(d) = place {
                self.push(Op { wr: true, d, ..op }, cycle, status);
            }
            self.live += stay;
            self.complete(cycle);
        }
    }

    /// S2 of an update.
    fn serve_update(&mut self, p: u32, cycle: &mut Cycle) {
        if !cycle.push_ok {
            return;
        }
        cycle.op = Some(Op {
            kind: Kind::Upd,
            p,
            ..Op::default()
        });
        let left = self.less(self.c.source.refs, 1);
        self.slots.write(p, SlotWord::held(left));
        cycle.port = true;
        self.set_lanes(self.c.group, word::NONE);
        self.live -= 1;
        self.complete(cycle);
    }

    /// Finds the group a slot and moves it there. `None` waits (or goes to FL), `Some(None)` is
    /// poison: there is no slot, and no operation to push.
    fn place(&mut self, cycle: &Cycle, status: &mut Status) -> Option<Option<u32>> {
        let group = self.c.group;
        let place = self.slots.free_slot();
        if place.is_some() {
            if !cycle.push_ok {
                return None;
            }
            self.slots.take_free_slot();
        } else if !self.groups.ring_empty() {
            self.c.phase = Phase::Fl;
            return None;
        } else {
            if self.groups.none_left() || !self.slots.exhausted() || self.end_is_late() {
                return None;
            }
            status.raise(Fault::SlotsExhausted);
        }
        let fin = group & self.c.last;
        self.set_lanes(group & !fin, place.map_or(word::POISON, word::slot));
        self.set_lanes(fin, word::NONE);
        Some(place)
    }

    /// A register of the visit may be written back: stage C waits for that, or will want room.
    pub(super) fn may_evict(&self, update: bool) -> bool {
        if !self.c.valid || self.slots.sweeping() {
            return false;
        }
        match self.c.phase {
            Phase::Fl => true,
            Phase::S1 => self.groups.ring_tight(),
            Phase::S2 => self.groups.ring_full() && self.wants_ring_entry(update),
            _ => false,
        }
    }

    /// S2 has a sum that is split, or was split before.
    fn wants_ring_entry(&self, update: bool) -> bool {
        let Some(p) = word::slot_of(self.c.m) else {
            return false;
        };
        let source = self.c.source;
        let mapped = source.tag == self.slots.tag();
        let twice = mapped && source.d == p;
        let all_here = source.refs == self.c.group.count_ones();
        !update && !twice && (mapped || !source.z && !all_here)
    }

    /// Serving the group would end the visit while the END before it still waits.
    fn end_is_late(&self) -> bool {
        self.c.end && self.c.pending == self.c.group && self.end_pending
    }

    /// Pushes the operation that starts the group's sum: for the lanes that finish now it is the
    /// result.
    fn push(&mut self, op: Op, cycle: &mut Cycle, status: &mut Status) {
        let group = self.c.group;
        status.count(Counter::Shares, group.count_ones() - 1);
        cycle.op = Some(Op {
            row: self.c.row,
            emit: group & self.c.last,
            ..op
        });
    }

    /// The group is served.
    fn complete(&mut self, cycle: &mut Cycle) {
        self.c.pending &= !self.c.group;
        self.c.phase = Phase::Cmp;
        cycle.done = self.c.pending == 0;
    }
}
