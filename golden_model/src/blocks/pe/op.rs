//! Operations that the tracker orders, and the queue to the issue stage.

/// What an operation does with the vector at hand `v` and the reduction buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// The visit is over: releases the vector.
    #[default]
    End,
    /// Copies `v`.
    Pass,
    /// Adds `v` to slot p.
    Add,
    /// Reads slot p.
    Rd,
    /// Updates the row `v` with the gradient in slot p.
    Upd,
}

/// One operation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Op {
    pub kind: Kind,
    /// The result is written to slot `d`.
    pub wr: bool,
    pub p: u32,
    pub d: u32,
    /// Row of the queries in `emit`.
    pub row: u32,
    /// Lanes whose result this is; none if 0.
    pub emit: u32,
}

impl Op {
    /// A result or an updated row leaves the PE.
    #[inline]
    pub fn emits(&self) -> bool {
        self.emit != 0 || self.kind == Kind::Upd
    }
}

/// Entries that the ring is laid out for; the configuration's depth is at most this.
const ROOM: usize = 64;

/// FIFO of operations.
#[derive(Clone, Debug)]
pub(super) struct OpQueue {
    ops: [Op; ROOM],
    depth: usize,
    head: usize,
    count: usize,
}

impl OpQueue {
    pub fn new(depth: usize) -> Self {
        assert!(depth <= ROOM, "the op queue holds at most {ROOM} entries");
        Self {
            ops: [Op::default(); ROOM],
            depth,
            head: 0,
            count: 0,
        }
    }

    pub fn reset(&mut self) {
        (self.head, self.count) = (0, 0);
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    #[inline]
    pub fn is_full(&self) -> bool {
        self.count == self.depth
    }

    #[inline]
    pub fn head(&self) -> Option<Op> {
        (self.count > 0).then(|| self.ops[self.head % ROOM])
    }

    #[inline]
    pub fn pop(&mut self) {
        self.head = (self.head + 1) % ROOM;
        self.count -= 1;
    }

    #[inline]
    pub fn push(&mut self, op: Op) {
        self.ops[(self.head + self.count) % ROOM] = op;
        self.count += 1;
    }
}
