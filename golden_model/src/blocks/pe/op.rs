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

/// FIFO of operations, and the issue register behind it.
#[derive(Clone, Debug)]
pub(super) struct OpQueue {
    ops: [Op; ROOM],
    depth: usize,
    head: usize,
    count: usize,
    issue: Option<Op>,
}

impl OpQueue {
    pub fn new(depth: usize) -> Self {
        assert!(depth <= ROOM, "the op queue holds at most {ROOM} entries");
        Self {
            ops: [Op::default(); ROOM],
            depth,
            head: 0,
            count: 0,
            issue: None,
        }
    }

    pub fn reset(&mut self) {
        (self.head, self.count) = (0, 0);
        self.issue = None;
    }

    /// Neither FIFO nor issue register holds an operation.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.issue.is_none()
    }

    /// The FIFO has no room.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.count == self.depth
    }

    /// The operation in the issue register.
    #[inline]
    pub fn at_issue(&self) -> Option<&Op> {
        self.issue.as_ref()
    }

    /// The rising edge: `issues`, the operation in the issue register does; `pushed` enters.
    #[inline]
    pub fn step(&mut self, issues: bool, pushed: Option<Op>) {
        if issues || self.issue.is_none() {
            self.issue = None;
            if self.count > 0 {
                self.issue = Some(self.ops[self.head % ROOM]);
                self.head = (self.head + 1) % ROOM;
                self.count -= 1;
            }
        }
        if let Some(op) = pushed {
            self.ops[(self.head + self.count) % ROOM] = op;
            self.count += 1;
        }
    }
}
