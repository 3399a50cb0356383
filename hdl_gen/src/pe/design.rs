//! How the PE's modules are connected (`docs/pe.md`).

use super::dims::Dims;
use super::parts::{MatchFront, Parts};
use crate::block::Block;
use crate::design::{Compose, Design, DesignError};
use blocks::pe::PeConfig;
use contract::BlockConfig;

impl Block for PeConfig {
    fn design(&self) -> Result<Design, DesignError> {
        let d = &Dims::new(self);
        let parts = Parts::new(self, d)?;
        let mut top = Compose::new(
            Self::TOP,
            "Reduces embedding bags near the memory: each vector read once, equal sums added once.",
            &self.ports(),
        );
        instances(&mut top, &parts, self, d);
        streams(&mut top, d);
        levels(&mut top, d);
        Design::new(top.finish()?, parts.into_modules())
    }
}

fn instances(top: &mut Compose, parts: &Parts, c: &PeConfig, d: &Dims) {
    top.instance("u_control", &parts.control)
        .comment("Commands, counters, errors.");
    let note = "Look-ups become operations.";
    if let Some(MatchFront { ids, matcher }) = &parts.front {
        top.instance("u_ids", ids)
            .comment("Which queries ask for a vector.");
        top.instance("u_match", matcher);
        top.instance("u_rows", &parts.rows).comment(note);
    } else {
        top.instance("u_requests", &parts.stream_fifo)
            .param("Width", d.req_w())
            .param("Depth", 2)
            .comment(note);
        top.instance("u_rows", &parts.rows);
    }
    top.instance("u_lookup", &parts.lookup);
    top.instance("u_groups", &parts.groups);
    top.instance("u_slots", &parts.slots);
    top.instance("u_ops", &parts.stream_fifo)
        .param("Width", d.op_w())
        .param("Depth", c.op_queue)
        .comment("Operations on partial sums.");
    top.instance("u_issue", &parts.issue);
    top.instance("u_vectors", &parts.vectors)
        .comment("Vectors in.");
    top.instance("u_datapath", &parts.datapath)
        .comment("Sums, and results out.");
    top.instance("u_res_fifo", &parts.res_fifo);
    top.instance("u_results", &parts.results);
}

fn streams(top: &mut Compose, d: &Dims) {
    top.stream(&["cmd", "u_control.cmd"]);
    if d.matches {
        top.stream(&["req", "u_match.list"]);
        top.stream(&["u_match.req", "u_rows.req"]);
        top.stream(&["u_ids.id", "u_match.id"]);
        top.stream(&["vec", "u_ids.vec"]);
        top.stream(&["u_ids.out", "u_vectors.vec"]);
    } else {
        top.stream(&["req", "u_requests", "u_rows.req"]);
        top.stream(&["vec", "u_vectors.vec"]);
    }
    top.stream(&["u_rows.row", "u_lookup.row"]);
    top.stream(&["u_lookup.op", "u_ops", "u_issue.op"]);
    top.wire("u_datapath.out_valid_o", &["u_res_fifo.valid_i"]);
    top.wire("u_datapath.out_data_o", &["u_res_fifo.data_i"]);
    top.open("u_res_fifo.ready_o"); // credits: there is room
    top.stream(&["u_res_fifo", "u_results.in"]);
    top.stream(&["u_results.res", "res"]);
    if d.update {
        top.stream(&["u_results.wb", "wb"]);
    }
}

/// First the levels that have another name at each end, then, by name, all others.
fn levels(top: &mut Compose, d: &Dims) {
    for level in ["abort_i", "clear_i", "ctr_sel_i"] {
        top.wire(level, &[&format!("u_control.{level}")]);
    }
    for level in ["ctr_o", "err_o", "busy_o"] {
        top.wire(&format!("u_control.{level}"), &[level]);
    }
    for (from, to) in [
        // control
        ("u_rows.idle_o", "u_control.rows_idle_i"),
        ("u_lookup.idle_o", "u_control.lookup_idle_i"),
        ("u_issue.idle_o", "u_control.issue_idle_i"),
        ("u_issue.waits_o", "u_control.op_waits_i"),
        ("u_rows.err_grad_o", "u_control.err_grad_rows_i"),
        ("u_lookup.err_grad_o", "u_control.err_grad_i"),
        ("u_control.slot_we_o", "u_slots.clear_we_i"),
        ("u_control.slot_addr_o", "u_slots.clear_addr_i"),
        ("u_control.rows_we_o", "u_rows.clear_we_i"),
        ("u_control.rows_pair_o", "u_rows.clear_pair_i"),
        // look-ups, their rows and the slot table
        ("u_lookup.busy_o", "u_rows.busy_i"),
        ("u_lookup.tab_req_o", "u_slots.req_i"),
        ("u_lookup.tab_we_o", "u_slots.we_i"),
        ("u_lookup.tab_addr_o", "u_slots.addr_i"),
        ("u_lookup.tab_wref_o", "u_slots.wref_i"),
        ("u_slots.ref_o", "u_lookup.tab_ref_i"),
        ("u_slots.tag_o", "u_lookup.tab_tag_i"),
        ("u_slots.z_o", "u_lookup.tab_z_i"),
        ("u_slots.d_o", "u_lookup.tab_d_i"),
        // execution
        ("u_results.pop_o", "u_issue.out_pop_i"),
    ] {
        top.wire(from, &[to]);
    }
    let clears = ["u_slots.clear_i", "u_rows.clear_i"];
    top.wire("u_control.tables_clear_o", &clears);
    if !d.even() {
        // There is one beat only.
        for beat in ["main_beat_o", "side_beat_o", "fill_beat_o", "write_beat_o"] {
            top.open(&format!("u_issue.{beat}"));
        }
    }

    let front: &[&str] = if d.matches {
        &["u_match", "u_ids"]
    } else {
        &["u_requests"]
    };
    let others = [
        "u_rows",
        "u_lookup",
        "u_groups",
        "u_slots",
        "u_ops",
        "u_issue",
        "u_vectors",
        "u_datapath",
        "u_res_fifo",
        "u_results",
    ];
    for instance in front.iter().chain(&others) {
        top.link("u_control", instance);
    }
    for (one, other) in [
        ("u_rows", "u_lookup"),
        ("u_lookup", "u_groups"),
        ("u_lookup", "u_slots"),
        ("u_groups", "u_slots"),
        ("u_issue", "u_vectors"),
        ("u_issue", "u_datapath"),
        ("u_vectors", "u_datapath"),
    ] {
        top.link(one, other);
    }
}
