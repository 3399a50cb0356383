//! Word indices of the PE's ports in the harness's frames, looked up once.

use super::shape::Shape;
use contract::PortLayout;

/// Every port but the vector data and the results fits one word; ports of absent hardware are `None`.
#[derive(Clone, Debug)]
pub(super) struct Ports {
    pub cmd_valid: usize,
    pub cmd_op: usize,
    pub cmd_retain: usize,
    pub cmd_queries: usize,
    pub cmd_visits: usize,
    pub cmd_lr: Option<usize>,
    pub req_valid: usize,
    pub req: ReqPorts,
    pub req_last: usize,
    pub req_end: usize,
    pub vec_valid: usize,
    pub vec_id: Option<usize>,
    pub vec_data: usize,
    pub vec_words: usize,
    pub res_ready: usize,
    pub wb_ready: Option<usize>,
    pub abort: usize,
    pub clear: usize,
    pub ctr_sel: usize,

    pub cmd_ready: usize,
    pub req_ready: usize,
    pub vec_ready: usize,
    pub res: ResPorts,
    pub wb: Option<WbPorts>,
    pub ctr: usize,
    pub err: usize,
    pub busy: usize,
}

/// What the `req` stream carries besides `last` and `end`.
#[derive(Clone, Debug)]
pub(super) enum ReqPorts {
    /// Rows of look-ups.
    Rows { row: usize, mask: usize },
    /// The queries' lists of ids.
    Lists { query: usize, id: usize },
}

/// The result stream.
#[derive(Clone, Debug)]
pub(super) struct ResPorts {
    pub valid: usize,
    pub row: usize,
    pub mask: usize,
    pub data: usize,
    pub words: usize,
    pub last: usize,
}

/// The write-back stream.
#[derive(Clone, Debug)]
pub(super) struct WbPorts {
    pub valid: usize,
    pub id: usize,
    pub data: usize,
    pub words: usize,
    pub last: usize,
}

impl Ports {
    pub fn new(layout: &PortLayout, shape: &Shape) -> Self {
        let (update, lists) = (shape.update, shape.match_ids != 0);
        let at = |name: &str| layout.word(name);
        let optional = |name: &str| update.then(|| at(name));
        Self {
            cmd_valid: at("cmd_valid_i"),
            cmd_op: at("cmd_op_i"),
            cmd_retain: at("cmd_retain_i"),
            cmd_queries: at("cmd_queries_i"),
            cmd_visits: at("cmd_visits_i"),
            cmd_lr: optional("cmd_lr_i"),
            req_valid: at("req_valid_i"),
            req: if lists {
                let (query, id) = (at("req_query_i"), at("req_id_i"));
                ReqPorts::Lists { query, id }
            } else {
                let (row, mask) = (at("req_row_i"), at("req_mask_i"));
                ReqPorts::Rows { row, mask }
            },
            req_last: at("req_last_i"),
            req_end: at("req_end_i"),
            vec_valid: at("vec_valid_i"),
            vec_id: (update || lists).then(|| at("vec_id_i")),
            vec_data: at("vec_data_i"),
            vec_words: layout.slot("vec_data_i").words,
            res_ready: at("res_ready_i"),
            wb_ready: optional("wb_ready_i"),
            abort: at("abort_i"),
            clear: at("clear_i"),
            ctr_sel: at("ctr_sel_i"),
            cmd_ready: at("cmd_ready_o"),
            req_ready: at("req_ready_o"),
            vec_ready: at("vec_ready_o"),
            res: ResPorts {
                valid: at("res_valid_o"),
                row: at("res_row_o"),
                mask: at("res_mask_o"),
                data: at("res_data_o"),
                words: layout.slot("res_data_o").words,
                last: at("res_last_o"),
            },
            wb: update.then(|| WbPorts {
                valid: at("wb_valid_o"),
                id: at("wb_id_o"),
                data: at("wb_data_o"),
                words: layout.slot("wb_data_o").words,
                last: at("wb_last_o"),
            }),
            ctr: at("ctr_o"),
            err: at("err_o"),
            busy: at("busy_o"),
        }
    }
}
