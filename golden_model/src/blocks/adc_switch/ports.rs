//! Word indices of the controller's ports in the harness's frames, looked up once.

use std::ops::Range;

use hdl_gen::PortLayout;

#[derive(Clone, Debug)]
pub(super) struct Ports {
    pub act_valid: usize,
    pub act_rows: Range<usize>,
    pub act_tag: usize,
    pub act_last: usize,
    pub res_ready: usize,
    pub codes: Range<usize>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,

    pub act_ready: usize,
    pub res_valid: usize,
    pub res_data: Range<usize>,
    pub res_tag: usize,
    pub res_last: usize,
    pub wl: Range<usize>,
    pub sample: usize,
    pub start: usize,
    pub col: usize,
    pub enable: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
}

impl Ports {
    pub fn new(layout: &PortLayout) -> Self {
        let at = |name: &str| layout.slot(name).word;
        let wide = |name: &str| {
            let slot = layout.slot(name);
            slot.word..slot.word + slot.words
        };
        Self {
            act_valid: at("act_valid_i"),
            act_rows: wide("act_rows_i"),
            act_tag: at("act_tag_i"),
            act_last: at("act_last_i"),
            res_ready: at("res_ready_i"),
            codes: wide("adc_code_i"),
            abort: at("abort_i"),
            clear: at("clear_i"),
            ctr_sel: at("ctr_sel_i"),
            act_ready: at("act_ready_o"),
            res_valid: at("res_valid_o"),
            res_data: wide("res_data_o"),
            res_tag: at("res_tag_o"),
            res_last: at("res_last_o"),
            wl: wide("wl_o"),
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
