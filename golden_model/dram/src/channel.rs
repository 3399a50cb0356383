//! When a channel's devices may take each command.

use super::config::Config;

/// A command of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Act,
    Pre,
    Read,
    Write,
}

/// No row.
pub const CLOSED: u32 = u32::MAX;

/// The first cycles of one command, whatever the command bus does.
#[derive(Clone, Debug)]
pub struct Earliest {
    /// As each bank allows it.
    banks: Vec<u64>,
    /// As each bank group and its rank allow it.
    groups: Vec<u64>,
    /// A bank's number without these low bits is that of its group.
    group_shift: u32,
    groups_a_rank: usize,
}

impl Earliest {
    #[inline]
    pub fn at(&self, bank: usize) -> u64 {
        self.banks[bank].max(self.groups[bank >> self.group_shift])
    }

    fn raise(&mut self, bank: usize, cycle: u64) {
        raise(&mut self.banks[bank], cycle);
    }

    fn raise_group(&mut self, group: usize, cycle: u64) {
        raise(&mut self.groups[group], cycle);
    }

    fn raise_rank(&mut self, rank: usize, cycle: u64) {
        let first = rank * self.groups_a_rank;
        for group in &mut self.groups[first..first + self.groups_a_rank] {
            raise(group, cycle);
        }
    }
}

fn raise(to: &mut u64, at: u64) {
    *to = at.max(*to);
}

#[derive(Clone, Copy, Debug)]
struct Bank {
    row: u32,
    /// A request in service needs the row. There is one at most: another ACT needs a closed bank.
    busy: bool,
}

/// What only refresh and nFAW require of a rank.
#[derive(Clone, Copy, Debug, Default)]
struct Rank {
    pre_all: u64,
    refresh: u64,
    /// Last four ACTs' ends of nFAW, a ring.
    window: [u64; 4],
    oldest: usize,
    open: u32,
    busy: u32,
}

/// Cycles from one command to another. Each counts from the last cycle of the first to the last of
/// the second on the command bus, which is where the differences of command cycles come from.
#[derive(Clone, Debug)]
struct Gaps {
    bus: [u64; 4],
    act_act: u64,
    act_act_same_group: u64,
    act_act_other_group: u64,
    window: u64,
    act_read: u64,
    act_write: u64,
    act_pre: u64,
    act_refresh: u64,
    pre_act: u64,
    pre_pre: u64,
    pre_refresh: u64,
    read_read: u64,
    read_read_group: u64,
    read_read_rank: u64,
    read_write: u64,
    read_write_rank: u64,
    read_pre: u64,
    write_write: u64,
    write_write_group: u64,
    write_write_rank: u64,
    write_read: u64,
    write_read_group: u64,
    write_read_rank: u64,
    write_pre: u64,
    refresh_act: u64,
    refresh_pre: u64,
}

impl Gaps {
    fn new(config: &Config) -> Self {
        let (t, cycles) = (&config.timing, &config.command_cycles);
        let (act, rd, wr, one) = (cycles.act, cycles.rd, cycles.wr, 1);
        let gap = |cycles: u64, from: u64, to: u64| (cycles + from).saturating_sub(to);
        let write_end = t.nCWL + t.nBL;
        let switch = t.nBL + t.nCS;
        Self {
            bus: [act, one, rd, wr],
            act_act: gap(t.nRC, act, act),
            act_act_same_group: gap(t.nRRDL, act, act),
            act_act_other_group: gap(t.nRRDS, act, act),
            window: gap(t.nFAW, act, act),
            act_read: gap(t.nRCD, act, rd),
            act_write: gap(t.nRCD, act, wr),
            act_pre: gap(t.nRAS, act, one),
            act_refresh: gap(t.nRC, act, one),
            pre_act: gap(t.nRP, one, act),
            pre_pre: t.nPPD,
            pre_refresh: t.nRP,
            read_read: gap(t.nCCDS.max(t.nBL), rd, rd),
            read_read_group: gap(t.nCCDL, rd, rd),
            read_read_rank: gap(switch, rd, rd),
            read_write: gap((t.nCL + t.nBL + 4).saturating_sub(t.nCWL), rd, wr),
            read_write_rank: gap(switch, rd, wr),
            read_pre: gap(t.nRTP, rd, one),
            write_write: gap(t.nCCDS_WR.max(t.nBL), wr, wr),
            write_write_group: gap(t.nCCDL_WR, wr, wr),
            // This gap and that of a read after a write to another rank are inferred: of the values
            // tried only these give the completions of the reference runs with two ranks.
            write_write_rank: gap(t.nBL, wr, wr),
            write_read: gap(write_end + t.nWTRS, wr, rd),
            write_read_group: gap(write_end + t.nWTRL, wr, rd),
            write_read_rank: gap((write_end + t.nCS).saturating_sub(t.nCL), wr, rd),
            write_pre: gap(write_end + t.nWR, wr, one),
            refresh_act: gap(t.nRFC, one, act),
            refresh_pre: t.nRFC,
        }
    }
}

/// One channel's devices. Whatever is issued, no command may come earlier than before.
#[derive(Clone, Debug)]
pub struct Channel {
    gaps: Gaps,
    /// By command.
    earliest: [Earliest; 4],
    banks: Vec<Bank>,
    ranks: Vec<Rank>,
    /// A bank's number without these low bits is that of its group, and of its rank.
    group_shift: u32,
    rank_shift: u32,
    /// When the command bus is free.
    bus: u64,
}

impl Channel {
    pub fn new(config: &Config) -> Self {
        let org = &config.org;
        let groups = (org.rank * org.bankgroup) as usize;
        let (banks, ranks) = (groups * org.bank as usize, org.rank as usize);
        let earliest = || Earliest {
            banks: vec![0; banks],
            groups: vec![0; groups],
            group_shift: org.bank.ilog2(),
            groups_a_rank: org.bankgroup as usize,
        };
        let bank = Bank {
            row: CLOSED,
            busy: false,
        };
        Self {
            gaps: Gaps::new(config),
            earliest: std::array::from_fn(|_| earliest()),
            banks: vec![bank; banks],
            ranks: vec![Rank::default(); ranks],
            group_shift: org.bank.ilog2(),
            rank_shift: (org.bank * org.bankgroup).ilog2(),
            bus: 0,
        }
    }

    /// Banks of all ranks.
    pub fn banks(&self) -> usize {
        self.banks.len()
    }

    /// The banks of a rank.
    pub fn banks_of(&self, rank: usize) -> std::ops::Range<usize> {
        rank << self.rank_shift..(rank + 1) << self.rank_shift
    }

    /// The open row, or [`CLOSED`].
    pub fn row(&self, bank: usize) -> u32 {
        self.banks[bank].row
    }

    /// Whether a request in service needs the open row.
    pub fn busy(&self, bank: usize) -> bool {
        self.banks[bank].busy
    }

    /// When the command bus is free.
    pub fn bus(&self) -> u64 {
        self.bus
    }

    /// When the banks take a command that their state admits.
    #[inline]
    pub fn earliest_of(&self, command: Command) -> &Earliest {
        &self.earliest[command as usize]
    }

    /// Issues a command at `now`; ACT opens `row`, for a request that is then in service.
    pub fn issue(&mut self, command: Command, bank: usize, row: u32, now: u64) {
        let g = &self.gaps;
        self.bus = now + g.bus[command as usize];
        let (group, index) = (bank >> self.group_shift, bank >> self.rank_shift);
        let [act, pre, read, write] = &mut self.earliest;
        let rank = &mut self.ranks[index];
        match command {
            Command::Act => {
                self.banks[bank] = Bank { row, busy: true };
                rank.open += 1;
                rank.busy += 1;
                act.raise(bank, now + g.act_act);
                read.raise(bank, now + g.act_read);
                write.raise(bank, now + g.act_write);
                pre.raise(bank, now + g.act_pre);
                act.raise_group(group, now + g.act_act_same_group);
                rank.window[rank.oldest] = now + g.window;
                rank.oldest = (rank.oldest + 1) % 4;
                let other_group = now + g.act_act_other_group;
                act.raise_rank(index, other_group.max(rank.window[rank.oldest]));
                raise(&mut rank.pre_all, now + g.act_pre);
                raise(&mut rank.refresh, now + g.act_refresh);
            }
            Command::Pre => {
                self.banks[bank].row = CLOSED;
                rank.open -= 1;
                act.raise(bank, now + g.pre_act);
                pre.raise_rank(index, now + g.pre_pre);
                raise(&mut rank.pre_all, now + g.pre_pre);
                raise(&mut rank.refresh, now + g.pre_refresh);
            }
            Command::Read => {
                pre.raise(bank, now + g.read_pre);
                raise(&mut rank.pre_all, now + g.read_pre);
                read.raise_group(group, now + g.read_read_group);
                read.raise_rank(index, now + g.read_read);
                write.raise_rank(index, now + g.read_write);
                let (read, write) = (now + g.read_read_rank, now + g.read_write_rank);
                self.others(index, read, write);
            }
            Command::Write => {
                pre.raise(bank, now + g.write_pre);
                raise(&mut rank.pre_all, now + g.write_pre);
                write.raise_group(group, now + g.write_write_group);
                read.raise_group(group, now + g.write_read_group);
                write.raise_rank(index, now + g.write_write);
                read.raise_rank(index, now + g.write_read);
                let (read, write) = (now + g.write_read_rank, now + g.write_write_rank);
                self.others(index, read, write);
            }
        }
    }

    /// The request in service is done with the bank's row.
    pub fn release(&mut self, bank: usize) {
        self.banks[bank].busy = false;
        self.ranks[bank >> self.rank_shift].busy -= 1;
    }

    /// What a refresh of the rank needs next (REFab if true, else PREab), and the first cycle for it;
    /// `u64::MAX` while a request in service needs a row.
    pub fn next_refresh(&self, rank: usize) -> (bool, u64) {
        let rank = &self.ranks[rank];
        let (refresh, cycle) = match (rank.open, rank.busy) {
            (0, _) => (true, rank.refresh),
            (_, 0) => (false, rank.pre_all),
            _ => (false, u64::MAX),
        };
        (refresh, cycle.max(self.bus))
    }

    /// Issues REFab, or PREab.
    pub fn issue_refresh(&mut self, refresh: bool, index: usize, now: u64) {
        let g = &self.gaps;
        self.bus = now + 1;
        let [act, pre, ..] = &mut self.earliest;
        let rank = &mut self.ranks[index];
        if refresh {
            act.raise_rank(index, now + g.refresh_act);
            raise(&mut rank.pre_all, now + g.refresh_pre);
            raise(&mut rank.refresh, now + g.refresh_pre);
        } else {
            rank.open = 0;
            act.raise_rank(index, now + g.pre_act);
            pre.raise_rank(index, now + g.pre_pre);
            raise(&mut rank.pre_all, now + g.pre_pre);
            raise(&mut rank.refresh, now + g.pre_refresh);
            let banks = self.banks_of(index);
            for bank in &mut self.banks[banks] {
                bank.row = CLOSED;
            }
        }
    }

    fn others(&mut self, except: usize, read: u64, write: u64) {
        let [.., reads, writes] = &mut self.earliest;
        for rank in (0..self.ranks.len()).filter(|&rank| rank != except) {
            reads.raise_rank(rank, read);
            writes.raise_rank(rank, write);
        }
    }
}
