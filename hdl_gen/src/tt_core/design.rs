//! How the tensor-train core's modules are connected (`docs/tt_core.md`).

use super::dims::Dims;
use super::operations::{miss_w, operations};
use super::parts::Parts;
use super::sizes::{Boundary, Stage};
use crate::block::Block;
use crate::design::{Compose, Design, DesignError, Signal};
use blocks::tt_core::TtCoreConfig;
use contract::BlockConfig;

impl Block for TtCoreConfig {
    fn design(&self) -> Result<Design, DesignError> {
        let d = &Dims::new(self);
        let parts = Parts::new(d)?;
        let doc = match self.pooling {
            true => "Rebuilds embedding rows from tensor-train cores and adds up the rows of bags.",
            false => "Rebuilds embedding rows from tensor-train cores.",
        };
        let mut top = Compose::new(Self::TOP, doc, &self.ports());
        instances(&mut top, &parts, d);
        ports(&mut top, d);
        loading(&mut top, d);
        operations(&mut top, d);
        for stage in &d.stages {
            products(&mut top, d, stage);
        }
        for boundary in &d.boundaries {
            entries(&mut top, boundary);
        }
        results(&mut top, d);
        events(&mut top, d);
        Design::new(top.finish()?, parts.into_modules())
    }
}

fn instances(top: &mut Compose, parts: &Parts, d: &Dims) {
    top.instance("u_status", &parts.status)
        .comment("Counters, errors.");
    top.instance("u_load", &parts.load)
        .comment("Tables come in.");
    top.instance("u_tables", &parts.tables);
    for (core, module) in d.cores.iter().zip(&parts.memories) {
        top.instance(&format!("u_memory{}", core.k), module);
    }
    top.instance("u_rows", &parts.rows)
        .comment("Rows come in, and become operations.");
    if d.boundaries.len() > 1 {
        top.instance("u_misses", &parts.stream_fifo)
            .param("Width", miss_w(d))
            .param("Depth", 2);
    }
    for (boundary, module) in d.boundaries.iter().zip(&parts.prefixes).rev() {
        top.instance(&format!("u_prefix{}", boundary.k), module);
    }
    for (at, stage) in d.stages.iter().enumerate() {
        let k = stage.k;
        let comment = match stage.last {
            true => "The last stage makes rows.".to_owned(),
            false => format!("Stage {k} makes products that rows with the same prefix share."),
        };
        top.instance(&format!("u_ops{k}"), &parts.stream_fifo)
            .param("Width", stage.op_w(d))
            .param("Depth", if stage.last { d.row_queue } else { d.entries })
            .comment(&comment);
        top.instance(&format!("u_stage{k}"), &parts.stages[at]);
        let sum_w = if stage.last { 32 } else { sum_w(d, stage) };
        let macs = top
            .instance(&format!("u_macs{k}"), &parts.macs)
            .param("Rows", stage.rows)
            .param("Cols", stage.cols)
            .param("Rank", stage.rank);
        if !d.float {
            macs.param("SumW", sum_w);
        }
        if let (Some(convert), false) = (&parts.convert, stage.last) {
            let convert = top
                .instance(&format!("u_convert{k}"), convert)
                .param("Lanes", stage.lanes());
            if !d.float {
                convert.param("SumW", sum_w);
            }
        }
        if !stage.last {
            top.instance(&format!("u_entries{k}"), &parts.entries[at]);
        }
    }
    top.instance("u_bags", &parts.bags)
        .comment("Rows become results.");
    if let Some(pool) = &parts.pool {
        top.instance("u_pool", pool);
    }
    top.instance("u_results", &parts.results);
}

/// Bits of a sum between stages.
fn sum_w(d: &Dims, stage: &Stage) -> u32 {
    match d.float {
        true => 32,
        false => 16 + stage.rank.ilog2(),
    }
}

/// Which module serves which port of the top.
fn ports(top: &mut Compose, d: &Dims) {
    for (port, takers) in [
        ("abort_i", &["u_status"][..]),
        ("clear_i", &["u_status"]),
        ("ctr_sel_i", &["u_status"]),
        (
            "row_table_i",
            if d.several() {
                &["u_tables", "u_rows"]
            } else {
                &["u_tables"]
            },
        ),
        ("row_id_i", &["u_tables", "u_rows"]),
        ("row_valid_i", &["u_rows"]),
        ("row_bag_i", &["u_rows"]),
    ] {
        for taker in takers {
            top.wire(port, &[&format!("{taker}.{port}")]);
        }
    }
    if d.pooling {
        top.wire("row_last_i", &["u_rows.row_last_i"]);
    }
    for (port, instance) in [
        ("ctr_o", "u_status"),
        ("err_o", "u_status"),
        ("busy_o", "u_status"),
        ("tables_o", "u_tables"),
        ("row_ready_o", "u_rows"),
    ] {
        top.wire(&format!("{instance}.{port}"), &[port]);
    }
    top.stream(&["load", "u_load.load"]);
    // {bag, err, last, beat}
    let (beat, bag) = (d.beat_bits, d.bag_w);
    top.wire("u_results.valid_o", &["res_valid_o"]);
    top.wire("res_ready_i", &["u_results.ready_i"]);
    for (port, high, low) in [
        ("res_data_o", beat - 1, 0),
        ("res_last_o", beat, beat),
        ("res_err_o", beat + 1, beat + 1),
        ("res_bag_o", beat + bag + 1, beat + 2),
    ] {
        top.drive(port, Signal::bits("u_results.data_o", high, low));
    }
}

/// The low `width` bits of an output that has `of` bits.
fn low(path: &str, of: u32, width: u32) -> Signal {
    match of == width {
        true => path.into(),
        false => Signal::bits(path, width - 1, 0),
    }
}

/// Loads: tables and memories.
fn loading(top: &mut Compose, d: &Dims) {
    top.wire("load_table_i", &["u_tables.revoke_table_i"]);
    top.link("u_load", "u_tables");
    if d.several() {
        top.wire("u_load.table_o", &["u_tables.grant_table_i"]);
    }
    let mut reads = vec!["u_stage1.row_read_o".to_owned()];
    for core in &d.cores {
        let memory = format!("u_memory{}", core.k);
        let (stage, from) = match core.k {
            1 => (1, "row"),
            k => (k - 1, "col"),
        };
        let stage = format!("u_stage{stage}");
        let at = core.k - 1;
        top.wire(
            &format!("{stage}.{from}_read_o"),
            &[&format!("{memory}.read_i")],
        );
        top.wire(
            &format!("{stage}.{from}_digit_o"),
            &[&format!("{memory}.read_digit_i")],
        );
        if core.part_w > 0 {
            let part = if core.k == 1 { "group" } else { "chunk" };
            top.wire(
                &format!("{stage}.{from}_{part}_o"),
                &[&format!("{memory}.read_part_i")],
            );
        }
        if d.several() {
            top.wire(
                &format!("{stage}.table_o"),
                &[&format!("{memory}.read_table_i")],
            );
            top.wire("u_load.table_o", &[&format!("{memory}.write_table_i")]);
        }
        top.drive(
            &format!("{memory}.write_i"),
            Signal::bits("u_load.write_o", at, at),
        );
        let line = low("u_load.line_o", d.line_w, core.num_w());
        top.drive(&format!("{memory}.write_line_i"), line);
        let data = low("u_load.line_data_o", d.line_bits(), core.line_bits);
        top.drive(&format!("{memory}.write_data_i"), data);
        if core.k > 1 {
            reads.push(format!("{stage}.col_read_o"));
        }
    }
    top.drive("u_load.read_i", Signal::concat(reads.into_iter().rev()));
    for stage in &d.stages {
        let hold = |at| Signal::bits("u_load.hold_o", at, at);
        let held = match stage.k {
            1 => Signal::or([hold(1), hold(0)]),
            k => hold(k),
        };
        top.drive(&format!("u_stage{}.held_i", stage.k), held);
    }
}

/// Operands of a stage.
fn products(top: &mut Compose, d: &Dims, stage: &Stage) {
    let k = stage.k;
    let macs = format!("u_macs{k}");
    top.link(&format!("u_stage{k}"), &macs);
    let a = match k {
        1 => "u_memory1.read_data_o".to_owned(),
        _ => format!("u_entries{}.read_data_o", k - 1),
    };
    top.wire(&a, &[&format!("{macs}.a_i")]);
    top.wire(
        &format!("u_memory{}.read_data_o", k + 1),
        &[&format!("{macs}.b_i")],
    );
    if stage.last {
        return;
    }
    let words = match d.elem_w {
        32 => format!("{macs}.sum_o"),
        _ => {
            let convert = format!("u_convert{k}");
            top.link(&macs, &convert);
            if !d.float {
                top.wire(
                    &format!("u_tables.mult{k}_o"),
                    &[&format!("{convert}.mult_i")],
                );
                top.wire(
                    &format!("u_tables.shift{k}_o"),
                    &[&format!("{convert}.shift_i")],
                );
                if d.several() {
                    let table = format!("u_stage{k}.scale_table_o");
                    top.wire(&table, &[&format!("{convert}.table_i")]);
                }
            }
            format!("{convert}.word_o")
        }
    };
    top.wire(&words, &[&format!("u_entries{k}.write_data_i")]);
}

/// Who writes and reads the entries of a boundary.
fn entries(top: &mut Compose, boundary: &Boundary) {
    let k = boundary.k;
    let (writer, reader) = (format!("u_stage{k}"), format!("u_stage{}", k + 1));
    top.link(&writer, &format!("u_entries{k}"));
    for name in ["read", "entry", "group"] {
        let taker = match name {
            "read" => "read_i".to_owned(),
            _ => format!("read_{name}_i"),
        };
        top.wire(
            &format!("{reader}.row_{name}_o"),
            &[&format!("u_entries{k}.{taker}")],
        );
    }
}

/// From the last stage's sums to results.
fn results(top: &mut Compose, d: &Dims) {
    let k = d.last_stage().k;
    let (stage, sums) = (format!("u_stage{k}"), format!("u_macs{k}.sum_o"));
    top.link(&stage, "u_bags");
    if d.pooling {
        top.wire(&sums, &["u_pool.row_i"]);
        top.link("u_bags", "u_pool");
    } else {
        top.wire(&sums, &["u_bags.sum_i"]);
    }
    top.wire("u_bags.res_valid_o", &["u_results.valid_i"]);
    top.wire("u_bags.res_data_o", &["u_results.data_i"]);
    top.open("u_results.ready_o"); // rows begin only if there is room
    let popped = || [Signal::from("u_results.valid_o"), "res_ready_i".into()];
    top.drive("u_bags.pop_i", Signal::and(popped()));
    let last = Signal::bits("u_results.data_o", d.beat_bits, d.beat_bits);
    top.drive(
        "u_status.result_i",
        Signal::and(popped().into_iter().chain([last])),
    );
    top.wire(&format!("{stage}.ended_o"), &["u_tables.ended_i"]);
    if d.several() {
        top.wire(&format!("{stage}.table_o"), &["u_tables.ended_table_i"]);
    }
}

/// What is counted, and resets.
fn events(top: &mut Compose, d: &Dims) {
    let each = |of: &str, port: &str, numbers: &mut dyn Iterator<Item = u32>| {
        Signal::concat(numbers.map(|k| format!("u_{of}{k}.{port}")))
    };
    let mut stages = d.stages.iter().map(|s| s.k).rev();
    top.drive("u_status.begun_i", each("stage", "begun_o", &mut stages));
    if d.has_prefixes() {
        let mut boundaries = d.boundaries.iter().map(|b| b.k).rev();
        top.drive("u_status.hit_i", each("prefix", "hit_o", &mut boundaries));
        let starved = format!("u_stage{}.starved_o", d.last_stage().k);
        top.wire(&starved, &["u_status.starved_i"]);
    }
    if d.pooling {
        top.wire("u_bags.done_o", &["u_status.done_i"]);
    }
    top.wire("u_load.waits_o", &["u_status.load_waits_i"]);
    top.wire("u_rows.waits_o", &["u_status.rows_wait_i"]);
    let mut others = vec!["u_load".to_owned(), "u_tables".into(), "u_rows".into()];
    if d.boundaries.len() > 1 {
        others.push("u_misses".into());
    }
    others.extend(d.boundaries.iter().map(|b| format!("u_prefix{}", b.k)));
    for stage in &d.stages {
        others.push(format!("u_ops{}", stage.k));
        others.push(format!("u_stage{}", stage.k));
    }
    others.extend(["u_bags".to_owned(), "u_results".into()]);
    for other in &others {
        top.link("u_status", other);
    }
    top.link("u_rows", "u_tables");
}
