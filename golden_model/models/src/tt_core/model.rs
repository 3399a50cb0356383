//! The clocked model of one core.

use std::collections::VecDeque;

use blocks::tt_core::{Pins, TtCoreConfig};
use contract::{BlockConfig, PortLayout};

use super::arith;
use super::bags::Bags;
use super::cores::Cores;
use super::decode::{Ranks, Row};
use super::load::{Load, Table};
use super::prefix::{Answer, Boundary};
use super::shape::Shape;
use super::stage::{self, Op, Stage};
use super::status::{Counter, Fault, Status};
use contract::Clocked;

/// Places of the FIFO between the two boundaries.
const MISSES: usize = 2;

/// Golden model of one block.
#[derive(Clone, Debug)]
pub struct TtCoreModel {
    layout: PortLayout,
    pins: Pins,
    shape: Shape,
    cores: Cores,
    tables: Vec<Table>,
    load: Load,
    ranks: Ranks,
    boundaries: Vec<Boundary>,
    misses: VecDeque<Op>,
    stages: Vec<Stage>,
    bags: Bags,
    status: Status,
}

/// The signals of a cycle.
struct Now {
    stages: [stage::Now; 3],
    load_go: bool,
    /// What becomes of the row in rank X, and of the op in the miss FIFO; nothing if it stays.
    out: Option<Answer>,
    miss: Option<Answer>,
}

impl TtCoreModel {
    /// The block of a configuration that [`BlockConfig::validate`] accepts, after reset.
    pub fn new(config: &TtCoreConfig) -> Self {
        let shape = Shape::new(config);
        let (layout, pins) = (PortLayout::new(config.ports()), Pins::new(config));
        let before = &shape.stages[..shape.stages.len() - 1];
        let mut stages: Vec<_> = before.iter().map(|_| Stage::new(shape.entries)).collect();
        stages.push(Stage::new(shape.row_queue));
        Self {
            cores: Cores::new(&shape),
            tables: vec![Table::default(); shape.tables as usize],
            load: Load::new(pins.load_data.len()),
            ranks: Ranks::new(&shape),
            boundaries: before.iter().map(|s| Boundary::new(&shape, s)).collect(),
            misses: VecDeque::with_capacity(MISSES),
            stages,
            bags: Bags::new(&shape),
            status: Status::default(),
            layout,
            pins,
            shape,
        }
    }

    /// What abort and clear have in common.
    fn restart(&mut self) {
        for table in &mut self.tables {
            table.flight = 0;
        }
        self.load.reset();
        self.ranks.reset();
        self.boundaries.iter_mut().for_each(Boundary::reset);
        self.misses.clear();
        self.stages.iter_mut().for_each(Stage::reset);
        self.bags.reset(&self.shape);
    }

    #[inline]
    fn now(&self) -> Now {
        let mut stages = [stage::Now::default(); 3];
        for (at, now) in stages[..self.stages.len()].iter_mut().enumerate() {
            *now = self.stage_now(at);
        }
        Now {
            load_go: self.load_go(&stages),
            stages,
            out: self.out(),
            miss: self.misses.front().and_then(|op| self.answer(1, &op.row)),
        }
    }

    #[inline]
    fn load_go(&self, stages: &[stage::Now; 3]) -> bool {
        self.load.go(&self.tables, |core| match core {
            0 => stages[0].reads_a,
            _ => stages[core - 1].reads_b,
        })
    }

    /// What becomes of the row in rank X.
    #[inline]
    fn out(&self) -> Option<Answer> {
        let row = self.ranks.head()?;
        self.answer(self.stages.len() - 1, row)
    }

    #[inline]
    fn stage_now(&self, at: usize) -> stage::Now {
        let Some(op) = self.stages[at].op() else {
            return stage::Now::default();
        };
        let source = at == 0 || op.row.bad || self.boundaries[at - 1].done(op.from);
        let last = at + 1 == self.stages.len();
        let may = !self.load.blocks(at) && (!last || self.bags.may(&self.shape, &op.row));
        self.stages[at].now(&self.shape.stages[at], op, source, may)
    }

    /// What is answered to an op that is to enter stage `to`; nothing if it has to wait.
    #[inline]
    fn answer(&self, to: usize, row: &Row) -> Option<Answer> {
        if !self.stages[to].has_room() {
            return None;
        }
        if to == 0 || row.bad {
            return Some(Answer::Pass);
        }
        let answer = self.boundaries[to - 1].answer(row.keys[to - 1]);
        let room = to == 1 || self.misses.len() < MISSES;
        answer.filter(|answer| room || matches!(answer, Answer::Hit(_)))
    }

    #[inline]
    fn count(&mut self, now: &Now) {
        let status = &mut self.status;
        let (busy, loads) = (self.bags.alive(), self.load.holds());
        status.count(Counter::Busy, busy || loads);
        status.count(Counter::LoadWaits, loads && !now.load_go);
        let waits = self.ranks.head().is_some() && now.out.is_none();
        status.count(Counter::RowWaits, waits);
        let last = self.stages.len() - 1;
        if let Some(op) = self.stages[last].op() {
            let stage::Now { first, source, .. } = now.stages[last];
            let room = self.bags.has_room(&self.shape, &op.row);
            status.count(Counter::SourceWaits, first && !source);
            status.count(Counter::RoomWaits, first && source && !room);
        }
    }

    /// A `row` transfer.
    #[inline]
    fn accept(&mut self, inputs: &[u64]) -> Row {
        let p = &self.pins;
        let (table, id) = (inputs[p.row_table], inputs[p.row_id]);
        let mut row = Row {
            table: table as u32,
            digits: [0; 4],
            keys: [0; 2],
            bag: inputs[p.row_bag] as u32 & (self.shape.bags - 1),
            emit: p.row_last.is_none_or(|last| inputs[last] != 0),
            bad: true,
        };
        match self.tables.get_mut(table as usize) {
            Some(table) if table.usable && id < u64::from(table.rows) => {
                row.bad = false;
                row.find_digits(&self.shape, id as u32);
                table.flight += 1;
            }
            Some(table) if table.usable => self.status.raise(Fault::RowRange),
            _ => self.status.raise(Fault::NotLoaded),
        }
        self.status.count(Counter::Rows, !row.bad);
        self.status.count(Counter::BadRows, row.bad);
        row
    }

    /// The edge of stage `at`.
    #[inline]
    fn advance(&mut self, at: usize, now: stage::Now) {
        let last = at + 1 == self.stages.len();
        if now.step
            && let Some(&op) = self.stages[at].op()
        {
            if now.first {
                self.begin(at, op, last);
            }
            if last {
                self.bags.follow(&self.shape, &op.row, now.end);
            }
            if now.end && !op.row.bad {
                if at > 0 {
                    self.boundaries[at - 1].give_back(op.from);
                }
                if last {
                    self.tables[op.row.table as usize].flight -= 1;
                }
            }
        }
        let written = self.stages[at].advance(&self.shape.stages[at], now);
        if let (Some(entry), false) = (written, last) {
            self.boundaries[at].set_done(entry);
        }
    }

    /// Stage `at` begins an op.
    #[inline]
    fn begin(&mut self, at: usize, op: Op, last: bool) {
        if !op.row.bad {
            self.status.count_begun(at);
        }
        if !last {
            self.multiply(at, &op);
            return;
        }
        let begun = self.bags.start(&self.shape, &op.row);
        if !begun.err {
            self.multiply(at, &op);
        }
        self.bags.pool(&self.shape, &op.row, begun);
    }

    /// Computes the product of an op.
    #[inline]
    fn multiply(&mut self, at: usize, op: &Op) {
        let Row { table, digits, .. } = op.row;
        let (before, behind) = self.boundaries.split_at_mut(at);
        let a = match before.last() {
            Some(boundary) => boundary.words(op.from),
            None => self.cores.slice(0, table, digits[0]),
        };
        let b = self.cores.slice(at + 1, table, digits[at + 1]);
        let rank = self.shape.stages[at].rank;
        if let Some(boundary) = behind.first_mut() {
            let out = boundary.words_mut(op.to);
            arith::multiply(a, b, rank, out);
            let scale = self.tables[table as usize].scales[at];
            arith::convert(self.shape.element, scale, out);
        } else {
            arith::multiply(a, b, rank, &mut self.bags.row);
        }
    }

    /// An op moves on into stage `to`: the edge of the boundary before it.
    #[inline]
    fn move_on(&mut self, to: usize, op: Op, answer: Answer) {
        let from = match answer {
            Answer::Pass => 0,
            Answer::Hit(entry) => {
                self.status.count_hit(to - 1);
                self.boundaries[to - 1].refer(entry);
                entry
            }
            Answer::Miss(entry) => {
                let boundary = &mut self.boundaries[to - 1];
                boundary.take(entry, op.row.keys[to - 1]);
                boundary.refer(entry);
                let make = Op {
                    to: entry,
                    ..Op::of(op.row)
                };
                match to {
                    1 => self.stages[0].push(make),
                    _ => self.misses.push_back(make),
                }
                entry
            }
        };
        self.stages[to].push(Op { from, ..op });
    }

    /// The edge of the load stream.
    #[inline]
    fn step_load(&mut self, now: &Now, valid: bool, inputs: &[u64]) {
        let ready = !self.load.holds() || now.load_go;
        let (shape, tables) = (&self.shape, &mut self.tables);
        let (cores, status) = (&mut self.cores, &mut self.status);
        let started = self.load.step(shape, now.load_go, tables, cores, status);
        if let Some(table) = started {
            // Before an op takes one of these entries at the same edge.
            for boundary in &mut self.boundaries {
                boundary.forget(table);
            }
        }
        if ready && valid {
            let p = &self.pins;
            self.load.accept(
                inputs[p.load_start] != 0,
                inputs[p.load_last] != 0,
                inputs[p.load_table] as u32,
                &inputs[p.load_data.clone()],
                &mut self.tables,
            );
        }
    }
}

impl Clocked for TtCoreModel {
    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn reset(&mut self) {
        self.restart();
        self.tables.fill(Table::default());
        self.status = Status::default();
    }

    #[inline]
    fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
        let p = &self.pins;
        let results = &self.bags.results;
        let load_ready = !self.load.holds() || self.now().load_go;
        let row_ready = self.ranks.head().is_none() || self.out().is_some();
        outputs[p.load.ready] = u64::from(load_ready);
        outputs[p.row.ready] = u64::from(row_ready);
        outputs[p.res.valid] = u64::from(results.visible());
        if results.visible() {
            let (words, label) = results.beat();
            outputs[p.res_data.clone()].copy_from_slice(words);
            outputs[p.res_bag] = u64::from(label.bag);
            outputs[p.res_err] = u64::from(label.err);
            outputs[p.res_last] = u64::from(results.last());
        }
        let tables = self.tables.iter().rev();
        outputs[p.tables] = tables.fold(0, |all, table| all << 1 | u64::from(table.usable));
        let counter = self.status.counter(inputs[p.ctr_sel]);
        outputs[p.ctr] = u64::from(counter & self.shape.counter_mask);
        outputs[p.err] = self.status.errors();
        outputs[p.busy] = u64::from(self.bags.alive() || self.load.holds());
    }

    #[inline]
    fn clock(&mut self, inputs: &[u64]) {
        let p = &self.pins;
        let clear = inputs[p.clear] != 0;
        if clear || inputs[p.abort] != 0 {
            self.restart();
            if clear {
                self.status = Status::default();
            }
            return;
        }
        let leaves = self.bags.results.visible() && inputs[p.res.ready] != 0;
        let row_valid = inputs[p.row.valid] != 0;
        let load_valid = inputs[p.load.valid] != 0;
        let now = self.now();
        self.count(&now);
        let ended = leaves && self.bags.results.last();
        self.status.count(Counter::Results, ended);

        // A row is judged by its table as it was before a load changes it at this edge.
        let shift = self.ranks.head().is_none() || now.out.is_some();
        let taken = shift && row_valid;
        let entering = taken.then(|| self.accept(inputs));
        self.step_load(&now, load_valid, inputs);
        for at in 0..self.stages.len() {
            self.advance(at, now.stages[at]);
        }
        if let Some(answer) = now.miss
            && let Some(op) = self.misses.pop_front()
        {
            self.move_on(1, op, answer);
        }
        if let Some(answer) = now.out
            && let Some(&row) = self.ranks.head()
        {
            self.move_on(self.stages.len() - 1, Op::of(row), answer);
        }
        if shift {
            self.ranks.shift(entering);
        }
        self.bags.step(&self.shape, taken, leaves);
    }
}
