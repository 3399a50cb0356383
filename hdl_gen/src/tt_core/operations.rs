//! How rows become operations of stages, boundary by boundary (section 6 of `docs/tt_core.md`).

use super::dims::Dims;
use super::sizes::Boundary;
use crate::design::{Compose, Signal};

/// Something that needs a product and the operation that will use it.
struct Asker {
    stream: &'static str,
    /// Output that has the table, and the digits up to the one that is multiplied next.
    table: Signal,
    digits: Vec<Signal>,
    /// Where the operation's result goes.
    dest: Vec<Signal>,
}

/// Bits of what waits for the boundary before the last one: table, three digits and an entry.
pub(super) fn miss_w(d: &Dims) -> u32 {
    d.table_w() + d.digit_ranks() + d.entry_w()
}

/// The digits but the last in `of`, where the lowest bit of the last of them is bit `low`.
fn heads(d: &Dims, of: &str, mut low: u32) -> Vec<Signal> {
    if low + d.digit_ranks() == 1 {
        // A single bit has none to choose from.
        return vec![of.into()];
    }
    let mut digits: Vec<Signal> = Vec::new();
    for core in d.cores.iter().rev().skip(1) {
        digits.insert(0, Signal::bits(of, low + core.digit_w - 1, low));
        low += core.digit_w;
    }
    digits
}

/// Rows become operations: the last stage's, and those that make what it needs.
pub(super) fn operations(top: &mut Compose, d: &Dims) {
    let mut digits = heads(d, "u_rows.dig_heads_o", 0);
    digits.push("u_rows.dig_tail_o".into());
    let mut dest: Vec<Signal> = vec!["u_rows.dig_bag_o".into()];
    if d.pooling {
        dest.push("u_rows.dig_last_o".into());
    }
    dest.push("u_rows.dig_bad_o".into());
    let row = Asker {
        stream: "u_rows.dig",
        table: "u_rows.dig_table_o".into(),
        digits,
        dest,
    };
    match d.boundaries.as_slice() {
        [] => {
            top.wire("u_rows.dig_valid_o", &["u_ops1.valid_i"]);
            top.wire("u_ops1.ready_o", &["u_rows.dig_ready_i"]);
            let source = row.digits[0].clone();
            operation(top, d, 1, source, &row);
        }
        [only] => {
            ask(top, d, only, &row);
            make(top, d, &row);
        }
        [.., outer] => {
            ask(top, d, outer, &row);
            let word = [
                Signal::from("u_rows.dig_heads_o"),
                "u_prefix2.use_entry_o".into(),
            ];
            let table = d.several().then(|| row.table.clone());
            top.drive(
                "u_misses.data_i",
                Signal::concat(table.into_iter().chain(word)),
            );
            top.wire("u_prefix2.make_valid_o", &["u_misses.valid_i"]);
            top.wire("u_misses.ready_o", &["u_prefix2.make_ready_i"]);
            let (of, entry, all) = ("u_misses.data_o", d.entry_w(), miss_w(d));
            let miss = Asker {
                stream: "u_misses.",
                table: Signal::bits(of, all - 1, all.saturating_sub(d.table_w())),
                digits: heads(d, of, entry),
                dest: vec![Signal::bits(of, entry - 1, 0)],
            };
            ask(top, d, &d.boundaries[0], &miss);
            make(top, d, &miss);
        }
    }
    for stage in &d.stages {
        let (ops, taker) = (format!("u_ops{}", stage.k), format!("u_stage{}", stage.k));
        for name in ["valid", "data"] {
            top.wire(
                &format!("{ops}.{name}_o"),
                &[&format!("{taker}.op_{name}_i")],
            );
        }
        top.wire(&format!("{taker}.op_ready_o"), &[&format!("{ops}.ready_i")]);
    }
}

/// `asker` asks `boundary`, and goes on to the stage behind it.
fn ask(top: &mut Compose, d: &Dims, boundary: &Boundary, asker: &Asker) {
    let k = boundary.k as usize;
    let (prefix, ops) = (format!("u_prefix{k}"), format!("u_ops{}", k + 1));
    let stream = match asker.stream {
        "u_misses." => asker.stream.to_owned(),
        named => format!("{named}_"),
    };
    top.wire(
        &format!("{stream}valid_o"),
        &[&format!("{prefix}.ask_valid_i")],
    );
    top.wire(
        &format!("{prefix}.ask_ready_o"),
        &[&format!("{stream}ready_i")],
    );
    if d.several() {
        top.drive(&format!("{prefix}.ask_table_i"), asker.table.clone());
    }
    let key = match boundary.outer {
        true => Signal::from("u_rows.dig_heads_o"),
        false => Signal::concat(asker.digits[..=k].iter().cloned()),
    };
    top.drive(&format!("{prefix}.ask_digits_i"), key);
    if boundary.outer {
        top.wire("u_rows.dig_bad_o", &[&format!("{prefix}.ask_bad_i")]);
    }
    top.wire(
        &format!("{prefix}.use_valid_o"),
        &[&format!("{ops}.valid_i")],
    );
    top.wire(
        &format!("{ops}.ready_o"),
        &[&format!("{prefix}.use_ready_i")],
    );
    let entry = format!("{prefix}.use_entry_o");
    operation(top, d, k + 1, entry.as_str().into(), asker);
    // What the entries need to know.
    top.wire(
        &format!("u_stage{k}.done_o"),
        &[&format!("{prefix}.done_i")],
    );
    top.wire(
        &format!("u_stage{k}.write_entry_o"),
        &[&format!("{prefix}.done_entry_i")],
    );
    top.wire(
        &format!("u_stage{}.ended_o", k + 1),
        &[&format!("{prefix}.free_i")],
    );
    top.wire(
        &format!("u_stage{}.row_entry_o", k + 1),
        &[&format!("{prefix}.free_entry_i")],
    );
    top.wire(
        &format!("{prefix}.done_o"),
        &[&format!("u_stage{}.done_i", k + 1)],
    );
    top.wire("u_load.start_o", &[&format!("{prefix}.drop_i")]);
    if d.several() {
        top.wire("u_load.held_table_o", &[&format!("{prefix}.drop_table_i")]);
    }
}

/// Stage 1 makes what `asker` did not find at boundary 1.
fn make(top: &mut Compose, d: &Dims, asker: &Asker) {
    top.wire("u_prefix1.make_valid_o", &["u_ops1.valid_i"]);
    top.wire("u_ops1.ready_o", &["u_prefix1.make_ready_i"]);
    let maker = Asker {
        stream: "u_prefix1.make",
        table: asker.table.clone(),
        digits: asker.digits.clone(),
        dest: vec!["u_prefix1.use_entry_o".into()],
    };
    operation(top, d, 1, asker.digits[0].clone(), &maker);
}

/// The operation of stage `k` that multiplies `source`.
fn operation(top: &mut Compose, d: &Dims, k: usize, source: Signal, asker: &Asker) {
    let table = d.several().then(|| asker.table.clone());
    let word = table
        .into_iter()
        .chain([source, asker.digits[k].clone()])
        .chain(asker.dest.iter().cloned());
    top.drive(&format!("u_ops{k}.data_i"), Signal::concat(word));
}
