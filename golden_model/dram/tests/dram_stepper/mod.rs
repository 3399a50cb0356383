//! A DDR5 channel stepped cycle by cycle. Every rule is a line that looks back at the last commands;
//! nothing is remembered but these, nothing is skipped.

use std::collections::VecDeque;

use dram::config::Timing;
use dram::{Config, Location, Map, Scheduler};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Act,
    Pre,
    Rd,
    Wr,
    PreAll,
    RefAll,
}
use Kind::{Act, Pre, PreAll, Rd, RefAll, Wr};

/// An issued command; that of a whole rank has the rank's first bank.
#[derive(Clone, Copy, Debug)]
struct Past {
    kind: Kind,
    rank: u32,
    group: u32,
    bank: u32,
    cycle: i64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: u64,
    address: u64,
    write: bool,
    at: Location,
    order: usize,
}

pub struct Stepper {
    config: Config,
    map: Map,
    /// The open row of each bank.
    rows: Vec<Option<u32>>,
    /// The last command of each kind and bank.
    past: Vec<Past>,
    /// All ACTs of each rank.
    acts: Vec<Vec<i64>>,
    bus_free: i64,
    reads: Vec<Entry>,
    writes: Vec<Entry>,
    active: Vec<Entry>,
    refreshes: VecDeque<u32>,
    write_mode: bool,
    arrivals: usize,
    done: Vec<(u64, u64)>,
}

impl Stepper {
    pub fn new(config: &Config) -> Self {
        let org = &config.org;
        Self {
            config: config.clone(),
            map: Map::new(config),
            rows: vec![None; (org.rank * org.bankgroup * org.bank) as usize],
            past: Vec::new(),
            acts: vec![Vec::new(); org.rank as usize],
            bus_free: 0,
            reads: Vec::new(),
            writes: Vec::new(),
            active: Vec::new(),
            refreshes: VecDeque::new(),
            write_mode: false,
            arrivals: 0,
            done: Vec::new(),
        }
    }

    /// A request after the tick of this cycle, before that of the next.
    pub fn offer(&mut self, id: u64, address: u64, write: bool, now: u64) -> bool {
        if self.writes.iter().any(|entry| entry.address == address) {
            self.done.push((id, if write { now } else { now + 1 }));
            return true;
        }
        let queue = if write {
            &mut self.writes
        } else {
            &mut self.reads
        };
        if queue.len() == self.config.queue {
            return false;
        }
        queue.push(Entry {
            id,
            address,
            write,
            at: self.map.locate(address),
            order: self.arrivals,
        });
        self.arrivals += 1;
        true
    }

    /// What has completed until this cycle.
    pub fn take_done(&mut self, now: u64) -> impl Iterator<Item = (u64, u64)> {
        let (done, later) = self.done.iter().partition(|done| done.1 <= now);
        self.done = later;
        let done: Vec<_> = done;
        done.into_iter()
    }

    /// One cycle: at most one command.
    pub fn tick(&mut self, now: u64) {
        if now == 0 {
            return;
        }
        if self.config.refresh && now.is_multiple_of(self.config.timing.nREFI) {
            self.refreshes.extend(0..self.config.org.rank);
        }
        // (a) Requests whose ACT was issued, oldest first.
        self.active.sort_by_key(|entry| entry.order);
        let ready = |entry: &Entry| self.may(column(entry), entry.at, now);
        if let Some(place) = self.active.iter().position(ready) {
            let entry = self.active.remove(place);
            self.issue(column(&entry), entry.at, now);
            self.complete(entry, now);
            return;
        }
        // (b) Refresh, which keeps the queues waiting.
        if let Some(&rank) = self.refreshes.front() {
            self.refresh(rank, now);
            return;
        }
        // (c) One of the queues.
        let (waiting, size) = (self.writes.len() as f32, self.config.queue as f32);
        if waiting > 0.8 * size || self.reads.is_empty() {
            self.write_mode = true;
        } else if waiting < 0.2 * size {
            self.write_mode = false;
        }
        let queue = if self.write_mode {
            &self.writes
        } else {
            &self.reads
        };
        let command = |place: usize| self.command(queue, place, now);
        let Some((place, kind)) = (0..queue.len()).find_map(|p| command(p).map(|kind| (p, kind)))
        else {
            return;
        };
        let entry = queue[place];
        self.issue(kind, entry.at, now);
        if kind != Pre {
            let queue = if self.write_mode {
                &mut self.writes
            } else {
                &mut self.reads
            };
            queue.remove(place);
        }
        match kind {
            Act => self.active.push(entry),
            Rd | Wr => self.complete(entry, now),
            _ => {}
        }
    }

    /// The command of a queue's entry, if it may be issued now.
    fn command(&self, queue: &[Entry], place: usize, now: u64) -> Option<Kind> {
        let entry = &queue[place];
        let same_bank = |other: &&Entry| other.at.bank == entry.at.bank;
        let kind = match self.rows[entry.at.bank as usize] {
            None => Act,
            Some(row) if row == entry.at.row => column(entry),
            Some(row) => {
                if self.active.iter().any(|other| same_bank(&other)) {
                    return None;
                }
                let mut older = queue[..place].iter().filter(same_bank);
                let hit = older.any(|other| other.at.row == row);
                if hit && self.config.scheduler == Scheduler::RowHit {
                    return None;
                }
                Pre
            }
        };
        self.may(kind, entry.at, now).then_some(kind)
    }

    fn refresh(&mut self, rank: u32, now: u64) {
        let banks = self.rows.len() / self.config.org.rank as usize;
        let first = rank as usize * banks;
        let open = self.rows[first..first + banks].iter().any(Option::is_some);
        let at = Location {
            channel: 0,
            rank,
            group: rank * self.config.org.bankgroup,
            bank: first as u32,
            row: 0,
            column: 0,
        };
        let kind = if open { PreAll } else { RefAll };
        let needed = self.active.iter().any(|entry| entry.at.rank == rank);
        if !(open && needed) && self.may(kind, at, now) {
            self.issue(kind, at, now);
            if kind == RefAll {
                self.refreshes.pop_front();
            }
        }
    }

    fn complete(&mut self, entry: Entry, now: u64) {
        let t = &self.config.timing;
        let cycle = if entry.write {
            now
        } else {
            now + t.nCL + t.nBL
        };
        self.done.push((entry.id, cycle));
    }

    fn issue(&mut self, kind: Kind, at: Location, now: u64) {
        let cycle = now as i64;
        self.bus_free = cycle + self.length(kind);
        self.past
            .retain(|past| (past.kind, past.bank) != (kind, at.bank));
        self.past.push(Past {
            kind,
            rank: at.rank,
            group: at.group,
            bank: at.bank,
            cycle,
        });
        let banks = self.rows.len() / self.config.org.rank as usize;
        match kind {
            Act => {
                self.rows[at.bank as usize] = Some(at.row);
                self.acts[at.rank as usize].push(cycle);
            }
            Pre => self.rows[at.bank as usize] = None,
            PreAll => self.rows[at.rank as usize * banks..][..banks].fill(None),
            _ => {}
        }
    }

    /// Cycles on the command bus.
    fn length(&self, kind: Kind) -> i64 {
        let cycles = &self.config.command_cycles;
        match kind {
            Act => cycles.act as i64,
            Rd => cycles.rd as i64,
            Wr => cycles.wr as i64,
            Pre | PreAll | RefAll => 1,
        }
    }

    /// Whether all that was issued before allows the command now.
    fn may(&self, kind: Kind, at: Location, now: u64) -> bool {
        let now = now as i64;
        if now < self.bus_free {
            return false;
        }
        // Times are between the last cycles of two commands.
        let since =
            |past: i64, past_kind: Kind| now + self.length(kind) - past - self.length(past_kind);
        let t = &self.config.timing;
        if kind == Act
            && let [.., fourth, _, _, _] = self.acts[at.rank as usize][..]
            && since(fourth, Act) < t.nFAW as i64
        {
            return false;
        }
        self.past.iter().all(|past| {
            let scope = Scope {
                rank: past.rank == at.rank,
                group: past.group == at.group,
                bank: past.bank == at.bank,
            };
            since(past.cycle, past.kind) >= least(t, past.kind, kind, scope)
        })
    }
}

fn column(entry: &Entry) -> Kind {
    if entry.write { Wr } else { Rd }
}

/// What two commands have in common.
struct Scope {
    rank: bool,
    group: bool,
    bank: bool,
}

/// The least time between two commands; no limit if it isn't above zero.
#[allow(non_snake_case)]
fn least(t: &Timing, from: Kind, to: Kind, same: Scope) -> i64 {
    let of = |cycles: u64| cycles as i64;
    let (nBL, nCL, nCWL, nCS) = (of(t.nBL), of(t.nCL), of(t.nCWL), of(t.nCS));
    let write_recovery = nCWL + nBL + of(t.nWR);
    // Ordered from the narrowest scope: a wider one never asks for more in the tables of DDR5, but
    // may in random ones, hence the maxima.
    match (from, to) {
        (Rd, Rd) if !same.rank => nBL + nCS,
        (Rd, Wr) if !same.rank => nBL + nCS,
        // These two are not "nBL + nCS" as the rules have it: see `Gaps` in the model.
        (Wr, Wr) if !same.rank => nBL,
        (Wr, Rd) if !same.rank => nCWL + nBL + nCS - nCL,
        _ if !same.rank => 0,

        (Act, Act) => {
            let bank = if same.bank { of(t.nRC) } else { 0 };
            let group = if same.group { of(t.nRRDL) } else { 0 };
            bank.max(group).max(of(t.nRRDS))
        }
        (Act, Rd | Wr) if same.bank => of(t.nRCD),
        (Act, Pre) if same.bank => of(t.nRAS),
        (Pre, Act) if same.bank => of(t.nRP),
        (Rd, Pre) if same.bank => of(t.nRTP),
        (Wr, Pre) if same.bank => write_recovery,

        (Rd, Rd) if same.group => of(t.nCCDL).max(of(t.nCCDS)).max(nBL),
        (Rd, Rd) => of(t.nCCDS).max(nBL),
        (Wr, Wr) if same.group => of(t.nCCDL_WR).max(of(t.nCCDS_WR)).max(nBL),
        (Wr, Wr) => of(t.nCCDS_WR).max(nBL),
        (Rd, Wr) => nCL + nBL + 2 - nCWL + 2,
        (Wr, Rd) if same.group => nCWL + nBL + of(t.nWTRL).max(of(t.nWTRS)),
        (Wr, Rd) => nCWL + nBL + of(t.nWTRS),

        (Pre | PreAll, Pre | PreAll) => of(t.nPPD),
        (Act, PreAll) => of(t.nRAS),
        (Rd, PreAll) => of(t.nRTP),
        (Wr, PreAll) => write_recovery,
        (PreAll, Act) => of(t.nRP),
        (Act, RefAll) => of(t.nRC),
        (Pre | PreAll, RefAll) => of(t.nRP),
        (RefAll, Act | PreAll | RefAll) => of(t.nRFC),
        _ => 0,
    }
}
