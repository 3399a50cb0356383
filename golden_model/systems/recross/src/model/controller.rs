//! A running controller, its streams always ready, counted at its pins.

use blocks::adc_switch::AdcSwitchConfig;

use super::tally::{Tally, TallyPins};
use contract::frame::signed_field;
use contract::{Clocked, Device};
use models::adc_switch::device::Crossbar;
use models::adc_switch::{AdcSwitchModel, Rows};

/// The golden model of a controller and what drives it.
pub struct Controller {
    model: AdcSwitchModel,
    /// Without one all codes are 0: when things happen does not depend on codes.
    device: Option<Crossbar>,
    pins: Pins,
    inputs: Vec<u64>,
    outputs: Vec<u64>,
    tag: u64,
    tags: u64,
    pub seen: Tally,
    /// Elements of the results so far, if there is a device.
    pub results: Vec<i64>,
}

/// Words of the frames.
struct Pins {
    rows: usize,
    row_words: usize,
    act_valid: usize,
    act_ready: usize,
    tag: usize,
    last: usize,
    res_valid: usize,
    data: std::ops::Range<usize>,
    acc_bits: u32,
    lanes: usize,
    codes: std::ops::Range<usize>,
    busy: usize,
    tally: TallyPins,
}

impl Controller {
    /// A controller of a valid configuration, after reset.
    pub fn new(config: &AdcSwitchConfig, device: Option<Crossbar>) -> Self {
        let model = AdcSwitchModel::new(config);
        let layout = model.layout();
        let at = |name: &str| layout.word(name);
        let pins = Pins {
            rows: at("act_rows_i"),
            row_words: layout.slot("act_rows_i").words,
            act_valid: at("act_valid_i"),
            act_ready: at("act_ready_o"),
            tag: at("act_tag_i"),
            last: at("act_last_i"),
            res_valid: at("res_valid_o"),
            data: layout.words("res_data_o"),
            acc_bits: config.acc_bits,
            lanes: config.adcs as usize,
            codes: layout.words("adc_code_i"),
            busy: at("busy_o"),
            tally: TallyPins::new(layout),
        };
        let mut inputs = vec![0; layout.input_words];
        inputs[at("res_ready_i")] = 1;
        let outputs = vec![0; layout.output_words];
        Self {
            model,
            device,
            pins,
            inputs,
            outputs,
            tag: 0,
            tags: 1 << config.tag_bits,
            seen: Tally::default(),
            results: Vec::new(),
        }
    }

    /// Sends a query of these activations. It must be one that the controller accepts: at least
    /// one activation, and no more rows in all than an accumulator holds.
    pub fn query(&mut self, activations: &[Rows]) {
        self.tag = (self.tag + 1) % self.tags;
        for (at, rows) in activations.iter().enumerate() {
            let Pins {
                rows: first,
                row_words,
                ..
            } = self.pins;
            self.inputs[first..][..row_words].copy_from_slice(&rows.words()[..row_words]);
            self.inputs[self.pins.tag] = self.tag;
            self.inputs[self.pins.last] = u64::from(at + 1 == activations.len());
            self.inputs[self.pins.act_valid] = 1;
            while !self.cycle() {}
        }
        self.inputs[self.pins.act_valid] = 0;
    }

    /// Waits until all results have left.
    pub fn drain(&mut self) {
        self.inputs[self.pins.act_valid] = 0;
        self.cycle();
        while self.outputs[self.pins.busy] != 0 {
            self.cycle();
        }
    }

    /// One cycle; returns whether an activation can be accepted in it.
    fn cycle(&mut self) -> bool {
        let pins = &self.pins;
        if let Some(device) = &self.device {
            self.inputs[pins.codes.clone()].fill(0);
            device.drive(&mut self.inputs);
        }
        self.model.eval(&self.inputs, &mut self.outputs);
        let outputs = &self.outputs;
        self.seen.cycle(&pins.tally, outputs);
        if let Some(device) = &mut self.device {
            if outputs[pins.res_valid] != 0 {
                let data = &outputs[pins.data.clone()];
                let lane = |lane| signed_field(data, lane, pins.acc_bits);
                self.results.extend((0..pins.lanes).map(lane));
            }
            device.clock(outputs);
        }
        self.model.clock(&self.inputs);
        self.outputs[self.pins.act_ready] != 0
    }
}

#[cfg(test)]
mod tests {
    use contract::BlockConfig;

    use super::*;
    use models::adc_switch::device::{Elements, Imperfections};

    /// Counts at the pins equal the controller's own counters, with a device and without; the
    /// results are the sums.
    #[test]
    fn counts_and_sums() {
        for (name, config) in AdcSwitchConfig::named() {
            let elements = Elements::from_seed(&config, 1);
            let crossbar = Crossbar::new(&config, &elements, &Imperfections::default());
            let rows = |count: usize| (0..count).collect::<Rows>();
            let queries: [&[Rows]; 5] = [
                &[rows(1)],
                &[rows(16), rows(7), rows(0)],
                &[rows(0)],
                &[rows(3)],
                &[rows(2), rows(2)],
            ];
            let mut seen = Vec::new();
            for device in [Some(crossbar), None] {
                let ideal = device.is_some();
                let mut controller = Controller::new(&config, device);
                queries.iter().for_each(|query| controller.query(query));
                controller.drain();
                if ideal {
                    let sum = |query: &[Rows], element: usize| -> i64 {
                        let rows = query.iter().flat_map(Rows::iter);
                        rows.map(|row| i64::from(elements.row(row)[element])).sum()
                    };
                    let all = 0..config.elements() as usize;
                    let sums = queries.iter().map(|query| (query, all.clone()));
                    let sums = sums.flat_map(|(query, all)| all.map(move |at| sum(query, at)));
                    assert_eq!(controller.results, sums.collect::<Vec<_>>(), "{name}");
                }
                let mut counter = |select| {
                    let at = controller.model.layout().word("ctr_sel_i");
                    controller.inputs[at] = select;
                    controller.cycle();
                    let at = controller.model.layout().word("ctr_o");
                    controller.outputs[at]
                };
                let (cycles, accesses) = (counter(0), counter(4));
                assert_eq!(controller.seen.cycles, cycles, "{name}");
                assert_eq!(controller.seen.accesses.iter().sum::<u64>(), accesses);
                seen.push(controller.seen);
            }
            assert_eq!(seen[0], seen[1], "{name}");
        }
    }
}
