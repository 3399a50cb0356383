//! Stage C: serves the look-ups of one row of the query table. S2 is in `serve.rs`.

use super::groups::Group;
use super::op::{Kind, Op};
use super::stage::{Cycle, Phase};
use super::status::{Counter, Fault, Status};
use super::tracker::Renamer;
use super::word;

/// Lanes whose word is `value`.
#[inline]
fn lanes_with(words: &[u32], value: u32) -> u32 {
    words
        .iter()
        .enumerate()
        .fold(0, |mask, (i, &word)| mask | u32::from(word == value) << i)
}

impl Renamer {
    /// One cycle of stage C.
    #[inline]
    pub(super) fn stage_c(&mut self, cycle: &mut Cycle, status: &mut Status) {
        if !self.c.valid {
            return;
        }
        match self.c.phase {
            Phase::Cmp => self.compare(cycle, status),
            Phase::Fin => self.finish(cycle, status),
            Phase::S1 => self.c.phase = Phase::S2,
            Phase::S2 => self.serve(cycle, status),
            Phase::R1 => self.c.phase = Phase::R2,
            Phase::R2 => {
                let (source, target) = (self.c.source, self.c.target);
                self.groups.insert(Group {
                    cur: true,
                    p: word::slot_of(self.c.m).unwrap_or(0),
                    d: source.d,
                    refp: source.refs,
                    cnt: self.less(target.refs, u32::from(source.z)),
                    poison: false,
                });
                self.c.phase = Phase::Match;
            }
            Phase::Fl => {
                if self.groups.ring_empty() && !self.groups.none_left() {
                    self.c.phase = Phase::Match;
                }
            }
            Phase::Match => self.c.phase = Phase::Cmp,
        }
    }

    /// CMP.
    fn compare(&mut self, cycle: &mut Cycle, status: &mut Status) {
        if self.c.pending != 0 {
            self.c.leaving = 0;
            let missing = if cycle.update {
                self.compare_update(status)
            } else {
                self.compare_gather(status)
            };
            if missing != 0 {
                self.miss(missing, cycle);
            }
            if self.c.leaving != 0 {
                self.c.phase = Phase::Fin;
            }
        }
        self.finish_row(cycle);
    }

    /// The row is done if no lane is pending and its visit may end.
    #[inline]
    fn finish_row(&mut self, cycle: &mut Cycle) {
        let may_end = !self.c.end || !self.end_pending || cycle.push_end;
        cycle.done = self.c.pending == 0 && may_end;
    }

    /// Resolves the lanes of an update that have no gradient. Returns the misses.
    fn compare_update(&mut self, status: &mut Status) -> u32 {
        let pending = self.c.pending;
        let poison = lanes_with(self.row(), word::POISON) & pending;
        let lost = lanes_with(self.row(), word::NONE) & pending | poison;
        if lost != 0 {
            status.raise(Fault::NoGradient);
            self.set_lanes(lost, word::NONE);
            self.live -= poison.count_ones();
            self.c.pending &= !lost;
        }
        pending & !lost
    }

    /// Resolves what needs no slot table word. Returns the misses.
    fn compare_gather(&mut self, status: &mut Status) -> u32 {
        let words = self.row();
        let poison = lanes_with(words, word::POISON) & self.c.pending;
        let none = lanes_with(words, word::NONE) & self.c.pending;
        let mut rest = self.c.pending & !poison;

        let mut twice = 0;
        let register = self.groups.none;
        if register.valid && register.cur && !register.poison {
            twice |= lanes_with(words, word::slot(register.d));
        }
        for number in self.groups.numbers() {
            let entry = self.groups.entry(number);
            if entry.cur && !entry.poison {
                twice |= lanes_with(words, word::slot(entry.d));
            }
        }
        twice &= rest;
        if twice != 0 {
            status.raise(Fault::Duplicate);
        }
        rest &= !twice;
        self.c.pending = rest;
        if poison != 0 {
            let fin = poison & self.c.last;
            self.set_lanes(fin, word::NONE);
            self.live -= fin.count_ones();
        }

        if register.valid && register.cur {
            let lanes = rest & none;
            rest &= !lanes;
            let stay = self.hit(lanes, None, register.d, register.poison, status);
            self.groups.none.cnt = self.more(register.cnt, stay);
            self.live += stay;
        }
        for number in self.groups.numbers() {
            let entry = *self.groups.entry(number);
            if !entry.cur {
                continue;
            }
            let lanes = lanes_with(self.row(), word::slot(entry.p)) & rest;
            rest &= !lanes;
            let stay = self.hit(lanes, Some(number), entry.d, entry.poison, status);
            let refp = self.less(entry.refp, stay);
            let cnt = self.more(entry.cnt, stay);
            let entry = self.groups.entry_mut(number);
            (entry.refp, entry.cnt) = (refp, cnt);
        }
        rest
    }

    /// Serves `lanes` that hit a register. Finishing ones wait for FIN; returns how many others
    /// moved to `d`.
    #[inline]
    fn hit(
        &mut self,
        lanes: u32,
        register: Option<usize>,
        d: u32,
        poison: bool,
        status: &mut Status,
    ) -> u32 {
        let leaving = lanes & self.c.last;
        if leaving != 0 && self.c.leaving == 0 {
            self.c.leaving = leaving;
            self.c.sender = register;
        }
        let stay = lanes & !leaving;
        if stay == 0 {
            return 0;
        }
        let value = if poison { word::POISON } else { word::slot(d) };
        self.set_lanes(stay, value);
        self.c.pending &= !stay;
        self.counting = true;
        if !poison {
            status.count(Counter::Shares, stay.count_ones());
        }
        stay.count_ones()
    }

    /// FIN.
    fn finish(&mut self, cycle: &mut Cycle, status: &mut Status) {
        let (kind, p, poison) = match self.c.sender {
            None => (Kind::Pass, 0, self.groups.none.poison),
            Some(number) => {
                let entry = self.groups.entry(number);
                (Kind::Rd, entry.d, entry.poison)
            }
        };
        if !poison && !cycle.push_ok {
            return;
        }
        let leaving = self.c.leaving;
        let finished = leaving.count_ones();
        if !poison {
            status.count(Counter::Shares, finished);
            cycle.op = Some(Op {
                kind,
                p,
                row: self.c.row,
                emit: leaving,
                ..Op::default()
            });
        }
        self.set_lanes(leaving, word::NONE);
        if let Some(number) = self.c.sender {
            let refp = self.less(self.groups.entry(number).refp, finished);
            self.groups.entry_mut(number).refp = refp;
            self.live -= finished;
        }
        self.counting = true;
        self.c.pending &= !leaving;
        self.c.phase = Phase::Cmp;
        self.finish_row(cycle);
    }

    /// CMP with misses: takes up the group of the lowest one.
    fn miss(&mut self, missing: u32, cycle: &mut Cycle) {
        let words = self.row();
        let m = words[missing.trailing_zeros() as usize];
        let group = lanes_with(words, m) & self.c.pending;
        self.c.m = m;
        self.c.group = group;
        self.c.phase = Phase::S1;
        if let Some(slot) = word::slot_of(m) {
            self.c.source = self.slots.read(slot);
            cycle.port = true;
            if self.groups.leaves(slot) || self.groups.enters(slot) {
                self.c.phase = Phase::Fl;
            }
        }
    }
}
