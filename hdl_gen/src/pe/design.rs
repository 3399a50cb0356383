//! The PE's modules and how they are connected (`docs/pe.md`).

use askama::Template;

use super::{Element, PeConfig};
use crate::block::{Block, BlockConfig};
use crate::design::{Compose, Design, DesignError, Module};
use crate::sram::SramSpec;

impl Block for PeConfig {
    fn design(&self) -> Result<Design, DesignError> {
        design(self)
    }
}

/// Numbers that several modules share.
struct Dims {
    lanes: u32,
    rows: u32,
    entries: u32,
    slots: u32,
    slot_w: u32,
    query_w: u32,
    row_w: u32,
    cnt_w: u32,
    tag_w: u32,
    beats: u32,
    last_beat: u32,
    width: u32,
    vec_w: u32,
    id_w: u32,
    /// Row and lanes of a result.
    emit_w: u32,
    /// Cycles from a beat's read to its sum being written.
    depth: u32,
    out_beats: u32,
    update: bool,
}

impl Dims {
    fn new(c: &PeConfig) -> Self {
        let row_w = c.rows().ilog2();
        Self {
            lanes: c.lookups_per_cycle,
            rows: c.rows(),
            entries: c.group_entries,
            slots: c.slots,
            slot_w: c.slot_bits(),
            query_w: c.query_bits(),
            row_w,
            cnt_w: c.query_bits() + 1,
            tag_w: c.tag_bits,
            beats: c.beats(),
            last_beat: c.beats() - 1,
            width: c.width,
            vec_w: c.vec_width(),
            id_w: c.id_bits,
            emit_w: row_w + c.lookups_per_cycle,
            depth: c.add_stages + 3,
            out_beats: c.output_buffer_bytes * 8 / c.width,
            update: c.has_update(),
        }
    }

    /// Bits that go along with a result beat.
    fn side_w(&self) -> u32 {
        if self.update {
            self.emit_w.max(self.id_w)
        } else {
            self.emit_w
        }
    }

    /// Bits of one operation.
    fn op_w(&self) -> u32 {
        3 + 2 * self.slot_w + 1 + self.emit_w
    }
}

macro_rules! leaf {
    ($name:ident, $path:literal { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            d: &'a Dims,
            $($field: $ty,)*
        }
    };
}

leaf!(Control, "pe/pe_control.sv" { slots_longer: bool, rows_longer: bool });
leaf!(Rows, "pe/pe_rows.sv" { sram: &'a str });
leaf!(Lookup, "pe/pe_lookup.sv" {});
leaf!(Groups, "pe/pe_groups.sv" {});
leaf!(SlotTable, "pe/pe_slot_table.sv" { sram: &'a str });
leaf!(Issue, "pe/pe_issue.sv" {});
leaf!(Vectors, "pe/pe_vectors.sv" {});
leaf!(Results, "pe/pe_results.sv" {});
leaf!(Datapath, "pe/pe_datapath.sv" {
    sum_lanes: u32,
    add_stages: u32,
    mul_stages: u32,
    elem_w: u32,
    float: bool,
    element: &'static str,
    sides: u32,
    sram: &'a str,
});

#[derive(Template)]
#[template(path = "common/beat_fifo.sv", escape = "none")]
struct BeatFifo<'a> {
    name: &'a str,
    beats: u32,
    data_w: u32,
    side_w: u32,
    bank0: &'a str,
    bank1: &'a str,
    bank1_w: u32,
    bank1_has_side: bool,
}

/// A beat FIFO and its two banks. Slices of an even number of beats keep their side data in bank 0.
fn beat_fifo(
    name: &str,
    beats: u32,
    data_w: u32,
    side_w: u32,
    even: bool,
) -> Result<[Module; 3], DesignError> {
    let bank1_has_side = !even || side_w == 0;
    let bank1_w = if bank1_has_side {
        data_w + side_w
    } else {
        data_w
    };
    let bank0 = SramSpec::new(beats / 2, data_w + side_w).module()?;
    let bank1 = SramSpec::new(beats / 2, bank1_w).module()?;
    let fifo = Module::leaf(&BeatFifo {
        name,
        beats,
        data_w,
        side_w,
        bank0: bank0.name(),
        bank1: bank1.name(),
        bank1_w,
        bank1_has_side,
    })?;
    Ok([fifo, bank0, bank1])
}

fn design(c: &PeConfig) -> Result<Design, DesignError> {
    let d = &Dims::new(c);
    let even = d.beats > 1;

    let row_bank = SramSpec::new(d.rows / 2, d.lanes * (d.slot_w + 2)).module()?;
    let slot_ram = SramSpec::new(d.slots, d.slot_w + 1 + d.tag_w + d.cnt_w).module()?;
    let sum_bank = SramSpec::new(d.slots * d.beats / 2, d.width).module()?;
    let [vec_fifo, vec_bank0, vec_bank1] = beat_fifo(
        "pe_vector_fifo",
        c.input_buffer_bytes * 8 / d.vec_w,
        d.vec_w,
        if d.update { d.id_w } else { 0 },
        even,
    )?;
    let [res_fifo, res_bank0, res_bank1] =
        beat_fifo("pe_result_fifo", d.out_beats, d.width, d.side_w(), even)?;
    let stream_fifo = Module::leaf(&StreamFifo)?;
    let control = Module::leaf(&Control {
        d,
        slots_longer: d.slot_w >= d.row_w - 1,
        rows_longer: d.row_w > d.slot_w,
    })?;
    let rows = Module::leaf(&Rows {
        d,
        sram: row_bank.name(),
    })?;
    let lookup = Module::leaf(&Lookup { d })?;
    let groups = Module::leaf(&Groups { d })?;
    let slots = Module::leaf(&SlotTable {
        d,
        sram: slot_ram.name(),
    })?;
    let issue = Module::leaf(&Issue { d })?;
    let vectors = Module::leaf(&Vectors { d })?;
    let results = Module::leaf(&Results { d })?;
    let datapath = Module::leaf(&Datapath {
        d,
        sum_lanes: c.sum_lanes(),
        add_stages: c.add_stages,
        mul_stages: c.mul_stages,
        elem_w: c.element.bits(),
        float: c.element.is_float(),
        element: match c.element {
            Element::Fp32 => "fp32",
            Element::Bf16 => "bf16",
            Element::Int8 => "int8",
            Element::Int32 => "int32",
        },
        // Results under way between start and first beat, one more being sent.
        sides: ((d.depth + c.mul_stages).div_ceil(d.beats) + 2).next_power_of_two(),
        sram: sum_bank.name(),
    })?;

    let mut top = Compose::new(
        PeConfig::TOP,
        "Reduces a batch of embedding bags near the memory: each vector read once, equal sums added once.",
        &c.ports(),
    );
    top.instance("u_control", &control)
        .comment("Commands, counters, errors.");
    top.instance("u_requests", &stream_fifo)
        .param("Width", d.row_w + 2 * d.lanes + 1)
        .param("Depth", 2)
        .comment("Look-ups become operations.");
    top.instance("u_rows", &rows);
    top.instance("u_lookup", &lookup);
    top.instance("u_groups", &groups);
    top.instance("u_slots", &slots);
    top.instance("u_ops", &stream_fifo)
        .param("Width", d.op_w())
        .param("Depth", c.op_queue)
        .comment("Operations on partial sums.");
    top.instance("u_issue", &issue);
    top.instance("u_vec_fifo", &vec_fifo).comment("Vectors in.");
    top.instance("u_vectors", &vectors);
    top.instance("u_datapath", &datapath)
        .comment("Sums, and results out.");
    top.instance("u_res_fifo", &res_fifo);
    top.instance("u_results", &results);

    top.stream(&["cmd", "u_control.cmd"]);
    top.stream(&["req", "u_requests", "u_rows.req"]);
    top.stream(&["u_rows.row", "u_lookup.row"]);
    top.stream(&["u_lookup.op", "u_ops", "u_issue.op"]);
    top.stream(&["vec", "u_vec_fifo", "u_vectors.vec"]);
    top.stream(&["u_res_fifo", "u_results.in"]);
    top.stream(&["u_results.res", "res"]);
    top.wire("u_datapath.out_valid_o", &["u_res_fifo.valid_i"]);
    top.wire("u_datapath.out_data_o", &["u_res_fifo.data_i"]);
    top.open("u_res_fifo.ready_o");

    top.wire("abort_i", &["u_control.abort_i"]);
    top.wire("clear_i", &["u_control.clear_i"]);
    top.wire("ctr_sel_i", &["u_control.ctr_sel_i"]);
    top.wire("u_control.ctr_o", &["ctr_o"]);
    top.wire("u_control.err_o", &["err_o"]);
    top.wire("u_control.busy_o", &["busy_o"]);
    top.wire(
        "u_control.flush_o",
        &[
            "u_requests.flush_i",
            "u_rows.flush_i",
            "u_lookup.flush_i",
            "u_groups.flush_i",
            "u_slots.flush_i",
            "u_ops.flush_i",
            "u_issue.flush_i",
            "u_vec_fifo.flush_i",
            "u_vectors.flush_i",
            "u_datapath.flush_i",
            "u_res_fifo.flush_i",
            "u_results.flush_i",
        ],
    );
    top.wire("u_control.visits_o", &["u_rows.visits_i"]);
    top.wire("u_control.run_o", &["u_rows.run_i"]);
    top.wire("u_control.start_o", &["u_rows.start_i"]);
    top.wire("u_control.drop_o", &["u_rows.drop_i"]);
    top.wire("u_control.queries_o", &["u_rows.queries_i"]);
    top.wire("u_control.retain_o", &["u_lookup.retain_i"]);
    top.wire(
        "u_control.tables_clear_o",
        &["u_rows.clear_i", "u_slots.clear_i"],
    );
    top.wire("u_control.slot_we_o", &["u_slots.clear_we_i"]);
    top.wire("u_control.slot_addr_o", &["u_slots.clear_addr_i"]);
    top.wire("u_control.rows_we_o", &["u_rows.clear_we_i"]);
    top.wire("u_control.rows_pair_o", &["u_rows.clear_pair_i"]);
    let mut updaters = vec!["u_rows.update_i", "u_lookup.update_i"];
    if d.update {
        updaters.extend(["u_datapath.update_i", "u_results.update_i"]);
        top.stream(&["u_results.wb", "wb"]);
        top.wire("u_control.lr_o", &["u_datapath.lr_i"]);
        top.wire("u_vectors.id_o", &["u_datapath.emit_id_i"]);
    }
    top.wire("u_control.update_o", &updaters);

    // The end of a command.
    top.wire("u_rows.idle_o", &["u_control.rows_idle_i"]);
    top.wire("u_lookup.idle_o", &["u_control.lookup_idle_i"]);
    top.wire("u_issue.idle_o", &["u_control.issue_idle_i"]);
    top.wire("u_issue.waits_o", &["u_control.op_waits_i"]);
    top.wire("u_vectors.idle_o", &["u_control.vectors_idle_i"]);
    top.wire(
        "u_slots.sweep_o",
        &["u_control.sweep_i", "u_lookup.sweep_i"],
    );

    // Rows and look-ups.
    top.wire("u_lookup.busy_o", &["u_rows.busy_i"]);
    top.wire("u_lookup.busy_row_o", &["u_rows.busy_row_i"]);
    top.wire("u_lookup.back_valid_o", &["u_rows.back_valid_i"]);
    top.wire("u_lookup.back_words_o", &["u_rows.back_words_i"]);

    // Look-ups and the slot table.
    for (from, to) in [
        ("tab_req_o", "req_i"),
        ("tab_we_o", "we_i"),
        ("tab_addr_o", "addr_i"),
        ("tab_wref_o", "wref_i"),
        ("evict_o", "evict_i"),
        ("free_pop_o", "free_pop_i"),
    ] {
        top.wire(&format!("u_lookup.{from}"), &[&format!("u_slots.{to}")]);
    }
    for (from, to) in [
        ("ref_o", "tab_ref_i"),
        ("tag_o", "tab_tag_i"),
        ("z_o", "tab_z_i"),
        ("d_o", "tab_d_i"),
        ("evicted_o", "evicted_i"),
        ("none_pending_o", "none_pending_i"),
        ("cur_tag_o", "cur_tag_i"),
        ("free_valid_o", "free_valid_i"),
        ("free_slot_o", "free_slot_i"),
        ("exhausted_o", "exhausted_i"),
    ] {
        top.wire(&format!("u_slots.{from}"), &[&format!("u_lookup.{to}")]);
    }
    top.wire(
        "u_lookup.visit_end_o",
        &["u_slots.visit_end_i", "u_groups.visit_end_i"],
    );

    // Group registers.
    for name in [
        "word",
        "take_none",
        "take_ring",
        "take_fin",
        "ins_ring",
        "ins_none",
        "ins_poison",
        "ins_p",
        "ins_d",
        "ins_refp",
        "ins_cnt",
        "probe",
    ] {
        top.wire(
            &format!("u_lookup.{name}_o"),
            &[&format!("u_groups.{name}_i")],
        );
    }
    for name in [
        "hit_none",
        "hit_ring",
        "dup",
        "ring_d",
        "ring_poison",
        "ring_full",
        "probe_busy",
    ] {
        top.wire(
            &format!("u_groups.{name}_o"),
            &[&format!("u_lookup.{name}_i")],
        );
    }
    for name in [
        "head_cur",
        "head_poison",
        "head_p",
        "head_d",
        "head_refp",
        "head_cnt",
        "none_cur",
        "none_cnt",
    ] {
        top.wire(
            &format!("u_groups.{name}_o"),
            &[&format!("u_slots.{name}_i")],
        );
    }
    top.wire(
        "u_groups.ring_any_o",
        &[
            "u_lookup.ring_any_i",
            "u_slots.ring_any_i",
            "u_control.ring_any_i",
        ],
    );
    top.wire(
        "u_groups.none_valid_o",
        &[
            "u_lookup.none_valid_i",
            "u_slots.none_valid_i",
            "u_control.none_valid_i",
        ],
    );
    top.wire(
        "u_groups.none_poison_o",
        &["u_lookup.none_poison_i", "u_slots.none_poison_i"],
    );
    top.wire(
        "u_groups.none_d_o",
        &["u_lookup.none_d_i", "u_slots.none_d_i"],
    );
    top.wire("u_groups.settled_o", &["u_slots.settled_i"]);
    top.wire("u_slots.pop_ring_o", &["u_groups.pop_ring_i"]);
    top.wire("u_slots.pop_none_o", &["u_groups.pop_none_i"]);
    top.wire("u_slots.held_o", &["u_groups.held_i"]);
    top.wire("u_groups.held_o", &["u_slots.held_i"]);

    // Execution.
    top.wire("u_vectors.usable_o", &["u_issue.vec_usable_i"]);
    top.wire("u_issue.vec_end_o", &["u_vectors.end_i"]);
    let mut vec_sel = vec!["u_vectors.end_sel_i"];
    if d.update {
        vec_sel.push("u_vectors.id_sel_i");
    }
    top.wire("u_issue.vec_sel_o", &vec_sel);
    top.wire("u_issue.main_act_o", &["u_datapath.main_act_i"]);
    top.wire("u_issue.main_vec_o", &["u_vectors.main_act_i"]);
    top.wire("u_issue.main_sel_o", &["u_vectors.main_sel_i"]);
    top.wire("u_issue.main_rd_o", &["u_datapath.main_rd_i"]);
    let mut main_beat = vec!["u_vectors.main_beat_i"];
    let mut side_beat = vec!["u_vectors.side_beat_i"];
    if even {
        main_beat.push("u_datapath.main_beat_i");
        side_beat.push("u_datapath.side_beat_i");
        top.wire("u_issue.write_beat_o", &["u_datapath.write_beat_i"]);
    } else {
        top.open("u_issue.write_beat_o");
    }
    top.wire("u_issue.main_beat_o", &main_beat);
    top.wire("u_issue.side_beat_o", &side_beat);
    top.wire("u_issue.main_p_o", &["u_datapath.main_p_i"]);
    top.wire("u_vectors.main_data_o", &["u_datapath.main_data_i"]);
    top.wire(
        "u_issue.side_act_o",
        &["u_vectors.side_act_i", "u_datapath.side_act_i"],
    );
    top.wire("u_issue.side_wr_o", &["u_datapath.side_wr_i"]);
    top.wire("u_issue.side_sel_o", &["u_vectors.side_sel_i"]);
    top.wire("u_issue.side_d_o", &["u_datapath.side_d_i"]);
    top.wire("u_vectors.side_data_o", &["u_datapath.side_data_i"]);
    for name in ["write_act", "write_d"] {
        top.wire(
            &format!("u_issue.{name}_o"),
            &[&format!("u_datapath.{name}_i")],
        );
    }
    top.wire("u_issue.emit_o", &["u_datapath.emit_i", "u_control.emit_i"]);
    top.wire("u_datapath.emit_ready_o", &["u_issue.emit_ready_i"]);
    top.wire("u_issue.copy_o", &["u_datapath.copy_i"]);
    top.wire("u_issue.emit_tag_o", &["u_datapath.emit_tag_i"]);
    top.wire("u_results.pop_o", &["u_issue.out_pop_i"]);

    // Events that are counted, and errors.
    top.wire("u_issue.emit_lanes_o", &["u_control.emit_lanes_i"]);
    for name in ["add", "fill", "upd", "stall_vec", "stall_out", "stall_bank"] {
        top.wire(
            &format!("u_issue.{name}_o"),
            &[&format!("u_control.{name}_i")],
        );
    }
    for name in [
        "live_up",
        "live_down",
        "shares",
        "err_dup",
        "err_slots",
        "err_grad",
    ] {
        top.wire(
            &format!("u_lookup.{name}_o"),
            &[&format!("u_control.{name}_i")],
        );
    }
    top.wire("u_rows.err_range_o", &["u_control.err_range_i"]);
    top.wire("u_rows.err_rows_o", &["u_control.err_rows_i"]);
    top.wire("u_rows.err_grad_o", &["u_control.err_grad_rows_i"]);

    let mut modules = vec![
        control,
        stream_fifo,
        rows,
        row_bank,
        lookup,
        groups,
        slots,
        slot_ram,
        issue,
        vec_fifo,
        vec_bank0,
        vec_bank1,
        vectors,
        datapath,
        sum_bank,
        res_fifo,
        res_bank0,
        res_bank1,
        results,
    ];
    modules.extend(arithmetic(c)?);
    Design::new(top.finish()?, modules)
}

/// The adder and, for float updates, the multiplier, with what they are made of.
fn arithmetic(c: &PeConfig) -> Result<Vec<Module>, DesignError> {
    if !c.element.is_float() {
        return Ok(vec![Module::leaf(&IntAdd)?]);
    }
    let mut modules = vec![
        Module::leaf(&FpAdd)?,
        Module::leaf(&PrefixTree)?,
        Module::leaf(&LeadingZeros)?,
        Module::leaf(&PipeCut)?,
        Module::leaf(&StickyShift)?,
    ];
    if c.has_update() {
        modules.extend([Module::leaf(&FpMul)?, Module::leaf(&CarrySaveTree)?]);
    }
    Ok(modules)
}

macro_rules! common {
    ($($name:ident, $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name;
    )*};
}

common! {
    StreamFifo, "common/stream_fifo.sv";
    FpAdd, "common/fp_add.sv";
    FpMul, "common/fp_mul.sv";
    IntAdd, "common/int_add.sv";
    PrefixTree, "common/prefix_tree.sv";
    LeadingZeros, "common/leading_zeros.sv";
    PipeCut, "common/pipe_cut.sv";
    StickyShift, "common/sticky_shift.sv";
    CarrySaveTree, "common/carry_save_tree.sv";
}
