//! When a channel's devices may take each command.

use super::config::Config;
use super::map::Location;

/// A command of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Act,
    Pre,
    Read,
    Write,
}

/// No row.
const CLOSED: u32 = u32::MAX;

/// Earliest cycles, and the open row.
#[derive(Clone, Copy, Debug)]
struct Bank {
    row: u32,
    /// Requests in service, which need the row.
    active: u32,
    act: u64,
    pre: u64,
    read: u64,
    write: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    act: u64,
    read: u64,
    write: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rank {
    act: u64,
    pre: u64,
    pre_all: u64,
    refresh: u64,
    read: u64,
    write: u64,
    /// Last four ACTs' ends of nFAW, a ring.
    window: [u64; 4],
    oldest: usize,
    open: u32,
    active: u32,
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
/// One channel's devices.
#[derive(Clone, Debug)]
pub struct Channel {
    gaps: Gaps,
    banks: Vec<Bank>,
    groups: Vec<Group>,
    ranks: Vec<Rank>,
    banks_a_rank: usize,
    /// When the command bus is free.
    bus: u64,
}

fn raise(to: &mut u64, at: u64) {
    *to = at.max(*to);
}

impl Channel {
    pub fn new(config: &Config) -> Self {
        let org = &config.org;
        let bank = Bank {
            row: CLOSED,
            active: 0,
            act: 0,
            pre: 0,
            read: 0,
            write: 0,
        };
        let groups = (org.rank * org.bankgroup) as usize;
        Self {
            gaps: Gaps::new(config),
            banks: vec![bank; groups * org.bank as usize],
            groups: vec![Group::default(); groups],
            ranks: vec![Rank::default(); org.rank as usize],
            banks_a_rank: (org.bankgroup * org.bank) as usize,
            bus: 0,
        }
    }

    /// Whether the row is open.
    pub fn hit(&self, at: Location) -> bool {
        self.banks[at.bank as usize].row == at.row
    }

    /// What the request needs next, and the first cycle for it; `u64::MAX` while another needs the row.
    #[inline]
    pub fn next(&self, at: Location, write: bool) -> (Command, u64) {
        let bank = &self.banks[at.bank as usize];
        let (group, rank) = (
            &self.groups[at.group as usize],
            &self.ranks[at.rank as usize],
        );
        let (command, cycle) = if bank.row == at.row {
            if write {
                (Command::Write, bank.write.max(group.write).max(rank.write))
            } else {
                (Command::Read, bank.read.max(group.read).max(rank.read))
            }
        } else if bank.row == CLOSED {
            let window = rank.window[rank.oldest];
            (
                Command::Act,
                bank.act.max(group.act).max(rank.act).max(window),
            )
        } else if bank.active > 0 {
            (Command::Pre, u64::MAX)
        } else {
            (Command::Pre, bank.pre.max(rank.pre))
        };
        (command, cycle.max(self.bus))
    }

    /// Issues a request's command at `now`.
    pub fn issue(&mut self, command: Command, at: Location, now: u64) {
        let g = &self.gaps;
        self.bus = now + g.bus[command as usize];
        let bank = &mut self.banks[at.bank as usize];
        let group = &mut self.groups[at.group as usize];
        let rank = &mut self.ranks[at.rank as usize];
        match command {
            Command::Act => {
                bank.row = at.row;
                bank.active = 1;
                rank.open += 1;
                rank.active += 1;
                raise(&mut bank.act, now + g.act_act);
                bank.read = now + g.act_read;
                bank.write = now + g.act_write;
                raise(&mut bank.pre, now + g.act_pre);
                raise(&mut group.act, now + g.act_act_same_group);
                raise(&mut rank.act, now + g.act_act_other_group);
                rank.window[rank.oldest] = now + g.window;
                rank.oldest = (rank.oldest + 1) % 4;
                raise(&mut rank.pre_all, now + g.act_pre);
                raise(&mut rank.refresh, now + g.act_refresh);
            }
            Command::Pre => {
                bank.row = CLOSED;
                rank.open -= 1;
                raise(&mut bank.act, now + g.pre_act);
                raise(&mut rank.pre, now + g.pre_pre);
                raise(&mut rank.pre_all, now + g.pre_pre);
                raise(&mut rank.refresh, now + g.pre_refresh);
            }
            Command::Read => {
                raise(&mut bank.pre, now + g.read_pre);
                raise(&mut rank.pre_all, now + g.read_pre);
                raise(&mut group.read, now + g.read_read_group);
                raise(&mut rank.read, now + g.read_read);
                raise(&mut rank.write, now + g.read_write);
                let (read, write) = (now + g.read_read_rank, now + g.read_write_rank);
                self.others(at.rank, read, write);
            }
            Command::Write => {
                raise(&mut bank.pre, now + g.write_pre);
                raise(&mut rank.pre_all, now + g.write_pre);
                raise(&mut group.write, now + g.write_write_group);
                raise(&mut group.read, now + g.write_read_group);
                raise(&mut rank.write, now + g.write_write);
                raise(&mut rank.read, now + g.write_read);
                let (read, write) = (now + g.write_read_rank, now + g.write_write_rank);
                self.others(at.rank, read, write);
            }
        }
    }

    /// A request in service is done with its row.
    pub fn release(&mut self, at: Location) {
        self.banks[at.bank as usize].active -= 1;
        self.ranks[at.rank as usize].active -= 1;
    }

    /// What a refresh of the rank needs next (REFab if true, else PREab), and the first cycle for it.
    pub fn next_refresh(&self, rank: usize) -> (bool, u64) {
        let rank = &self.ranks[rank];
        let (refresh, cycle) = match (rank.open, rank.active) {
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
        let rank = &mut self.ranks[index];
        if refresh {
            raise(&mut rank.act, now + g.refresh_act);
            raise(&mut rank.pre_all, now + g.refresh_pre);
            raise(&mut rank.refresh, now + g.refresh_pre);
        } else {
            rank.open = 0;
            raise(&mut rank.act, now + g.pre_act);
            raise(&mut rank.pre, now + g.pre_pre);
            raise(&mut rank.pre_all, now + g.pre_pre);
            raise(&mut rank.refresh, now + g.pre_refresh);
            let first = index * self.banks_a_rank;
            for bank in &mut self.banks[first..first + self.banks_a_rank] {
                bank.row = CLOSED;
            }
        }
    }

    fn others(&mut self, except: u32, read: u64, write: u64) {
        for (index, rank) in self.ranks.iter_mut().enumerate() {
            if index != except as usize {
                raise(&mut rank.read, read);
                raise(&mut rank.write, write);
            }
        }
    }
}
