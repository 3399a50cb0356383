//! Section 3: takes activations, counts their rows, splits them into accesses.

use super::rows::Rows;
use super::shape::Shape;
use super::status::{Counter, Fault, Status};

/// Queries in flight.
const IN_FLIGHT: usize = 4;

/// An activation as it is transferred.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activation {
    pub rows: Rows,
    pub tag: u64,
    pub last: bool,
}

/// What passes through the array and the converters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Op {
    /// Closes a query that ends with an empty activation; else an access.
    pub close: bool,
    pub rows: u32,
    /// First of its query.
    pub first: bool,
    /// Its sums are the query's result.
    pub emit: bool,
}

/// The current activation.
#[derive(Clone, Copy, Debug)]
struct Held {
    rows: Rows,
    /// Number of them.
    count: u32,
    last: bool,
    /// First cycle with `f_pos_q == G-1`.
    counted: u64,
    /// An access of it has left.
    more: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Front {
    held: Option<Held>,
    open: bool,
    fresh: bool,
    total: u32,
    halt: bool,
    /// Of the queries in flight, oldest first.
    tags: [u64; IN_FLIGHT],
    queries: usize,
}

/// The front's signals in one cycle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Now {
    pub go: bool,
    /// The current activation leaves as a whole.
    out: bool,
    over: bool,
    /// Rows of the next access.
    rows: u32,
    pub ready: bool,
}

impl Front {
    #[inline]
    pub fn now(&self, shape: &Shape, cycle: u64, array_free: bool) -> Now {
        let room = self.open || self.queries < IN_FLIGHT;
        let Some(held) = &self.held else {
            let ready = self.halt || room;
            return Now {
                ready,
                ..Now::default()
            };
        };
        let empty = held.count == 0;
        let go = match empty {
            true => !held.last || array_free,
            false => cycle >= held.counted && array_free,
        };
        let rows = held.count.min(shape.access_rows);
        let out = go && held.count == rows;
        Now {
            go,
            out,
            over: go && !empty && self.total + rows > shape.query_rows,
            rows,
            ready: self.halt || out && room,
        }
    }

    /// When the rows of the current activation are counted.
    #[inline]
    pub fn counted(&self) -> u64 {
        self.held.map_or(0, |held| held.counted)
    }

    /// The edge of a cycle with `f_go`, less what `accept` and `retire` do. Gives what enters the
    /// array stage. `counted`: when rows are counted that are counted from the next cycle on.
    #[inline]
    pub fn step(&mut self, now: Now, counted: u64, status: &mut Status) -> Option<(Op, Rows)> {
        let held = self.held.as_mut()?;
        if now.over {
            status.raise(Fault::Overflow);
            self.halt = true;
            self.held = None;
            return None;
        }
        let empty = held.count == 0;
        if now.out {
            let kind = match (empty, now.rows, held.more) {
                (true, ..) => Counter::Skipped,
                (false, 1, false) => Counter::Reads,
                _ => Counter::Macs,
            };
            status.count(kind, 1);
        }
        let last = held.last;
        if empty {
            self.held = None;
            let close = Op {
                close: true,
                rows: 0,
                first: self.fresh,
                emit: false,
            };
            return last.then_some((close, Rows::default()));
        }
        let lines = if now.out {
            let lines = held.rows;
            self.held = None;
            lines
        } else {
            let (split, rest) = held.rows.split(now.rows);
            (held.rows, held.counted, held.more) = (rest, counted, true);
            held.count -= now.rows;
            split
        };
        let access = Op {
            close: false,
            rows: now.rows,
            first: self.fresh,
            emit: last && now.out,
        };
        self.total += now.rows;
        self.fresh = false;
        Some((access, lines))
    }

    /// The edge of an `act` transfer: after [`Self::step`], before [`Self::retire`].
    #[inline]
    pub fn accept(&mut self, activation: Activation, counted: u64, status: &mut Status) {
        let Activation { rows, tag, last } = activation;
        // `step` has set it if `over` is high in this cycle.
        if self.halt {
            return;
        }
        let tags = &self.tags[..self.queries];
        if self.open && tags.last() != Some(&tag) {
            status.raise(Fault::TagChanged);
            self.halt = true;
            return;
        }
        if !self.open && tags.contains(&tag) {
            status.raise(Fault::TagInFlight);
            self.halt = true;
            return;
        }
        if !self.open {
            self.tags[self.queries] = tag;
            self.queries += 1;
            (self.fresh, self.total) = (true, 0);
        }
        self.open = !last;
        self.held = Some(Held {
            rows,
            count: rows.count(),
            last,
            counted,
            more: false,
        });
    }

    /// The oldest query's result has left.
    #[inline]
    pub fn retire(&mut self) {
        self.tags.copy_within(1.., 0);
        self.queries -= 1;
    }

    /// Tag of the oldest query in flight.
    #[inline]
    pub fn oldest(&self) -> Option<u64> {
        self.tags[..self.queries].first().copied()
    }
}
