//! One channel's controller: queues, order of commands, refresh.

use std::collections::VecDeque;

use super::candidates::{Candidates, First};
use super::channel::{CLOSED, Channel, Command};
use super::config::Config;
use super::done::{Completion, Done};
use super::energy::Commands;
use super::lines::Lines;
use super::map::Map;
use super::queue::{Entry, Queue};

/// One line to be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The caller's name for it.
    pub id: u64,
    /// In bytes, in all channels' address space.
    pub address: u64,
    pub write: bool,
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
    /// Which channel this is, known from its first request.
    number: Option<u32>,
    channel: Channel,
    /// Entries of each queue.
    capacity: usize,
    read_latency: u64,
    /// nREFI, or none.
    interval: Option<u64>,
    due: u64,
    /// Ranks that wait for their refresh.
    refreshing: VecDeque<usize>,
    ranks: usize,
    service: Service,
    reads: Queue,
    writes: Queue,
    /// Addresses of `writes`.
    written: Lines,
    arrivals: u64,
    write_mode: bool,
    /// The next cycle at which a command may issue.
    wake: u64,
    done: Done,
    commands: Commands,
}

/// Requests in service: those whose ACT has issued. They wait for their RD or WR.
#[derive(Clone, Debug)]
struct Service {
    /// By bank, one each.
    ids: Vec<u64>,
    len: usize,
    reads: Candidates,
    writes: Candidates,
}

impl Service {
    fn first(&mut self, channel: &Channel, now: u64) -> (First, Command) {
        let read = self.reads.first(channel, now);
        let write = self.writes.first(channel, now);
        match write < read {
            true => (write, Command::Write),
            false => (read, Command::Read),
        }
    }

    fn of(&mut self, command: Command) -> &mut Candidates {
        match command {
            Command::Write => &mut self.writes,
            _ => &mut self.reads,
        }
    }
}

impl Controller {
    /// An idle channel, before cycle 1.
    pub fn new(config: &Config) -> Self {
        let timing = &config.timing;
        let interval = config.refresh.then_some(timing.nREFI);
        let channel = Channel::new(config);
        let banks = channel.banks();
        Self {
            map: Map::new(config),
            number: None,
            channel,
            capacity: config.queue,
            read_latency: timing.nCL + timing.nBL,
            interval,
            due: interval.unwrap_or(u64::MAX),
            refreshing: VecDeque::new(),
            ranks: config.org.rank as usize,
            service: Service {
                ids: vec![0; banks],
                len: 0,
                reads: Candidates::new(Command::Read, banks),
                writes: Candidates::new(Command::Write, banks),
            },
            reads: Queue::new(Command::Read, config.scheduler, banks),
            writes: Queue::new(Command::Write, config.scheduler, banks),
            written: Lines::new(config.queue),
            arrivals: 0,
            write_mode: false,
            wake: 1,
            done: Done::default(),
            commands: Commands::default(),
        }
    }

    /// Offers a request of this channel at a cycle; false if its queue is full, then nothing has
    /// changed. At most one may be accepted a cycle for figures that agree with the reference.
    #[inline]
    pub fn try_push(&mut self, request: Request, now: u64) -> bool {
        self.run(now);
        let queue = match request.write {
            true => &self.writes,
            false => &self.reads,
        };
        if queue.len() >= self.capacity && !self.written.may_contain(request.address) {
            return false;
        }
        self.push(request, now)
    }

    fn push(&mut self, request: Request, now: u64) -> bool {
        let Request { id, address, write } = request;
        let at = self.map.locate(address);
        let number = self.number.get_or_insert(at.channel);
        debug_assert_eq!(*number, at.channel, "{address:#x} is of another channel");
        let bank = at.bank as usize;
        if self.written.may_contain(address) && self.writes.contains(bank, address) {
            let cycle = now + u64::from(!write);
            self.done.push(Completion { id, cycle });
            return true;
        }
        let queue = match write {
            true => &mut self.writes,
            false => &mut self.reads,
        };
        if queue.len() >= self.capacity {
            return false;
        }
        let entry = Entry {
            id,
            address,
            order: self.arrivals,
            row: at.row,
        };
        self.arrivals += 1;
        queue.push(bank, entry, &self.channel);
        if write {
            self.written.add(address);
        }
        self.wake = self.wake.min(now + 1);
        true
    }

    /// The next cycle at which something may change without another request: a command, a refresh or
    /// a completion.
    pub fn next_event(&self) -> u64 {
        self.done.next().min(self.wake).min(self.due)
    }

    /// Runs to the end of a cycle and reports what completed until then, by cycle.
    pub fn advance_to(&mut self, cycle: u64, on_completion: &mut impl FnMut(Completion)) {
        self.run(cycle);
        self.done.hand_out(cycle, on_completion);
    }

    /// Requests accepted whose completion is not handed out yet.
    pub fn waiting(&self) -> usize {
        self.service.len + self.reads.len() + self.writes.len() + self.done.len()
    }

    /// Commands issued so far.
    pub fn commands(&self) -> Commands {
        self.commands
    }

    /// Runs to the end of a cycle.
    #[inline]
    fn run(&mut self, cycle: u64) {
        while self.wake.min(self.due) <= cycle {
            self.tick(self.wake.min(self.due));
        }
    }

    #[inline(never)]
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
        let (first, command) = self.service.first(&self.channel, now);
        if first.cycle() <= now {
            self.finish(first.bank(), command, now);
            return None;
        }
        let wake = first.cycle();
        if let Some(&rank) = self.refreshing.front() {
            let (refresh, cycle) = self.channel.next_refresh(rank);
            if cycle > now {
                return Some(wake.min(cycle));
            }
            self.refresh(rank, refresh, now);
            return None;
        }
        self.choose_mode();
        let queue = match self.write_mode {
            true => &mut self.writes,
            false => &mut self.reads,
        };
        let (first, command) = queue.first(&self.channel, now);
        if first.cycle() > now {
            return Some(wake.min(first.cycle()));
        }
        match command {
            Command::Act => self.activate(first, now),
            Command::Pre => {
                self.channel.issue(command, first.bank(), CLOSED, now);
                self.turn(first.bank());
            }
            Command::Read | Command::Write => self.hit(first.bank(), command, now),
        }
        None
    }

    /// RD or WR of the request in service.
    fn finish(&mut self, bank: usize, command: Command, now: u64) {
        self.channel.issue(command, bank, CLOSED, now);
        self.channel.release(bank);
        self.service.len -= 1;
        self.service.of(command).set(bank, None, &self.channel);
        self.complete(self.service.ids[bank], command, now);
        self.reads.note_pre(bank, &self.channel);
        self.writes.note_pre(bank, &self.channel);
    }

    fn refresh(&mut self, rank: usize, refresh: bool, now: u64) {
        self.channel.issue_refresh(refresh, rank, now);
        if refresh {
            self.refreshing.pop_front();
            self.commands.refreshes += 1;
        } else {
            for bank in self.channel.banks_of(rank) {
                self.turn(bank);
            }
        }
    }

    /// ACT for the oldest request of the current queue, which is in service from now on.
    fn activate(&mut self, first: First, now: u64) {
        let bank = first.bank();
        let (queue, command) = match self.write_mode {
            true => (&mut self.writes, Command::Write),
            false => (&mut self.reads, Command::Read),
        };
        let Some(entry) = queue.take_oldest(bank) else {
            return;
        };
        if self.write_mode {
            self.written.remove(entry.address);
        }
        self.commands.activates += 1;
        self.channel.issue(Command::Act, bank, entry.row, now);
        self.service.len += 1;
        self.service.ids[bank] = entry.id;
        // Ties go to the older one, not to the one whose ACT was first.
        let order = Some(entry.order);
        self.service.of(command).set(bank, order, &self.channel);
        self.turn(bank);
    }

    /// RD or WR of the oldest request for the open row.
    fn hit(&mut self, bank: usize, command: Command, now: u64) {
        let queue = match self.write_mode {
            true => &mut self.writes,
            false => &mut self.reads,
        };
        let Some(entry) = queue.take_hit(bank, &self.channel) else {
            return;
        };
        self.channel.issue(command, bank, entry.row, now);
        if self.write_mode {
            self.written.remove(entry.address);
        }
        self.complete(entry.id, command, now);
    }

    /// The bank has opened or closed its row.
    fn turn(&mut self, bank: usize) {
        self.reads.turn(bank, &self.channel);
        self.writes.turn(bank, &self.channel);
    }

    fn complete(&mut self, id: u64, command: Command, now: u64) {
        if command == Command::Write {
            self.commands.writes += 1;
            self.done.push(Completion { id, cycle: now });
        } else {
            self.commands.reads += 1;
            let cycle = now + self.read_latency;
            self.done.push_read(Completion { id, cycle });
        }
    }

    /// Writes wait until there are many of them, or nothing to read.
    fn choose_mode(&mut self) {
        // In single precision, as the reference does, so that borders agree.
        let (waiting, capacity) = (self.writes.len() as f32, self.capacity as f32);
        self.write_mode = match self.write_mode {
            false => waiting > 0.8_f32 * capacity || self.reads.len() == 0,
            true => waiting >= 0.2_f32 * capacity || self.reads.len() == 0,
        };
    }
}
