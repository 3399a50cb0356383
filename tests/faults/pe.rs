//! Faults of the PE.

use blocks::pe::{Element, Modes, PeConfig};

use crate::common::named;
use crate::{Fault, Subject};

/// Two lanes.
fn two_lanes() -> PeConfig {
    PeConfig {
        width: 64,
        slice_bytes: 16,
        input_buffer_bytes: 64,
        output_buffer_bytes: 64,
        ..named("tiny")
    }
}

fn pair() -> Subject {
    Subject::new(&two_lanes())
}

/// Two lanes of 8-bit integers.
fn bytes() -> Subject {
    Subject::new(&PeConfig {
        element: Element::Int8,
        modes: Modes::Gnr,
        ..two_lanes()
    })
}

/// Vectors of four beats.
fn long() -> Subject {
    Subject::new(&PeConfig {
        slice_bytes: 16,
        input_buffer_bytes: 64,
        output_buffer_bytes: 64,
        ..named("tiny")
    })
}

const fn tiny(
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Fault {
    Fault {
        name,
        subject: || Subject::new(&named::<PeConfig>("tiny")),
        file,
        from,
        to,
    }
}

#[rustfmt::skip]
pub const FAULTS: &[Fault] = &[
    // Datapath.
    Fault { subject: pair, ..tiny(
        "sums of two lanes swapped", "pe_datapath.sv",
        ".b_i  (b_q),", ".b_i  ({b_q[31:0], b_q[W-1:32]}),") },
    Fault { subject: bytes, ..tiny(
        "sign of a byte dropped", "pe_datapath.sv",
        "{24{main_data_i[ElemW*i+7]}}", "{24{1'b0}}") },
    tiny("update adds the gradient", "pe_datapath.sv",
        "{!product[32*i+31], product[32*i +: 31]}", "product[32*i +: 32]"),
    tiny("copy taken a stage early", "pe_datapath.sv",
        "copy_q[W*(Copies-1) +: W]", "copy_q[W*(Copies-2) +: W]"),
    tiny("wrong bank read", "pe_datapath.sv",
        "bank_q ? rdata1 : rdata0", "bank_q ? rdata0 : rdata1"),
    tiny("side data of the second bank", "pe_results.sv",
        "(beat_q == '0) ? in_data_i[W +: SideW] : side_q", "in_data_i[W +: SideW]"),
    // Control.
    tiny("tables not cleared when retained sums are lost", "pe_control.sv",
        "state_d   = lost ? StClear : StRun", "state_d   = StRun"),
    tiny("last error kept instead of the first", "pe_control.sv",
        "if (err_q == '0) err_q <= err_now", "if (err_now != '0) err_q <= err_now"),
    tiny("cycles counted when no command runs", "pe_control.sv",
        "run_q        <= run_o;", "run_q        <= busy_o;"),
    tiny("END lost while the operation queue is full", "pe_lookup.sv",
        "visit_end_o || (end_pend_q && !end_push)", "visit_end_o"),
    tiny("credit one slice short", "pe_issue.sv", "used_q <= OutFull", "used_q < OutFull"),
    // One cycle less would do no harm: then read and write would meet in a bank, and wait for that.
    tiny("hazard window too short", "pe_issue.sv",
        "= hist_q[j] || (j < 2", "= (j < Depth - 2 && hist_q[j]) || (j < 2"),
    tiny("command ends before the results have left", "pe_issue.sv",
        "fills_q == '0 && used_q == '0;", "fills_q == '0;"),
    Fault { subject: long, ..tiny(
        "an addition passes the fill that it reads", "pe_issue.sv",
        "&& !hazard && !behind", "&& !hazard") },
    tiny("the vector of a waiting fill overwritten", "pe_vectors.sv",
        "pass_held_i ? pass_first_q : first_q", "first_q"),
    Fault { subject: long, ..tiny(
        "both executors read one bank", "pe_issue.sv",
        "&& !pass_meets_vec;", ";") },
    tiny("id of the next row", "pe_datapath.sv", "update_q ? emit_q[1]", "update_q ? emit_q[0]"),
    // Tracker.
    tiny("holders of the old slot not counted down", "pe_groups.sv",
        "refp_q[CntW*e +: CntW] - (unsettled_q ? count(moved_q) : '0)", "refp_q[CntW*e +: CntW]"),
    tiny("duplicates not noticed", "pe_groups.sv",
        "dup_o[i] = has && (", "dup_o[i] = 1'b0 && ("),
    tiny("tag of an older visit taken for this one's", "pe_lookup.sv",
        "mapped_q <= tab_tag_i == cur_tag_i", "mapped_q <= tab_tag_i != '0"),
    tiny("slot twice in the free list", "pe_slot_table.sv",
        "ref_o == '0 && !in_list", "ref_o == '0"),
    tiny("slot of a group register taken for free", "pe_slot_table.sv",
        "!in_list && !held_i", "!in_list"),
    tiny("slot kept for a visit not pinned", "pe_slot_table.sv",
        "pin_q ? CntOne : head_cnt_i", "head_cnt_i"),
    tiny("kept slots lost in a sweep", "pe_slot_table.sv",
        "(sweep_step_q == 2'd1 && !z_o)", "(sweep_step_q == 2'd1)"),
    tiny("group registers stay current after a visit", "pe_groups.sv",
        "        cur_q      <= '0;\n        none_cur_q <= 1'b0;\n      end else begin",
        "        none_cur_q <= 1'b0;\n      end else begin"),
    // Corners of the arithmetic.
    tiny("sticky bit of a sum lost", "fp_add.sv",
        "some   = coarse | fine;", "some   = fine;"),
    tiny("subnormal summands flushed", "fp_add.sv",
        "{|little_exp, little_man};", "{|little_exp, little_man & {ManW{|little_exp}}};"),
    tiny("NaN with a payload", "fp_add.sv",
        "nan, {(ManW-1){1'b0}}}", "nan, {(ManW-1){nan}}}"),
    tiny("ties of a sum rounded up", "fp_add.sv",
        "guard & (low[0] | sticky)", "guard"),
    tiny("ties of a product rounded up", "fp_mul.sv",
        "win[0] & (kept[0] | sticky)", "win[0]"),
    tiny("overflow to the largest number", "fp_add.sv",
        "sum      = special ?",
        "sum      = !special && &finite[ManW +: ExpW] ?\n               \
         {neg, {(ExpW-1){1'b1}}, 1'b0, {ManW{1'b1}}} : special ?"),
    // Reset and abort.
    tiny("vectors survive an abort", "pe_vectors.sv",
        "end else if (flush_i) begin\n      wptr_q  <= '0;", "end else if (flush_i) begin"),
    tiny("the vector buffer starts with a vector", "pe_vectors.sv",
        "if (!rst_ni) begin\n      wptr_q  <= '0;\n      first_q <= '0;",
        "if (!rst_ni) begin\n      wptr_q  <= '0;\n      first_q <= '1;"),
    tiny("an abort's cycle is counted", "pe_control.sv", "end else if (!abort_i) begin", "end else begin"),
];
