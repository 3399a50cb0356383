//! Word indices of the controller's ports in the harness's frames, looked up once, and the outputs
//! as they stand.

use std::ops::Range;

use contract::PortLayout;

/// Words of the input frame.
#[derive(Clone, Debug)]
pub(super) struct Inputs {
    pub act_valid: usize,
    pub act_rows: Range<usize>,
    pub act_tag: usize,
    pub act_last: usize,
    pub res_ready: usize,
    pub codes: Range<usize>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,
}

impl Inputs {
    pub fn new(layout: &PortLayout) -> Self {
        Self {
            act_valid: layout.word("act_valid_i"),
            act_rows: layout.words("act_rows_i"),
            act_tag: layout.word("act_tag_i"),
            act_last: layout.word("act_last_i"),
            res_ready: layout.word("res_ready_i"),
            codes: layout.words("adc_code_i"),
            abort: layout.word("abort_i"),
            clear: layout.word("clear_i"),
            ctr_sel: layout.word("ctr_sel_i"),
        }
    }
}

/// The output frame: a stage writes its words when they change, so that showing them is one copy.
///
/// Less `ctr_o` and what steps change in most cycles, which is put into each copy: a copy of words
/// that were written a moment ago, one by one, has to wait for them.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub words: Vec<u64>,
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

impl Outputs {
    pub fn new(layout: &PortLayout) -> Self {
        Self {
            words: vec![0; layout.output_words],
            act_ready: layout.word("act_ready_o"),
            res_valid: layout.word("res_valid_o"),
            res_data: layout.words("res_data_o"),
            res_tag: layout.word("res_tag_o"),
            res_last: layout.word("res_last_o"),
            wl: layout.words("wl_o"),
            sample: layout.word("sample_o"),
            start: layout.word("adc_start_o"),
            col: layout.word("adc_col_o"),
            enable: layout.word("adc_en_o"),
            ctr: layout.word("ctr_o"),
            err: layout.word("err_o"),
            busy: layout.word("busy_o"),
        }
    }
}
