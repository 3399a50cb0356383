//! Where the controller's ports are in the harness's frames. Each port is named here, once for model,
//! system, stimulus and monitor.

use std::ops::Range;

use contract::{BlockConfig, PortLayout, Stream};

use super::params::AdcSwitchConfig;

/// Words of the frames.
#[derive(Clone, Debug)]
pub struct Pins {
    pub act: Stream,
    pub act_rows: Range<usize>,
    pub act_tag: usize,
    pub act_last: usize,
    pub codes: Range<usize>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,

    pub res: Stream,
    pub res_data: Range<usize>,
    pub res_tag: usize,
    pub res_last: usize,
    /// Word lines.
    pub wl: Range<usize>,
    pub sample: usize,
    pub start: usize,
    pub col: usize,
    pub enable: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
}

impl Pins {
    /// Levels that end whatever is in flight.
    pub const PULSES: [&'static str; 2] = ["abort_i", "clear_i"];
    /// The level input that carries the ADCs' codes.
    pub const CODES: &'static str = "adc_code_i";

    /// Of a configuration that is valid.
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        let at = |name: &str| layout.word(name);
        let [abort, clear] = Self::PULSES.map(at);
        Self {
            act: layout.stream("act"),
            act_rows: layout.words("act_rows_i"),
            act_tag: at("act_tag_i"),
            act_last: at("act_last_i"),
            codes: layout.words(Self::CODES),
            abort,
            clear,
            ctr_sel: at("ctr_sel_i"),
            res: layout.stream("res"),
            res_data: layout.words("res_data_o"),
            res_tag: at("res_tag_o"),
            res_last: at("res_last_o"),
            wl: layout.words("wl_o"),
            sample: at("sample_o"),
            start: at("adc_start_o"),
            col: at("adc_col_o"),
            enable: at("adc_en_o"),
            ctr: at("ctr_o"),
            err: at("err_o"),
            busy: at("busy_o"),
        }
    }
}
