//! Faults of the tensor-train core.

use blocks::tt_core::{Element, TtCoreConfig};

use crate::common::named;
use crate::{Fault, Subject};

/// bf16 of rank 4, one table.
fn bf16() -> Subject {
    Subject::new(&TtCoreConfig {
        element: Element::Bf16,
        ranks: vec![4, 4],
        macs: vec![8, 8],
        tables: 1,
        mul_stages: 2,
        add_stages: 2,
        ..named("tiny")
    })
}

/// Four TT cores: two boundaries.
fn four() -> Subject {
    Subject::new(&TtCoreConfig {
        p: vec![2, 3, 2, 3],
        q: vec![2, 2, 2, 2],
        ranks: vec![2, 2, 2],
        macs: vec![2, 4, 4],
        out_beats: 16,
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
        subject: || Subject::new(&named::<TtCoreConfig>("tiny")),
        file,
        from,
        to,
    }
}

#[rustfmt::skip]
pub const FAULTS: &[Fault] = &[
    // Loads: order and checks.
    tiny("a load begins with rows in flight", "tt_core_load.sv", "start_q ? idle_i :", "start_q ? 1'b1 :"),
    tiny("a line written while its memory is read", "tt_core_load.sv",
        "!(writes && (core_q & read_i) != '0)", "1'b1"),
    tiny("stages never give way to a line", "tt_core_load.sv", "core_q & {Cores{turn_q}}", "'0"),
    tiny("a table that is too short can be used", "tt_core_load.sv",
        "written && last_q && final_line &&", "written && last_q &&"),
    tiny("a table of too many rows can be used", "tt_core_load.sv", "bad_q  <= wrong_start", "bad_q  <= 1'b0"),
    tiny("a missing last is no error", "tt_core_load.sv", "last_q != final_line", "last_q && !final_line"),
    tiny("a load given up is no error", "tt_core_load.sv", "(busy_q || wrong_start)", "wrong_start"),
    tiny("a line without a start is no error", "tt_core_load.sv", "|| stray ||", "||"),
    tiny("no rows are no error", "tt_core_load.sv", "rows == '0 || rows", "rows"),
    tiny("a load survives an abort", "tt_core_load.sv",
        "flush_i) begin\n      valid_q <= 1'b0;\n      turn_q  <= 1'b0;\n      busy_q  <= 1'b0;",
        "flush_i) begin\n      valid_q <= 1'b0;\n      turn_q  <= 1'b0;"),
    Fault { subject: bf16, ..tiny("a table with a last line not finite can be used", "tt_core_load.sv",
        "!bad_q && !nonfinite", "!bad_q") },
    Fault { subject: bf16, ..tiny("a table that does not exist is loaded", "tt_core_load.sv",
        "assign write_o     = core_q & {Cores{written && !nowhere_q}}",
        "assign write_o     = core_q & {Cores{written}}") },
    // Tables.
    tiny("a table being loaded can be used", "tt_core_tables.sv",
        "revoke_i && revoke_table_i == t", "revoke_i && 1'b0 && revoke_table_i == t"),
    tiny("a row more than the table has", "tt_core_tables.sv", "row_id_i < rows", "row_id_i <= rows"),
    tiny("a table granted in the cycle of an abort", "tt_core_tables.sv",
        "grant_table_i == t && !flush_i", "grant_table_i == t"),
    // Digits.
    tiny("a digit one too small", "tt_core_rows.sv",
        "digits_q, have >= Modulus", "digits_q, have > Modulus"),
    // Directory.
    tiny("a hit of another table", "tt_core_prefix1.sv", "{ask_table_i, ask_digits_i}", "{1'b0, ask_digits_i}"),
    tiny("a stale entry after a reload", "tt_core_prefix1.sv", "else if (drop_i &&", "else if (drop_i && 1'b0 &&"),
    tiny("an entry replaced while it is wanted", "tt_core_prefix1.sv", "refs_q == '0;", "1'b1;"),
    tiny("a bad row refers to an entry", "tt_core_prefix1.sv", "chosen[e] && !ask_bad_i", "chosen[e]"),
    tiny("a new entry is done at once", "tt_core_prefix1.sv",
        "if (made) done_q <= 1'b0;\n      else if (done_i", "if (done_i"),
    tiny("entries skipped by hits", "tt_core_prefix1.sv", "else if (make) next_q", "else if (go) next_q"),
    Fault { subject: four, ..tiny("a hit at the first boundary reads another entry", "tt_core_prefix1.sv",
        "hit ? found : next_q", "next_q") },
    // Stages.
    tiny("an operation stops in the middle for a line", "tt_core_stage1.sv",
        "(!first || begins)", "begins"),
    tiny("columns read for every group of rows", "tt_core_stage2.sv", " && step_q[GroupW-1:0] == '0", ""),
    tiny("a product done a step early", "tt_core_stage1.sv", "place_q == '1", "place_q == '1 - 1'b1"),
    tiny("a product that is not there is read", "tt_core_stage2.sv", "there && !held_i", "!held_i"),
    tiny("words written a cycle early", "tt_core_stage1.sv", "Delay   = 6", "Delay   = 5"),
    tiny("steps survive an abort", "tt_core_stage2.sv", "else if (flush_i) step_q <= '0;\n", "\n"),
    Fault { subject: four, ..tiny("the second product read too early", "tt_core_stage3.sv",
        "there && !held_i", "!held_i") },
    // Sums.
    tiny("sign of a sum lost", "tt_core_macs.sv", "{x[TermW-1], x}", "{1'b0, x}"),
    tiny("rows of the next step", "tt_core_macs.sv", "if (a_load_i) a_q", "if (!a_load_i) a_q"),
    Fault { subject: bf16, ..tiny("halves added instead of neighbours", "tt_core_macs.sv",
        "even[SumW*j +: SumW] = terms[SumW*(2*j) +: SumW];\n      \
         assign odd[SumW*j +: SumW]  = terms[SumW*(2*j+1) +: SumW]",
        "even[SumW*j +: SumW] = terms[SumW*(i == 0 ? j + j / 2 * 2 : 2*j) +: SumW];\n      \
         assign odd[SumW*j +: SumW]  = terms[SumW*(i == 0 ? j + j / 2 * 2 + 2 : 2*j+1) +: SumW]") },
    // Conversion.
    tiny("requantised without rounding", "tt_core_convert.sv",
        "shifted + { {(KeptW-1){1'b0}}, 1'b1}", "shifted"),
    tiny("wraps instead of clamping", "tt_core_convert.sv", "fits ? rounded", "1'b1 ? rounded"),
    tiny("scale of the operation that comes", "tt_core_stage1.sv",
        "scale_table_o = tables_q[TableW*(Delay-4) +: TableW]", "scale_table_o = table_o"),
    Fault { subject: bf16, ..tiny("ties rounded up", "tt_core_convert.sv",
        "(wide[14:0] != '0 || wide[16])", "1'b1") },
    // Bags and results.
    tiny("every row is the first of its bag", "tt_core_bags.sv", "copy      = start_i ? !open_q[bag_i]", "copy      = start_i ? 1'b1"),
    tiny("a bad row forgotten", "tt_core_bags.sv", "bad_i || poison_q[bag_i]", "bad_i"),
    tiny("a bag bad for ever", "tt_core_bags.sv", "err && !last_i", "err"),
    tiny("rows start in any phase", "tt_core_bags.sv", "!phase_q && (", "("),
    Fault { subject: bf16, ..tiny("rows closer than a bag can take them", "tt_core_bags.sv", "Gap = 5", "Gap = 3") },
    tiny("room for a part of a result", "tt_core_bags.sv", "room_q[RoomW-1:BeatW] != '0", "room_q != '0"),
    tiny("a flagged result shows its sum", "tt_core_bags.sv", "sum_i & {BeatBits{!res_err}}", "sum_i"),
    tiny("bags stay open after an abort", "tt_core_bags.sv",
        "phase_q  <= 1'b0;\n      open_q   <= '0;\n      poison_q <= '0;\n    end else begin",
        "phase_q  <= 1'b0;\n      poison_q <= '0;\n    end else begin"),
    tiny("a younger beat first", "tt_core_results.sv", "(regs_q == 2'd2) ? next_q : arrived", "arrived"),
    // Counters, errors.
    tiny("an abort's cycle is counted", "tt_core_status.sv", "happens[i] && !abort_i", "happens[i]"),
    tiny("errors survive a clear", "tt_core_status.sv", "else if (clear_i) err_q <= '0;\n", "\n"),
    tiny("a bad row counted as good", "tt_core_status.sv", "taken_i && !bad_row_i", "taken_i"),
];
