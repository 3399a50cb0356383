//! Command and state machine.

use super::shape::Shape;

/// States of the PE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Writes zeros to both tables.
    Clear,
    /// Waits for a command.
    Idle,
    /// Executes one.
    Run,
}

/// The current command.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Command {
    /// The mode is UPDATE, else GNR.
    pub update: bool,
    /// Illegal: consumes its visits and does nothing.
    pub drop: bool,
    /// Keep finished sums for the update.
    pub retain: bool,
    /// Query numbers in use.
    pub queries: u32,
    /// Visits that stage A has still to see the end of.
    pub visits: u32,
    /// Learning rate, binary32.
    pub lr: u32,
}

/// `op` of a gather-and-reduce command.
const OP_GNR: u64 = 1;
/// `op` of an update command.
const OP_UPDATE: u64 = 2;

impl Command {
    /// The command as its `cmd` beat gives it; an illegal one runs as GNR with `retain = 0`.
    pub fn new(shape: &Shape, op: u64, retain: bool, queries: u32, visits: u32, lr: u32) -> Self {
        let known = op == OP_GNR || op == OP_UPDATE && shape.update;
        let drop = !known || queries == 0 || queries > shape.queries;
        Self {
            update: op == OP_UPDATE && !drop,
            drop,
            retain: retain && !drop,
            queries,
            visits,
            lr,
        }
    }
}

/// State machine with the command and the clear counter.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub state: State,
    pub command: Command,
    /// Next step of CLEAR.
    clear: u32,
    /// RUN follows CLEAR.
    pending: bool,
    /// Cycles of CLEAR.
    clear_cycles: u32,
}

impl Control {
    pub fn new(shape: &Shape) -> Self {
        Self {
            state: State::Clear,
            command: Command::default(),
            clear: 0,
            pending: false,
            clear_cycles: shape.slots.max(shape.rows / 2),
        }
    }

    pub fn reset(&mut self) {
        self.command = Command::default();
        self.enter_clear(false);
    }

    /// CLEAR from the next cycle on, then RUN if `pending`, else IDLE.
    pub fn enter_clear(&mut self, pending: bool) {
        self.state = State::Clear;
        self.clear = 0;
        self.pending = pending;
    }

    /// One cycle of CLEAR. Returns the table words to write.
    #[inline]
    pub fn clear(&mut self) -> u32 {
        let at = self.clear;
        self.clear += 1;
        if self.clear == self.clear_cycles {
            self.state = if self.pending {
                State::Run
            } else {
                State::Idle
            };
            self.pending = false;
        }
        at
    }
}
