//! Where the PE's ports are in the harness's frames. Each port is named here, once for model, system,
//! stimulus and monitor.

use std::ops::Range;

use contract::{BlockConfig, PortLayout, Stream};

use super::params::PeConfig;

/// Words of the frames; ports of absent hardware are `None`. All but vector data and results fit one word.
#[derive(Clone, Debug)]
pub struct Pins {
    pub cmd: Stream,
    pub cmd_op: usize,
    pub cmd_retain: usize,
    pub cmd_queries: usize,
    pub cmd_visits: usize,
    /// Learning rate; with update hardware.
    pub cmd_lr: Option<usize>,
    pub req: Stream,
    pub look_ups: LookUpPins,
    pub req_last: usize,
    pub req_end: usize,
    pub vec: Stream,
    pub vec_id: Option<usize>,
    pub vec_data: Range<usize>,
    pub res: ResultPins,
    /// With update hardware.
    pub wb: Option<WritePins>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
    /// Bits of a beat of `req`.
    pub request_bits: u32,
}

/// What the `req` stream carries besides `last` and `end`.
#[derive(Clone, Debug)]
pub enum LookUpPins {
    /// Rows of look-ups: tracker `rename`.
    Rows { row: usize, mask: usize },
    /// The queries' lists of ids: tracker `match`.
    Lists { query: usize, id: usize },
}

/// The result stream.
#[derive(Clone, Debug)]
pub struct ResultPins {
    pub stream: Stream,
    pub row: usize,
    pub mask: usize,
    pub data: Range<usize>,
    pub last: usize,
}

/// The write-back stream.
#[derive(Clone, Debug)]
pub struct WritePins {
    pub stream: Stream,
    pub id: usize,
    pub data: Range<usize>,
    pub last: usize,
}

impl Pins {
    /// Levels that end whatever is in flight.
    pub const PULSES: [&'static str; 2] = ["abort_i", "clear_i"];
    /// The level that carries the first error.
    pub const ERROR: &'static str = "err_o";

    /// Of a configuration that is valid.
    pub fn new(config: &PeConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        let (update, lists) = (config.has_update(), config.has_match());
        let at = |name: &str| layout.word(name);
        let optional = |there: bool, name: &str| there.then(|| layout.word(name));
        let [abort, clear] = Self::PULSES.map(at);
        let look_ups = match lists {
            true => LookUpPins::Lists {
                query: at("req_query_i"),
                id: at("req_id_i"),
            },
            false => LookUpPins::Rows {
                row: at("req_row_i"),
                mask: at("req_mask_i"),
            },
        };
        let payload = layout
            .ports
            .iter()
            .filter(|port| port.stream == Some("req"));
        let payload = payload.filter(|port| port.role == contract::Role::Payload);
        Self {
            cmd: layout.stream("cmd"),
            cmd_op: at("cmd_op_i"),
            cmd_retain: at("cmd_retain_i"),
            cmd_queries: at("cmd_queries_i"),
            cmd_visits: at("cmd_visits_i"),
            cmd_lr: optional(update, "cmd_lr_i"),
            req: layout.stream("req"),
            look_ups,
            req_last: at("req_last_i"),
            req_end: at("req_end_i"),
            vec: layout.stream("vec"),
            vec_id: optional(update || lists, "vec_id_i"),
            vec_data: layout.words("vec_data_i"),
            res: ResultPins {
                stream: layout.stream("res"),
                row: at("res_row_o"),
                mask: at("res_mask_o"),
                data: layout.words("res_data_o"),
                last: at("res_last_o"),
            },
            wb: update.then(|| WritePins {
                stream: layout.stream("wb"),
                id: at("wb_id_o"),
                data: layout.words("wb_data_o"),
                last: at("wb_last_o"),
            }),
            abort,
            clear,
            ctr_sel: at("ctr_sel_i"),
            ctr: at("ctr_o"),
            err: at(Self::ERROR),
            busy: at("busy_o"),
            request_bits: payload.map(|port| port.width).sum(),
        }
    }
}
