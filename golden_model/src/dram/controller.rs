//! One channel's controller: queues, order of commands, refresh.

use std::collections::VecDeque;

use super::channel::{Channel, Command};
use super::config::{Config, Scheduler};
use super::energy::Commands;
use super::map::{Location, Map};

/// One line to be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The caller's name for it.
    pub id: u64,
    /// In bytes, in all channels' address space.
    pub address: u64,
    pub write: bool,
}

/// A request that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    pub id: u64,
    /// A read's last data, a write's WR; a read of a waiting write the cycle after it was accepted, a
    /// write onto one that cycle itself.
    pub cycle: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    request: Request,
    at: Location,
    /// Of arrival.
    order: u64,
}

/// One channel. Requests may be added as completions arrive:
///
/// 1. [`try_push`](Self::try_push) at a cycle that is not before the last one mentioned,
/// 2. [`next_event`](Self::next_event) for the cycle before which nothing changes,
/// 3. [`advance_to`](Self::advance_to) that cycle, or one the caller has something to add at.
///
/// What is pushed at a cycle may have its first command in the next.
#[derive(Clone, Debug)]
pub struct Controller {
    map: Map,
    channel: Channel,
    scheduler: Scheduler,
    capacity: usize,
    read_latency: u64,
    /// nREFI, or none.
    interval: Option<u64>,
    due: u64,
    active: Vec<Entry>,
    /// Ranks that wait for their refresh.
    refreshing: VecDeque<usize>,
    ranks: usize,
    reads: Vec<Entry>,
    writes: Vec<Entry>,
    arrivals: u64,
    write_mode: bool,
    /// The next cycle at which a command may issue.
    wake: u64,
    /// By kind, so that each is in order: forwarded reads, merged writes, writes, reads.
    done: [VecDeque<Completion>; 4],
    commands: Commands,
}

/// What a pass over requests found.
enum Pick {
    /// Place and command.
    Found(usize, Command),
    /// None before this cycle.
    Later(u64),
}

impl Controller {
    /// An idle channel, before cycle 1.
    pub fn new(config: &Config) -> Self {
        let timing = &config.timing;
        let interval = config.refresh.then_some(timing.nREFI);
        Self {
            map: Map::new(config),
            channel: Channel::new(config),
            scheduler: config.scheduler,
            capacity: config.queue,
            read_latency: timing.nCL + timing.nBL,
            interval,
            due: interval.unwrap_or(u64::MAX),
            active: Vec::new(),
            refreshing: VecDeque::new(),
            ranks: config.org.rank as usize,
            reads: Vec::with_capacity(config.queue),
            writes: Vec::with_capacity(config.queue),
            arrivals: 0,
            write_mode: false,
            wake: 1,
            done: Default::default(),
            commands: Commands::default(),
        }
    }

    /// Offers a request at a cycle; false if its queue is full, then nothing has changed. At most one
    /// may be accepted a cycle for figures that agree with the reference.
    pub fn try_push(&mut self, request: Request, now: u64) -> bool {
        self.run(now);
        let same = |entry: &Entry| entry.request.address == request.address;
        if self.writes.iter().any(same) {
            let cycle = now + u64::from(!request.write);
            let completion = Completion {
                id: request.id,
                cycle,
            };
            self.done[usize::from(request.write)].push_back(completion);
            return true;
        }
        let queue = match request.write {
            true => &mut self.writes,
            false => &mut self.reads,
        };
        if queue.len() >= self.capacity {
            return false;
        }
        let at = self.map.locate(request.address);
        let order = self.arrivals;
        self.arrivals += 1;
        queue.push(Entry { request, at, order });
        self.wake = self.wake.min(now + 1);
        true
    }

    /// The next cycle at which something may change without another request: a command, a refresh or
    /// a completion.
    pub fn next_event(&self) -> u64 {
        let done = self.done.iter().filter_map(|queue| queue.front());
        done.map(|completion| completion.cycle)
            .fold(self.wake.min(self.due), u64::min)
    }

    /// Runs to the end of a cycle and hands out what was completed until then, by cycle.
    pub fn advance_to(&mut self, cycle: u64, on_completion: &mut impl FnMut(Completion)) {
        self.run(cycle);
        loop {
            let fronts = self.done.iter_mut();
            let first = fronts
                .filter(|queue| queue.front().is_some_and(|done| done.cycle <= cycle))
                .min_by_key(|queue| queue.front().map(|done| done.cycle));
            match first.and_then(VecDeque::pop_front) {
                Some(completion) => on_completion(completion),
                None => break,
            }
        }
    }

    /// Requests accepted whose completion is not handed out yet.
    pub fn waiting(&self) -> usize {
        let done = self.done.iter().map(VecDeque::len).sum::<usize>();
        self.active.len() + self.reads.len() + self.writes.len() + done
    }

    /// Commands issued so far.
    pub fn commands(&self) -> Commands {
        self.commands
    }

    fn run(&mut self, cycle: u64) {
        loop {
            let next = self.wake.min(self.due);
            if next > cycle {
                break;
            }
            self.tick(next);
        }
    }

    fn tick(&mut self, now: u64) {
        if let Some(interval) = self.interval
            && now == self.due
        {
            self.refreshing.extend(0..self.ranks);
            self.due += interval;
        }
        self.wake = match self.step(now) {
            None => now + 1,
            Some(later) => later,
        };
    }

    /// Issues the one command of this cycle, or says when there may be one.
    fn step(&mut self, now: u64) -> Option<u64> {
        let mut wake = u64::MAX;
        match self.pick(&self.active, now) {
            Pick::Found(place, command) => {
                let entry = self.active.remove(place);
                self.channel.issue(command, entry.at, now);
                self.channel.release(entry.at);
                self.retire(entry, now);
                return None;
            }
            Pick::Later(cycle) => wake = wake.min(cycle),
        }
        if let Some(&rank) = self.refreshing.front() {
            let (refresh, cycle) = self.channel.next_refresh(rank);
            if cycle > now {
                return Some(wake.min(cycle));
            }
            self.channel.issue_refresh(refresh, rank, now);
            if refresh {
                self.refreshing.pop_front();
                self.commands.refreshes += 1;
            }
            return None;
        }
        self.choose_mode();
        let queue = match self.write_mode {
            true => &self.writes,
            false => &self.reads,
        };
        match self.pick(queue, now) {
            Pick::Later(cycle) => Some(wake.min(cycle)),
            Pick::Found(place, command) => {
                self.serve(place, command, now);
                None
            }
        }
    }

    fn serve(&mut self, place: usize, command: Command, now: u64) {
        let queue = match self.write_mode {
            true => &mut self.writes,
            false => &mut self.reads,
        };
        let entry = queue[place];
        self.channel.issue(command, entry.at, now);
        if command != Command::Pre {
            queue.remove(place);
        }
        match command {
            Command::Act => {
                self.commands.activates += 1;
                // Ties go to the older one, not to the one whose ACT was first.
                let id = |other: &Entry| other.order < entry.order;
                let place = self.active.partition_point(id);
                self.active.insert(place, entry);
            }
            Command::Pre => {}
            Command::Read | Command::Write => self.retire(entry, now),
        }
    }

    fn retire(&mut self, entry: Entry, now: u64) {
        let Request { id, write, .. } = entry.request;
        if write {
            self.commands.writes += 1;
            self.done[2].push_back(Completion { id, cycle: now });
        } else {
            self.commands.reads += 1;
            let cycle = now + self.read_latency;
            self.done[3].push_back(Completion { id, cycle });
        }
    }

    /// Writes wait until there are many of them, or nothing to read.
    fn choose_mode(&mut self) {
        // In single precision, as the reference does, so that borders agree.
        let (waiting, capacity) = (self.writes.len() as f32, self.capacity as f32);
        self.write_mode = match self.write_mode {
            false => waiting > 0.8_f32 * capacity || self.reads.is_empty(),
            true => waiting >= 0.2_f32 * capacity || self.reads.is_empty(),
        };
    }

    fn pick(&self, queue: &[Entry], now: u64) -> Pick {
        let mut later = u64::MAX;
        for (place, entry) in queue.iter().enumerate() {
            let (command, cycle) = self.channel.next(entry.at, entry.request.write);
            // Not worth a look at the others' rows.
            if cycle > now && cycle >= later {
                continue;
            }
            if command == Command::Pre
                && self.scheduler == Scheduler::RowHit
                && self.wanted(&queue[..place], entry.at.bank)
            {
                continue;
            }
            if cycle <= now {
                return Pick::Found(place, command);
            }
            later = cycle;
        }
        Pick::Later(later)
    }

    /// Whether one of these needs the bank's open row.
    fn wanted(&self, older: &[Entry], bank: u32) -> bool {
        let mut older = older.iter();
        older.any(|entry| entry.at.bank == bank && self.channel.hit(entry.at))
    }
}
