//! The tracker: finds, for every look-up, the operation that it needs, and renames slots.
//!
//! Stages A and B fetch a row of the query table, stage C (in `stage_c.rs`) serves its look-ups,
//! stage D writes the row back. The model keeps the rows in place: A never reads a row that B, C
//! or D hold, so stage C can work on the table itself and D is only a cycle of the bank's time.

use super::control::Command;
use super::groups::Groups;
use super::op::Op;
use super::request::Request;
use super::requests::Requests;
use super::shape::Shape;
use super::slot_table::{FlushStep, SlotTable};
use super::stage::{Cycle, StageC};
use super::status::{Fault, Status};
use super::word;

/// Tables, registers and stages.
#[derive(Clone, Debug)]
pub(super) struct Renamer {
    /// Query table, row by row.
    pub(super) queries: Vec<u32>,
    pub(super) slots: SlotTable,
    pub(super) groups: Groups,
    /// Queries whose table word is not NONE.
    pub(super) live: u32,
    /// Rows in stage B, the oldest first.
    b: [Request; 2],
    b_count: usize,
    pub(super) c: StageC,
    /// Row that stage D writes in this cycle.
    d: Option<u32>,
    /// The last row of a visit is done, and its END is not in the op queue yet.
    pub(super) end_pending: bool,
    /// Lanes that hit a register were resolved in the previous cycle: its counts are being added
    /// up, and the flush waits.
    pub(super) counting: bool,
    row_lanes: u32,
    /// Counts of queries are log2 Q + 1 bits wide.
    count_mask: u32,
}

impl Renamer {
    pub fn new(shape: &Shape) -> Self {
        Self {
            queries: vec![word::NONE; shape.queries as usize],
            slots: SlotTable::new(shape.slots, shape.tag_max),
            groups: Groups::new(shape.groups),
            live: 0,
            b: [Request::default(); 2],
            b_count: 0,
            c: StageC::default(),
            d: None,
            end_pending: false,
            counting: false,
            row_lanes: shape.row_lanes,
            count_mask: 2 * shape.queries - 1,
        }
    }

    /// Everything but the tables' words, which CLEAR writes.
    pub fn reset(&mut self) {
        self.slots.reset();
        self.groups.reset();
        self.live = 0;
        self.b_count = 0;
        self.c = StageC::default();
        self.d = None;
        self.end_pending = false;
        self.counting = false;
    }

    /// CLEAR begins after a command: the tables are about to be forgotten.
    pub fn forget(&mut self) {
        self.slots.restart_scan();
        self.live = 0;
    }

    /// CLEAR's writes of one cycle.
    #[inline]
    pub fn clear_words(&mut self, at: u32) {
        self.slots.clear_word(at);
        let span = 2 * self.row_lanes as usize;
        let first = at as usize * span;
        if let Some(rows) = self.queries.get_mut(first..first + span) {
            rows.fill(word::NONE);
        }
    }

    /// No row, register, sweep or END is on its way.
    #[inline]
    pub fn drained(&self) -> bool {
        self.b_count == 0
            && !self.c.valid
            && self.d.is_none()
            && !self.end_pending
            && self.groups.idle()
            && !self.slots.sweeping()
    }

    /// A cycle in IDLE: only the scan goes on.
    #[inline]
    pub fn idle(&mut self) {
        let found = self.slots.scan_check(&self.groups);
        let read = self.slots.scan_wanted();
        self.slots.scan_edge(found, read);
    }

    /// A cycle in RUN. `queue_full`: the op queue has no room in this cycle. Returns the op pushed.
    #[inline]
    pub fn run(
        &mut self,
        command: &mut Command,
        requests: &mut Requests,
        queue_full: bool,
        status: &mut Status,
    ) -> Option<Op> {
        // All that depends on the registers as they stand, before anything changes them.
        let found = self.slots.scan_check(&self.groups);
        let scan_wanted = self.slots.scan_wanted();
        let waiting = self.c.waits_for_flush();
        let flush_step = if std::mem::take(&mut self.counting) {
            FlushStep::Nothing
        } else {
            self.slots
                .flush_step(&self.groups, self.may_evict(command.update))
        };
        let taken = self.stage_a(command, requests);

        let push_end = self.end_pending && !queue_full;
        let mut cycle = Cycle {
            push_ok: !queue_full && !self.end_pending,
            push_end,
            update: command.update,
            op: push_end.then(Op::default),
            port: false,
            inserted: false,
            done: false,
        };
        let mut scan = false;
        if self.slots.sweeping() {
            self.slots.sweep();
        } else {
            self.stage_c(&mut cycle, status);
            if !cycle.port {
                if flush_step != FlushStep::Nothing {
                    let last = self.slots.flush(&mut self.groups, flush_step);
                    if last && waiting {
                        self.c.flushed();
                    }
                } else {
                    scan = scan_wanted;
                }
            }
        }
        self.slots.scan_edge(found, scan);

        if push_end {
            self.end_pending = false;
        }
        self.d = None;
        if cycle.done {
            self.row_done();
        }
        if !self.c.valid && self.b_count > 0 {
            // A register inserted just now has not been compared with the row yet.
            let rematch = cycle.inserted && !(cycle.done && self.c.end);
            self.enter_c(command, rematch, status);
        }
        if let Some(beat) = taken {
            self.enter_b(command, requests, beat);
        }
        cycle.op
    }

    /// The beat that stage A takes in this cycle.
    #[inline]
    fn stage_a(&self, command: &Command, requests: &Requests) -> Option<Request> {
        if command.visits == 0 || self.b_count == 2 {
            return None;
        }
        let head = requests.head()?;
        let held = self.b_count == 1 && self.b[0].row == head.row
            || self.c.valid && self.c.row == head.row
            || self.d.is_some_and(|d| (d ^ head.row) & 1 == 0);
        (!held).then_some(head)
    }

    /// The edge of stage C's last cycle with its row.
    #[inline]
    fn row_done(&mut self) {
        self.c.valid = false;
        if self.c.changed {
            self.d = Some(self.c.row);
        }
        if self.c.end {
            self.end_pending = true;
            self.groups.end_visit();
            self.slots.end_visit();
        }
    }

    /// Moves stage B's oldest row to stage C.
    #[inline]
    fn enter_c(&mut self, command: &Command, rematch: bool, status: &mut Status) {
        let beat = self.b[0];
        self.b[0] = self.b[1];
        self.b_count -= 1;
        let pending = self.asking(command, &beat, status);
        let last = if command.update || command.retain {
            0
        } else {
            beat.last
        };
        let end = beat.end || command.update;
        self.c = StageC::new(beat.row, pending, last, end, rematch);
    }

    /// Moves stage A's row to stage B.
    #[inline]
    fn enter_b(&mut self, command: &mut Command, requests: &mut Requests, beat: Request) {
        requests.pop();
        self.b[self.b_count] = beat;
        self.b_count += 1;
        if beat.end || command.update {
            command.visits -= 1;
        }
    }

    /// The lanes of a beat that stage C has to serve.
    #[inline]
    fn asking(&self, command: &Command, beat: &Request, status: &mut Status) -> u32 {
        if command.drop {
            return 0;
        }
        let first = beat.row * self.row_lanes;
        let legal = command.queries.saturating_sub(first);
        let in_range = if legal >= self.row_lanes {
            beat.mask
        } else {
            beat.mask & !(!0 << legal)
        };
        if in_range != beat.mask {
            status.raise(Fault::QueryRange);
        }
        if !command.update {
            return in_range;
        }
        if in_range == 0 {
            status.raise(Fault::NoGradient);
        } else if in_range & (in_range - 1) != 0 {
            status.raise(Fault::ManyRows);
        }
        in_range & in_range.wrapping_neg()
    }

    /// A count of queries less `by`. It wraps if a query requests twice in one visit and the PE
    /// does not notice; nothing else takes it below zero.
    #[inline]
    pub(super) fn less(&self, count: u32, by: u32) -> u32 {
        count.wrapping_sub(by) & self.count_mask
    }

    /// A count of queries and `by` more.
    #[inline]
    pub(super) fn more(&self, count: u32, by: u32) -> u32 {
        (count + by) & self.count_mask
    }

    /// The words of stage C's row.
    #[inline]
    pub(super) fn row(&self) -> &[u32] {
        let first = (self.c.row * self.row_lanes) as usize;
        &self.queries[first..first + self.row_lanes as usize]
    }

    /// Gives the lanes in `lanes` of stage C's row the word `value`.
    #[inline]
    pub(super) fn set_lanes(&mut self, lanes: u32, value: u32) {
        let first = (self.c.row * self.row_lanes) as usize;
        let words = &mut self.queries[first..first + self.row_lanes as usize];
        let mut rest = lanes;
        while rest != 0 {
            let word = &mut words[rest.trailing_zeros() as usize];
            self.c.changed |= *word != value;
            *word = value;
            rest &= rest - 1;
        }
    }
}
