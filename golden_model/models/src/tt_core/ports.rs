//! Word indices of the block's ports in the harness's frames, looked up once.

use std::ops::Range;

use contract::PortLayout;

#[derive(Clone, Debug)]
pub(super) struct Ports {
    pub load_valid: usize,
    pub load_start: usize,
    pub load_last: usize,
    pub load_table: usize,
    pub load_data: Range<usize>,
    pub row_valid: usize,
    pub row_table: usize,
    pub row_id: usize,
    pub row_bag: usize,
    /// With pooling.
    pub row_last: Option<usize>,
    pub res_ready: usize,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,

    pub load_ready: usize,
    pub row_ready: usize,
    pub res_valid: usize,
    pub res_data: Range<usize>,
    pub res_bag: usize,
    pub res_err: usize,
    pub res_last: usize,
    pub tables: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
}

impl Ports {
    pub fn new(layout: &PortLayout, pooling: bool) -> Self {
        let at = |name: &str| layout.slot(name).word;
        let wide = |name: &str| {
            let slot = layout.slot(name);
            slot.word..slot.word + slot.words
        };
        Self {
            load_valid: at("load_valid_i"),
            load_start: at("load_start_i"),
            load_last: at("load_last_i"),
            load_table: at("load_table_i"),
            load_data: wide("load_data_i"),
            row_valid: at("row_valid_i"),
            row_table: at("row_table_i"),
            row_id: at("row_id_i"),
            row_bag: at("row_bag_i"),
            row_last: pooling.then(|| at("row_last_i")),
            res_ready: at("res_ready_i"),
            abort: at("abort_i"),
            clear: at("clear_i"),
            ctr_sel: at("ctr_sel_i"),
            load_ready: at("load_ready_o"),
            row_ready: at("row_ready_o"),
            res_valid: at("res_valid_o"),
            res_data: wide("res_data_o"),
            res_bag: at("res_bag_o"),
            res_err: at("res_err_o"),
            res_last: at("res_last_o"),
            tables: at("tables_o"),
            ctr: at("ctr_o"),
            err: at("err_o"),
            busy: at("busy_o"),
        }
    }
}
