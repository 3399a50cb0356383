//! Loads tables, sends rows, collects results, and knows what they must be.

use blocks::tt_core::{Element, TtCoreConfig};

use super::super::TtCoreModel;
use super::super::status::Counter;
use super::reference::Table;
use contract::Clocked;
use contract::SplitMix64;
use contract::frame::{field, set_field};

/// One beat of `load`.
#[derive(Clone, Debug)]
pub struct Beat {
    pub start: bool,
    pub last: bool,
    pub table: u64,
    pub data: Vec<u64>,
}

/// One beat of `row`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub table: u64,
    pub id: u64,
    pub bag: u64,
    pub last: bool,
}

/// One row of table 0 that is a bag of its own.
pub fn single(id: u64, bag: u64) -> Row {
    Row {
        table: 0,
        id,
        bag,
        last: true,
    }
}

/// A result: nothing if it has `err`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub bag: u64,
    pub sums: Option<Vec<u32>>,
}

pub struct Driver {
    pub config: TtCoreConfig,
    pub model: TtCoreModel,
    pub inputs: Vec<u64>,
    pub outputs: Vec<u64>,
    partial: Vec<u32>,
    pub answers: Vec<Answer>,
    /// Cycles with a `res` transfer.
    pub beats: Vec<u64>,
    pub cycle: u64,
}

impl Driver {
    pub fn new(config: &TtCoreConfig) -> Self {
        let model = TtCoreModel::new(config);
        let mut driver = Self {
            config: config.clone(),
            inputs: vec![0; model.layout().input_words],
            outputs: vec![0; model.layout().output_words],
            model,
            partial: Vec::new(),
            answers: Vec::new(),
            beats: Vec::new(),
            cycle: 0,
        };
        *driver.input("res_ready_i") = 1;
        driver.settle();
        driver
    }

    /// With all tables of these numbers loaded.
    pub fn loaded(config: &TtCoreConfig, tables: &[Table]) -> Self {
        let mut driver = Self::new(config);
        for (number, table) in tables.iter().enumerate() {
            driver.load(&table.beats(number as u64));
        }
        driver.drain();
        driver
    }

    pub fn input(&mut self, name: &str) -> &mut u64 {
        &mut self.inputs[self.model.layout().slot(name).word]
    }

    /// An output as of the last [`Self::settle`] or [`Self::tick`].
    pub fn output(&self, name: &str) -> u64 {
        self.outputs[self.model.layout().slot(name).word]
    }

    pub fn settle(&mut self) {
        self.model.eval(&self.inputs, &mut self.outputs);
    }

    /// One cycle.
    pub fn tick(&mut self) {
        self.settle();
        if self.output("res_valid_o") & *self.input("res_ready_i") == 1 {
            self.collect();
        }
        self.model.clock(&self.inputs);
        self.cycle += 1;
    }

    pub fn ticks(&mut self, cycles: u64) {
        (0..cycles).for_each(|_| self.tick());
    }

    fn collect(&mut self) {
        self.beats.push(self.cycle);
        let data = self.model.layout().slot("res_data_o");
        let words = &self.outputs[data.word..][..data.words];
        let lanes = self.config.beat_elements() as usize;
        let beat = (0..lanes).map(|lane| field(words, lane, 32) as u32);
        self.partial.extend(beat);
        let full = self.partial.len() == self.config.columns() as usize;
        assert_eq!(full, self.output("res_last_o") == 1, "`last` ends a result");
        if full {
            let sums = std::mem::take(&mut self.partial);
            let err = self.output("res_err_o") == 1;
            assert!(!err || sums.iter().all(|&sum| sum == 0), "masked");
            self.answers.push(Answer {
                bag: self.output("res_bag_o"),
                sums: (!err).then_some(sums),
            });
        }
    }

    /// Offers a load beat.
    pub fn offer_beat(&mut self, beat: &Beat) {
        let slot = self.model.layout().slot("load_data_i");
        self.inputs[slot.word..][..slot.words].copy_from_slice(&beat.data);
        *self.input("load_start_i") = beat.start.into();
        *self.input("load_last_i") = beat.last.into();
        *self.input("load_table_i") = beat.table;
        *self.input("load_valid_i") = 1;
    }

    /// Offers a row.
    pub fn offer_row(&mut self, row: Row) {
        *self.input("row_table_i") = row.table;
        *self.input("row_id_i") = row.id;
        *self.input("row_bag_i") = row.bag;
        if self.config.pooling {
            *self.input("row_last_i") = row.last.into();
        }
        *self.input("row_valid_i") = 1;
    }

    /// Ticks until what is offered on a stream is taken; gives the cycle.
    fn until_taken(&mut self, stream: &str) -> u64 {
        for _ in 0..100_000 {
            self.tick();
            if self.output(&format!("{stream}_ready_o")) == 1 {
                *self.input(&format!("{stream}_valid_i")) = 0;
                return self.cycle - 1;
            }
        }
        panic!("{stream} is not taken");
    }

    pub fn load(&mut self, beats: &[Beat]) {
        for beat in beats {
            self.offer_beat(beat);
            self.until_taken("load");
        }
    }

    /// Sends a row; gives the cycle in which it is taken.
    pub fn send(&mut self, row: Row) -> u64 {
        self.offer_row(row);
        self.until_taken("row")
    }

    /// Sends rows and gives the results.
    pub fn answers(&mut self, rows: &[Row]) -> Vec<Answer> {
        for &row in rows {
            self.send(row);
        }
        self.drain();
        std::mem::take(&mut self.answers)
    }

    /// Offers rows and load beats side by side until all are taken; results are taken in one cycle of
    /// `slow`, on average.
    pub fn run(&mut self, rows: &[Row], beats: &[Beat], slow: u64) -> Vec<Answer> {
        let mut rng = SplitMix64::new(slow);
        let (mut row, mut beat) = (0, 0);
        for _ in 0..2_000_000 {
            match rows.get(row) {
                Some(&row) => self.offer_row(row),
                None => *self.input("row_valid_i") = 0,
            }
            match beats.get(beat) {
                Some(beat) => self.offer_beat(beat),
                None => *self.input("load_valid_i") = 0,
            }
            *self.input("res_ready_i") = u64::from(rng.below(slow) == 0);
            self.tick();
            row += usize::from(row < rows.len() && self.output("row_ready_o") == 1);
            beat += usize::from(beat < beats.len() && self.output("load_ready_o") == 1);
            let done = row == rows.len() && beat == beats.len();
            if done && self.output("busy_o") == 0 {
                *self.input("res_ready_i") = 1;
                return std::mem::take(&mut self.answers);
            }
        }
        panic!("no end");
    }

    /// Until the block is at rest.
    pub fn drain(&mut self) {
        for _ in 0..1_000_000 {
            self.settle();
            if self.output("busy_o") == 0 {
                return;
            }
            self.tick();
        }
        panic!("no end");
    }

    /// A pulse of one cycle.
    pub fn pulse(&mut self, pin: &str) {
        *self.input(pin) = 1;
        self.tick();
        *self.input(pin) = 0;
        // Beats of a partial result are discarded.
        self.partial.clear();
        self.settle();
    }

    pub fn counter(&mut self, select: u64) -> u64 {
        *self.input("ctr_sel_i") = select;
        self.settle();
        self.output("ctr_o")
    }

    pub fn count(&mut self, counter: Counter) -> u64 {
        self.counter(counter as u64)
    }
}

/// A start beat or a line of `words`.
pub fn beat(config: &TtCoreConfig, words: &[u32]) -> Beat {
    let mut data = vec![0; config.load_bits().div_ceil(64) as usize];
    for (at, &word) in words.iter().enumerate() {
        set_field(&mut data, at, config.element.bits(), word.into());
    }
    Beat {
        start: false,
        last: false,
        table: 0,
        data,
    }
}

/// A start beat.
pub fn start(config: &TtCoreConfig, table: u64, rows: u64, scales: &[(u16, u8)]) -> Beat {
    let mut beat = beat(config, &[]);
    let mut all = u128::from(rows);
    for (at, &(mult, shift)) in scales.iter().enumerate() {
        assert_eq!(config.element, Element::Int8);
        all |= u128::from(mult) << (32 + 24 * at) | u128::from(shift) << (48 + 24 * at);
    }
    for (at, word) in beat.data.iter_mut().take(2).enumerate() {
        *word = (all >> (64 * at)) as u64;
    }
    Beat {
        start: true,
        table,
        ..beat
    }
}
