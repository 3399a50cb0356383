//! Operations that the tracker orders, and their way to the issue stage.

/// What an operation does with the current vector `v` and the reduction buffer.
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

    /// The main executor runs it.
    #[inline]
    pub fn main(&self) -> bool {
        matches!(self.kind, Kind::Add | Kind::Rd | Kind::Upd)
    }

    /// An operation of the main executor that must not overtake `pass`, which fills its slot.
    #[inline]
    pub fn behind(&self, pass: &Op) -> bool {
        pass.wr && (pass.d == self.p || self.wr && pass.d == self.d)
    }
}

/// Entries that the ring is laid out for; the configuration's depth is at most this.
const ROOM: usize = 64;

/// A PASS in the side register.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside {
    pub op: Op,
    /// First beat of the vector that it is for.
    pub first: u32,
}

/// What leaves in a cycle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    /// The operation in the issue register.
    pub issue: bool,
    /// A PASS issues: that of the side register or, if that is empty, of the issue register.
    pub pass: bool,
}

/// FIFO of operations, the issue register behind it, and the side register behind that.
#[derive(Clone, Debug)]
pub(super) struct OpQueue {
    ops: [Op; ROOM],
    depth: usize,
    head: usize,
    count: usize,
    issue: Option<Op>,
    side: Option<Aside>,
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
            side: None,
        }
    }

    pub fn reset(&mut self) {
        (self.head, self.count) = (0, 0);
        (self.issue, self.side) = (None, None);
    }

    /// FIFO, issue register and side register hold no operation.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.issue.is_none() && self.side.is_none()
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

    /// The PASS in the side register.
    #[inline]
    pub fn aside(&self) -> Option<&Aside> {
        self.side.as_ref()
    }

    /// The rising edge: what is `leaving` goes, a PASS that has not issued from the issue register to
    /// the side register with `first`, the first beat of the current vector; `pushed` enters.
    #[inline]
    pub fn step(&mut self, leaving: Leaving, first: u32, pushed: Option<Op>) {
        let issued = leaving.pass && self.side.is_none();
        if leaving.pass {
            self.side = None;
        }
        if leaving.issue {
            let pass = self.issue.take().filter(|op| op.kind == Kind::Pass);
            if let Some(op) = pass.filter(|_| !issued) {
                self.side = Some(Aside { op, first });
            }
        }
        if self.issue.is_none() && self.count > 0 {
            self.issue = Some(self.ops[self.head % ROOM]);
            self.head = (self.head + 1) % ROOM;
            self.count -= 1;
        }
        if let Some(op) = pushed {
            self.ops[(self.head + self.count) % ROOM] = op;
            self.count += 1;
        }
    }
}
