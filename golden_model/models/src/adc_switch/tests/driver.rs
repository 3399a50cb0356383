//! A controller with its device: feeds activations, collects results, notes when pins move.

use blocks::adc_switch::AdcSwitchConfig;

use super::super::device::{Crossbar, Elements, Imperfections};
use super::super::{AdcSwitchModel, Rows};
use contract::SplitMix64;
use contract::frame::signed_field;
use contract::{Clocked, Device};

/// One beat of `act`.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    pub rows: Rows,
    pub tag: u64,
    pub last: bool,
}

/// A result: its tag and its elements.
pub type Answer = (u64, Vec<i64>);

pub struct Driver {
    pub config: AdcSwitchConfig,
    pub elements: Elements,
    pub model: AdcSwitchModel,
    device: Crossbar,
    pub inputs: Vec<u64>,
    pub outputs: Vec<u64>,
    partial: Vec<i64>,
    pub answers: Vec<Answer>,
    pub cycle: u64,
    /// Cycle of the last `act` transfer.
    pub taken: u64,
}

impl Driver {
    pub fn new(config: &AdcSwitchConfig, seed: u64) -> Self {
        let elements = Elements::from_seed(config, seed);
        let model = AdcSwitchModel::new(config);
        let mut driver = Self {
            device: Crossbar::new(config, &elements, &Imperfections::default()),
            config: config.clone(),
            elements,
            inputs: vec![0; model.layout().input_words],
            outputs: vec![0; model.layout().output_words],
            model,
            partial: Vec::new(),
            answers: Vec::new(),
            cycle: 0,
            taken: 0,
        };
        *driver.input("res_ready_i") = 1;
        driver.settle();
        driver
    }

    pub fn input(&mut self, name: &str) -> &mut u64 {
        &mut self.inputs[self.model.layout().word(name)]
    }

    /// An output as of the last [`Self::settle`] or [`Self::tick`].
    pub fn output(&self, name: &str) -> u64 {
        self.outputs[self.model.layout().word(name)]
    }

    pub fn settle(&mut self) {
        let codes = self.model.layout().slot("adc_code_i");
        self.inputs[codes.word..codes.word + codes.words].fill(0);
        self.device.drive(&mut self.inputs);
        self.model.eval(&self.inputs, &mut self.outputs);
    }

    /// One cycle.
    pub fn tick(&mut self) {
        self.settle();
        if self.output("res_valid_o") & self.inputs[self.model.layout().word("res_ready_i")] == 1 {
            self.collect();
        }
        self.device.clock(&self.outputs);
        self.model.clock(&self.inputs);
        self.cycle += 1;
    }

    fn collect(&mut self) {
        let words = &self.outputs[self.model.layout().words("res_data_o")];
        let lanes = 0..self.config.adcs as usize;
        let values = lanes.map(|lane| signed_field(words, lane, self.config.acc_bits));
        self.partial.extend(values);
        let full = self.partial.len() == self.config.elements() as usize;
        assert_eq!(full, self.output("res_last_o") == 1, "`last` ends a result");
        if full {
            let answer = (self.output("res_tag_o"), std::mem::take(&mut self.partial));
            self.answers.push(answer);
        }
    }

    /// Offers an activation until it is taken.
    pub fn send(&mut self, act: Act) {
        let pins = self.model.layout().words("act_rows_i");
        let rows = &act.rows.words()[..pins.len()];
        self.inputs[pins].copy_from_slice(rows);
        *self.input("act_tag_i") = act.tag;
        *self.input("act_last_i") = act.last.into();
        *self.input("act_valid_i") = 1;
        for _ in 0..100_000 {
            self.tick();
            if self.output("act_ready_o") == 1 {
                *self.input("act_valid_i") = 0;
                self.taken = self.cycle - 1;
                return;
            }
        }
        panic!("an activation is not taken");
    }

    /// Sends one query that consists of these activations.
    pub fn query(&mut self, tag: u64, activations: &[Rows]) {
        for (at, &rows) in activations.iter().enumerate() {
            let last = at + 1 == activations.len();
            self.send(Act { rows, tag, last });
        }
    }

    /// Until the controller is at rest.
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

    /// What a query must give, by direct summation.
    pub fn expected(&self, activations: &[Rows]) -> Vec<i64> {
        let mut sums = vec![0; self.config.elements() as usize];
        for row in activations.iter().flat_map(Rows::iter) {
            for (sum, &element) in sums.iter_mut().zip(self.elements.row(row)) {
                *sum += i64::from(element);
            }
        }
        sums
    }

    pub fn counter(&mut self, select: u64) -> u64 {
        *self.input("ctr_sel_i") = select;
        self.settle();
        self.output("ctr_o")
    }
}

/// A random bitmap of `count` rows.
pub fn rows(config: &AdcSwitchConfig, count: u32, rng: &mut SplitMix64) -> Rows {
    let mut all: Vec<usize> = (0..config.rows as usize).collect();
    for at in (1..all.len()).rev() {
        all.swap(at, rng.below(at as u64 + 1) as usize);
    }
    all.into_iter().take(count as usize).collect()
}
