//! Front end of the match tracker: holds every query's remaining ids and compares their heads with
//! the id of each vector (specification, section 11).

use super::request::Request;
use super::shape::Shape;
use super::status::{Fault, Status};
use std::collections::VecDeque;

/// One beat of the `req` stream: the next id in a query's list.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListBeat {
    pub query: u32,
    pub id: u64,
    /// Last id of this query.
    pub last: bool,
    /// Last beat of the command's lists.
    pub end: bool,
}

/// What the front end does in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No command, or one without visits.
    Off,
    /// Takes the lists.
    Load,
    /// Waits for a vector's id and compares it.
    Match,
    /// Offers the rows with hits.
    Rows,
    /// Fetches the next ids of the queries that were served.
    Refill,
}

/// A query's next id.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    id: u64,
    valid: bool,
    last: bool,
    /// Place of the id after it in the list memory.
    ptr: u32,
}

/// Source of request beats: heads, list memory and id queue.
#[derive(Clone, Debug)]
pub(super) struct MatchFront {
    phase: Phase,
    heads: Vec<Head>,
    /// Words `{last, id}`. Never cleared, as a memory.
    list: Vec<(bool, u64)>,
    /// Words written; at most all.
    wptr: u32,
    /// Visits whose id is still to be taken or whose rows are still offered.
    left: u32,
    /// Hits of each row, and the rows that have any from `row` on.
    hits: Vec<u32>,
    rows_left: u32,
    /// The row that ROWS offers.
    row: u32,
    /// Stage A takes the offered row in this cycle.
    taken: bool,
    /// Queries noted for a refill, lowest first as their rows are offered in order.
    refill: VecDeque<u32>,
    /// Query whose list word arrives in this cycle.
    flight: Option<u32>,
    /// Ids of the vectors that came and were not compared yet.
    ids: VecDeque<u64>,
    id_capacity: usize,
    row_lanes: u32,
}

impl MatchFront {
    pub fn new(shape: &Shape) -> Self {
        Self {
            phase: Phase::Off,
            heads: vec![Head::default(); shape.queries as usize],
            list: vec![(false, 0); shape.match_ids as usize],
            wptr: 0,
            left: 0,
            hits: vec![0; shape.rows as usize],
            rows_left: 0,
            row: 0,
            taken: false,
            refill: VecDeque::new(),
            flight: None,
            ids: VecDeque::new(),
            id_capacity: (shape.in_beats / shape.beats + 4).next_power_of_two() as usize,
            row_lanes: shape.row_lanes,
        }
    }

    /// Reset, abort and clear.
    pub fn reset(&mut self) {
        self.start(0);
        self.taken = false;
        self.ids.clear();
    }

    /// The edge of a `cmd` transfer, after [`Self::step`].
    pub fn start(&mut self, visits: u32) {
        self.phase = if visits == 0 { Phase::Off } else { Phase::Load };
        self.heads.iter_mut().for_each(|head| head.valid = false);
        self.wptr = 0;
        self.left = visits;
        self.refill.clear();
        self.flight = None;
    }

    /// Takes a beat of the lists in this cycle.
    #[inline]
    pub fn ready(&self) -> bool {
        self.phase == Phase::Load
    }

    /// The id queue has room.
    #[inline]
    pub fn takes_id(&self) -> bool {
        self.ids.len() < self.id_capacity
    }

    /// The request beat offered in this cycle.
    #[inline]
    pub fn head(&self) -> Option<Request> {
        (self.phase == Phase::Rows).then(|| Request {
            row: self.row,
            mask: self.hits[self.row as usize],
            last: self.lasts(),
            end: self.rows_left <= 1,
        })
    }

    /// Stage A takes the beat offered. It shows from the next cycle on.
    #[inline]
    pub fn pop(&mut self) {
        self.taken = true;
    }

    /// The rising edge. `list`: the beat that `req` transfers; `id`: that of a vector whose first
    /// beat `vec` transfers.
    #[inline]
    pub fn step(&mut self, list: Option<ListBeat>, id: Option<u64>, status: &mut Status) {
        let taken = std::mem::take(&mut self.taken);
        match self.phase {
            Phase::Load => {
                if let Some(beat) = list {
                    self.load(beat, status);
                }
            }
            Phase::Match if self.left != 0 => {
                if let Some(id) = self.ids.pop_front() {
                    self.compare(id);
                }
            }
            Phase::Rows if taken => self.next_row(),
            Phase::Refill => self.refill(),
            _ => {}
        }
        self.ids.extend(id);
    }

    fn load(&mut self, beat: ListBeat, status: &mut Status) {
        let words = self.list.len() as u32;
        let head = &mut self.heads[beat.query as usize];
        if !head.valid {
            *head = Head {
                id: beat.id,
                valid: true,
                last: beat.last,
                ptr: self.wptr % words,
            };
        } else if self.wptr == words {
            status.raise(Fault::ListFull);
        } else {
            self.list[self.wptr as usize] = (beat.last, beat.id);
            self.wptr += 1;
        }
        if beat.end {
            self.phase = Phase::Match;
        }
    }

    fn compare(&mut self, id: u64) {
        self.rows_left = 0;
        let rows = self.heads.chunks(self.row_lanes as usize);
        for (hits, heads) in self.hits.iter_mut().zip(rows) {
            *hits = 0;
            for (lane, head) in heads.iter().enumerate() {
                *hits |= u32::from(head.valid && head.id == id) << lane;
            }
            self.rows_left += u32::from(*hits != 0);
        }
        self.row = 0;
        self.skip_idle_rows();
        self.phase = Phase::Rows;
    }

    /// Moves on to a row with hits. Without any: stays.
    fn skip_idle_rows(&mut self) {
        while self.rows_left != 0 && self.hits[self.row as usize] == 0 {
            self.row += 1;
        }
    }

    /// The `last` of the heads that hit in the row offered.
    fn lasts(&self) -> u32 {
        let first = (self.row * self.row_lanes) as usize;
        let heads = &self.heads[first..first + self.row_lanes as usize];
        let mut lasts = 0;
        for (lane, head) in heads.iter().enumerate() {
            lasts |= u32::from(head.last) << lane;
        }
        lasts & self.hits[self.row as usize]
    }

    /// The row offered is taken.
    fn next_row(&mut self) {
        let mut rest = std::mem::take(&mut self.hits[self.row as usize]);
        while rest != 0 {
            let query = self.row * self.row_lanes + rest.trailing_zeros();
            let head = &mut self.heads[query as usize];
            if head.last {
                head.valid = false;
            } else {
                self.refill.push_back(query);
            }
            rest &= rest - 1;
        }
        self.rows_left = self.rows_left.saturating_sub(1);
        if self.rows_left != 0 {
            self.skip_idle_rows();
            return;
        }
        self.left -= 1;
        self.phase = if self.refill.is_empty() {
            Phase::Match
        } else {
            Phase::Refill
        };
    }

    /// A cycle of REFILL: takes the word that arrives and reads the next.
    fn refill(&mut self) {
        if let Some(query) = self.flight {
            let head = &mut self.heads[query as usize];
            (head.last, head.id) = self.list[head.ptr as usize];
            head.ptr = (head.ptr + 1) % self.list.len() as u32;
        }
        self.flight = self.refill.pop_front();
        if self.flight.is_none() {
            self.phase = Phase::Match;
        }
    }
}
