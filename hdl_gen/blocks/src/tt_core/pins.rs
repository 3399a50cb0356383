//! Where the core's ports are in the harness's frames. Each port is named here, once for model, stimulus
//! and monitor.

use std::ops::Range;

use contract::{BlockConfig, PortLayout, Stream};

use super::params::TtCoreConfig;

/// Words of the frames.
#[derive(Clone, Debug)]
pub struct Pins {
    pub load: Stream,
    pub load_start: usize,
    pub load_last: usize,
    pub load_table: usize,
    pub load_data: Range<usize>,
    pub row: Stream,
    pub row_table: usize,
    pub row_id: usize,
    pub row_bag: usize,
    /// With pooling.
    pub row_last: Option<usize>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,

    pub res: Stream,
    pub res_data: Range<usize>,
    pub res_bag: usize,
    pub res_err: usize,
    pub res_last: usize,
    pub tables: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
}

impl Pins {
    /// Levels that end whatever is in flight.
    pub const PULSES: [&'static str; 2] = ["abort_i", "clear_i"];
    /// The levels that carry the errors, and which tables can be used.
    pub const ERROR: &'static str = "err_o";
    pub const TABLES: &'static str = "tables_o";

    /// Of a configuration that is valid.
    pub fn new(config: &TtCoreConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        let at = |name: &str| layout.word(name);
        let [abort, clear] = Self::PULSES.map(at);
        Self {
            load: layout.stream("load"),
            load_start: at("load_start_i"),
            load_last: at("load_last_i"),
            load_table: at("load_table_i"),
            load_data: layout.words("load_data_i"),
            row: layout.stream("row"),
            row_table: at("row_table_i"),
            row_id: at("row_id_i"),
            row_bag: at("row_bag_i"),
            row_last: config.pooling.then(|| at("row_last_i")),
            abort,
            clear,
            ctr_sel: at("ctr_sel_i"),
            res: layout.stream("res"),
            res_data: layout.words("res_data_o"),
            res_bag: at("res_bag_o"),
            res_err: at("res_err_o"),
            res_last: at("res_last_o"),
            tables: at(Self::TABLES),
            ctr: at("ctr_o"),
            err: at(Self::ERROR),
            busy: at("busy_o"),
        }
    }
}
