//! Faults of the ADC switch controller.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};

use crate::common::named;
use crate::{Fault, Subject};

/// A flash ADC.
fn flash() -> Subject {
    Subject::new(&AdcSwitchConfig {
        adc: AdcKind::Flash,
        ..named("tiny")
    })
}

/// A digit per element.
fn digit() -> Subject {
    Subject::new(&AdcSwitchConfig {
        cell_bits: 4,
        adc_bits: 6,
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
        subject: || Subject::new(&named::<AdcSwitchConfig>("tiny")),
        file,
        from,
        to,
    }
}

#[rustfmt::skip]
pub const FAULTS: &[Fault] = &[
    // Front.
    tiny("every access is the first", "adc_switch_front.sv", "fresh_q <= 1'b0", "fresh_q <= fresh_q"),
    tiny("the end of an empty query lost", "adc_switch_front.sv", "(!last_q || op_ready_i)", "1'b1"),
    tiny("the rest of a split query emitted early", "adc_switch_front.sv",
        "last_q && !more;", "last_q;"),
    // Splitting.
    tiny("a row too many for the ADC", "adc_switch_rows.sv", "n_o != Full", "n_q != Full"),
    tiny("rows behind the cut forgotten", "adc_switch_rows.sv",
        "more_q || taken != slice", "taken != slice"),
    tiny("the group at the cut not kept", "adc_switch_rows.sv", "more_q ? part_q : taken", "taken"),
    tiny("count goes on from the access before", "adc_switch_rows.sv",
        "pos_q <= '0;\n      n_q   <= '0;", "pos_q <= '0;"),
    // Array.
    tiny("sampled before it has settled", "adc_switch_array.sv", "LastCycle = 9", "LastCycle = 8"),
    tiny("word lines stay driven", "adc_switch_array.sv", "op_valid_i ? wl_i : '0", "wl_i"),
    // Resolution.
    tiny("a bit more than is needed", "adc_switch_resolution.sv",
        "(n << CellBits) - n", "n << CellBits"),
    // Conversion.
    tiny("the result before overwritten", "adc_switch_convert.sv",
        "begins && col_q == ElemCol && first_q && due_i", "1'b0"),
    tiny("zeros before the result at hand has left", "adc_switch_convert.sv",
        "&& !due_i && drained_i", "&& drained_i"),
    tiny("closed while codes are on their way", "adc_switch_convert.sv",
        "&& !due_i && drained_i", "&& !due_i"),
    tiny("closed while an element is on its way", "adc_switch_sum.sv",
        "!valid_q && !elem_valid_q", "!valid_q"),
    // Shift-and-add, correction.
    tiny("digits a bit too close", "adc_switch_sum.sv",
        "sum_q[SumW*k +: SumW] << CellBits", "sum_q[SumW*k +: SumW] << (CellBits - 1)"),
    Fault { subject: digit, ..tiny("offset of the access that comes", "adc_switch_sum.sv",
        "offset  = { {(SumW-CountW){1'b0}}, n_q}", "offset  = { {(SumW-CountW){1'b0}}, n_i}") },
    // Accumulation, results.
    tiny("sign of an element lost", "adc_switch_pool.sv",
        "{(AccW-SumW+1){element[SumW-1]}}", "{(AccW-SumW+1){1'b0}}"),
    tiny("sums go on from the query before", "adc_switch_pool.sv",
        "here[i] && !elem_first_i", "here[i]"),
    tiny("the last result instead of zeros", "adc_switch_pool.sv",
        "pos_i == i && !zero_i", "pos_i == i"),
    tiny("a beat lost that comes as another leaves", "adc_switch_results.sv",
        "else if (leave && !fill)", "else if (leave)"),
    // Tags, errors.
    tiny("the tag of an older query goes on", "adc_switch_tags.sv", "hit[newest]", "known_o"),
    tiny("a tag is free in the cycle in which it leaves", "adc_switch_tags.sv",
        "valid_q[i] && tag", "valid_q[i] && !(pop_i && rptr_q == i) && tag"),
    tiny("a row more than a query may have", "adc_switch_front.sv",
        "{1'b1, {TotalW{1'b0}}}", "{1'b1, {(TotalW-1){1'b0}}, 1'b1}"),
    tiny("not halted by too many rows", "adc_switch_front.sv",
        "err_in_flight_o || err_overflow_o) halt_q", "err_in_flight_o) halt_q"),
    tiny("heard in the cycle of an overflow", "adc_switch_front.sv", "&& !halt_q && !over", "&& !halt_q"),
    tiny("the largest code of a few rows is an error", "adc_switch_sum.sv", "> largest", ">= largest"),
    tiny("codes of one ADC checked", "adc_switch_sum.sv", "beyond != '0", "beyond[0]"),
    // Counters.
    tiny("the rest of a split counted as a READ", "adc_switch_front.sv", " && !split_before", ""),
    tiny("bit cycles counted from 0", "adc_switch_status.sv", "cost = bits;", "cost = bits - 1'b1;"),
    Fault { subject: flash, ..tiny("all resolutions up to that used counted", "adc_switch_status.sv",
        "enabled & ~(enabled >> 1)", "enabled") },
    // Reset and abort.
    tiny("an abort's cycle is counted", "adc_switch_status.sv", "happens[i] && !abort_i", "happens[i]"),
    tiny("an abort's error is taken", "adc_switch_status.sv",
        "else if (!abort_i) begin", "else begin"),
    tiny("errors survive a clear", "adc_switch_status.sv", "else if (clear_i) err_q <= '0;\n", "\n"),
    tiny("an open query survives an abort", "adc_switch_front.sv",
        "flush_i) begin\n      valid_q <= 1'b0;\n      open_q  <= 1'b0;",
        "flush_i) begin\n      valid_q <= 1'b0;"),
    tiny("a step survives an abort", "adc_switch_convert.sv",
        "else if (flush_i) trial_q <= '0;\n", "\n"),
    tiny("the place of an element survives an abort", "adc_switch_pool.sv",
        "else if (flush_i) pos_q <= '0;\n", "\n"),
    tiny("elements start at the last place", "adc_switch_pool.sv",
        "if (!rst_ni) pos_q <= '0", "if (!rst_ni) pos_q <= LastPos"),
];
