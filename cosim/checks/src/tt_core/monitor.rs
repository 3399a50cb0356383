//! Monitors a core: whether results are the sums of the requested rows, and come
//! in order; whether tables, errors and counters are right whenever nothing is in flight. It knows the
//! host's side of the rules and nothing of cycles.

use std::collections::VecDeque;
use std::ops::Range;

use blocks::tt_core::{Pins, TtCoreConfig};
use cosim::{Monitor, Sample};

use super::counters::{BAD, BUSY, COUNTERS, Counters, GOOD, HITS, Happened, LINES, OPS, RESULTS};
use super::directory::Directory;
use super::expect::{self, Value};
use super::loads::Loads;

/// Bits of `err_o`; those of loads are in [`super::loads`].
const NOT_LOADED: u64 = 1;
const ROW_RANGE: u64 = 2;

/// A bag or a row.
#[derive(Clone, Default)]
struct Bag {
    /// `None`: closed, or only bad rows so far.
    sum: Option<Value>,
    poisoned: bool,
}

/// A result that must come.
struct Due {
    bag: u64,
    /// `None`: flagged.
    words: Option<Vec<u32>>,
}

/// What the rows of an undisturbed episode took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// From the first beat of a load to the last.
    pub load_cycles: u64,
    /// From the first row taken to the last result out.
    pub cycles: u64,
    /// What each counter counted, if `ctr_sel_i` counts.
    pub counters: [u64; COUNTERS],
}

/// Checks results, tables, errors and counters.
pub struct TtCoreMonitor {
    config: TtCoreConfig,
    pins: Pins,
    loads: Loads,
    directory: Directory,
    bags: Vec<Bag>,
    due: VecDeque<Due>,
    /// Next beat of the current result.
    beat: usize,
    /// Errors that rows must raise.
    errors: u64,
    /// Cycles with `busy_o`, rows that are not bad, bad rows, results.
    happened: [u64; 4],
    counters: Counters,
    /// What the current disturbance leaves, if there is one.
    disturbed: Option<Left>,
    checked: u64,
    bounded: u64,
    loading: Option<Range<u64>>,
    running: Option<Range<u64>>,
}

/// What an injection leaves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    /// After a reset.
    Nothing,
    /// After a clear.
    Tables,
    /// After an abort: counters and errors, too.
    All,
}

impl TtCoreMonitor {
    pub(super) fn new(config: &TtCoreConfig) -> Self {
        Self {
            pins: Pins::new(config),
            loads: Loads::new(config),
            directory: Directory::new(config),
            bags: vec![Bag::default(); config.bags as usize],
            due: VecDeque::new(),
            beat: 0,
            errors: 0,
            happened: [0; 4],
            counters: Counters::new(config.counter_bits),
            disturbed: None,
            checked: 0,
            bounded: 0,
            loading: None,
            running: None,
            config: config.clone(),
        }
    }

    /// Results that were compared bit by bit, and those of them that are near the real numbers.
    pub fn checked(&self) -> (u64, u64) {
        (self.checked, self.bounded)
    }

    /// What the rows took.
    pub fn latency(&self) -> Latency {
        let length = |range: &Option<Range<u64>>| {
            let range = range.as_ref();
            range.map_or(0, |range| range.end - range.start)
        };
        Latency {
            load_cycles: length(&self.loading),
            cycles: length(&self.running),
            counters: self.counters.totals(),
        }
    }

    fn happened(&self) -> Happened {
        let mut happened = [0; COUNTERS];
        happened[..4].copy_from_slice(&self.happened);
        happened[LINES] = self.loads.lines;
        happened[OPS..][..self.directory.ops.len()].copy_from_slice(&self.directory.ops);
        happened[HITS..][..self.directory.hits.len()].copy_from_slice(&self.directory.hits);
        happened
    }

    /// An injection is over: what was in flight is gone.
    fn resume(&mut self, left: Left, outputs: &[u64]) -> Result<(), String> {
        self.bags.fill(Bag::default());
        self.due.clear();
        self.beat = 0;
        self.directory.forget();
        if left == Left::Nothing {
            self.loads.abort(0);
        }
        if left == Left::All {
            self.counters.abort();
        } else {
            (self.errors, self.loads.errors) = (0, 0);
            let happened = self.happened();
            self.counters.clear(&happened);
        }
        self.status(outputs, false)?;
        // What had not come into effect by then never will.
        self.loads.abort(outputs[self.pins.tables]);
        self.errors &= outputs[self.pins.err];
        self.loads.errors &= outputs[self.pins.err];
        Ok(())
    }

    /// Tables and errors are never ahead of their causes, and at rest what they must be.
    fn status(&self, outputs: &[u64], rest: bool) -> Result<(), String> {
        let check = |what: &str, sample: u64, expected: u64| match sample {
            _ if sample == expected || sample & !expected == 0 && !rest => Ok(()),
            _ => Err(format!("{what} is {sample:#x}, not {expected:#x}")),
        };
        let caused = self.errors | self.loads.errors;
        check(Pins::ERROR, outputs[self.pins.err], caused)?;
        check(Pins::TABLES, outputs[self.pins.tables], self.loads.whole())?;
        match rest && !self.due.is_empty() {
            true => Err(format!(
                "busy_o is 0, but {} results are due",
                self.due.len()
            )),
            false => Ok(()),
        }
    }

    /// The counter that is shown.
    fn counter(&mut self, inputs: &[u64], outputs: &[u64], rest: bool) -> Result<(), String> {
        let chosen = inputs[self.pins.ctr_sel] as usize % COUNTERS;
        let happened = self.happened();
        let value = outputs[self.pins.ctr];
        self.counters.shown(chosen, value, &happened, rest)
    }

    /// A row was taken.
    fn row(&mut self, inputs: &[u64], tables: u64) -> Result<(), String> {
        let (table, id) = (
            inputs[self.pins.row_table] as usize,
            inputs[self.pins.row_id],
        );
        let bag = inputs[self.pins.row_bag];
        let last = self.pins.row_last.is_none_or(|last| inputs[last] == 1);
        let loaded = if tables >> table & 1 == 1 {
            self.loads.table(table)
        } else {
            None
        };
        let mut value = None;
        match loaded {
            None => self.errors |= NOT_LOADED,
            Some(table) if id >= table.rows => self.errors |= ROW_RANGE,
            Some(table) => value = Some(expect::row(&self.config, &table.cores, id)),
        }
        self.happened[if value.is_some() { GOOD } else { BAD }] += 1;
        if value.is_some() {
            self.directory.row(table, id);
        }
        let open = &mut self.bags[bag as usize];
        match (&mut open.sum, value) {
            (_, None) => open.poisoned = true,
            (None, value) => open.sum = value,
            (Some(sum), Some(value)) => sum.add(self.config.element, &value),
        }
        if !last {
            return Ok(());
        }
        let Bag { sum, poisoned } = std::mem::take(open);
        let sum = sum.filter(|_| !poisoned);
        if let Some(sum) = &sum {
            match sum.within_bound(&self.config) {
                Some(false) => return Err(format!("bag {bag} is not near the real numbers")),
                Some(true) => self.bounded += 1,
                None => {}
            }
        }
        let words = sum.map(|sum| sum.words);
        self.due.push_back(Due { bag, words });
        Ok(())
    }

    /// A beat of a result leaves.
    fn res(&mut self, outputs: &[u64]) -> Result<(), String> {
        let Some(due) = self.due.front() else {
            return Err("a result that nobody has asked for".to_owned());
        };
        let pins = &self.pins;
        let (bag, err, last) = (
            outputs[pins.res_bag],
            outputs[pins.res_err] == 1,
            outputs[pins.res_last] == 1,
        );
        if bag != due.bag {
            return Err(format!("a result of bag {bag} instead of {}", due.bag));
        }
        if err != due.words.is_none() {
            return Err(format!("err = {} for bag {bag}", u8::from(err)));
        }
        let elements = self.config.beat_elements() as usize;
        let first = self.beat * elements;
        for lane in 0..elements {
            let expected = due.words.as_ref().map_or(0, |words| words[first + lane]);
            let word = (outputs[pins.res_data.start + lane / 2] >> (32 * (lane % 2))) as u32;
            if word != expected {
                let element = first + lane;
                return Err(format!(
                    "element {element} of bag {bag}: {word:#010x}, not {expected:#010x}"
                ));
            }
        }
        self.beat += 1;
        let end = self.beat == self.config.beats() as usize;
        if end != last {
            return Err(format!(
                "last = {} on beat {}",
                u8::from(last),
                self.beat - 1
            ));
        }
        if end {
            self.beat = 0;
            self.happened[RESULTS] += 1;
            self.checked += u64::from(due.words.is_some());
            self.due.pop_front();
        }
        Ok(())
    }

    fn transfers(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let happens = |stream: usize| sample.transfers >> stream & 1 == 1;
        // A row that is taken together with the start of its table's next load is still of the old one.
        if happens(self.pins.row.index) {
            extend(&mut self.running, sample.cycle);
            self.row(sample.inputs, sample.outputs[self.pins.tables])?;
        }
        if happens(self.pins.load.index) {
            extend(&mut self.loading, sample.cycle);
            let inputs = sample.inputs;
            let pins = &self.pins;
            let (start, last) = (inputs[pins.load_start] == 1, inputs[pins.load_last] == 1);
            let table = inputs[pins.load_table] as usize;
            let data = &inputs[pins.load_data.clone()];
            if let Some(table) = self.loads.beat(start, last, table, data) {
                self.directory.reload(table);
            }
        }
        if happens(self.pins.res.index) {
            extend(&mut self.running, sample.cycle);
            self.res(sample.outputs)?;
        }
        Ok(())
    }
}

/// From the first cycle up to this one.
fn extend(range: &mut Option<Range<u64>>, cycle: u64) {
    let start = range.as_ref().map_or(cycle, |range| range.start);
    *range = Some(start..cycle + 1);
}

impl Monitor for TtCoreMonitor {
    #[inline]
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let pins = &self.pins;
        if sample.disturbed {
            let pulsed = |level: usize| sample.inputs[level] == 1;
            let left = match (pulsed(pins.clear), pulsed(pins.abort)) {
                (true, _) => Left::Tables,
                (false, true) => Left::All,
                (false, false) => Left::Nothing,
            };
            self.disturbed = Some(self.disturbed.map_or(left, |before| before.min(left)));
            return Ok(());
        }
        let busy = sample.outputs[pins.busy];
        if let Some(left) = self.disturbed.take() {
            self.resume(left, sample.outputs)?;
        }
        self.status(sample.outputs, busy == 0)?;
        self.counter(sample.inputs, sample.outputs, busy == 0)?;
        self.happened[BUSY] += busy;
        match sample.transfers {
            0 => Ok(()),
            _ => self.transfers(sample),
        }
    }

    fn finish(&mut self) -> Result<(), String> {
        match self.due.len() {
            0 => Ok(()),
            missing => Err(format!("{missing} results are missing")),
        }
    }
}
