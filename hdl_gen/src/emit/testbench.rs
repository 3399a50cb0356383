//! A smoke test beside the RTL: it needs nothing but a simulator, and says whether the block comes
//! out of reset. What the block computes is checked in lock-step with its model, not here.

use std::fmt::Write;

use contract::{Dir, Port, Role};

/// Cycles that a block may take to become ready, memories cleared.
const LIMIT: u32 = 1_000_000;

/// Columns of a line of the testbench.
const COLUMNS: usize = 100;

/// Module `{top}_tb`: resets the block, offers nothing, and watches the outputs for unknown values
/// until an input stream is ready and some cycles beyond.
pub(super) fn testbench(top: &str, ports: &[Port], provenance: &str) -> String {
    let role = |role: Role| ports.iter().find(|p| p.role == role);
    let name = |port: Option<&Port>| port.map(|p| p.name.clone()).unwrap_or_default();
    let (clock, reset) = (name(role(Role::Clock)), name(role(Role::Reset)));
    let mut text = format!(
        "// Smoke test of {top}: leaves reset, becomes ready, and no output is unknown meanwhile.\n\
         {provenance}\n\
         module {top}_tb;\n\
        \x20 localparam int Cycles = 64;       // after the first ready\n\
        \x20 localparam int Limit  = {LIMIT};  // for the first ready\n\n"
    );
    text += &declarations(ports);
    _ = write!(
        text,
        "\n  int   errors, cycle, since;\n\
        \x20 logic able;\n\n\
        \x20 {top} dut (.*);\n\n\
        \x20 initial begin\n\
        \x20   {clock} = 1'b0;\n\
        \x20   forever #5 {clock} = !{clock};\n\
        \x20 end\n\n"
    );
    text += &check(top, ports);
    let resting = ports
        .iter()
        .filter(|p| p.dir == Dir::Input && !matches!(p.role, Role::Clock | Role::Reset));
    let inputs: String = resting
        .map(|p| {
            let level = if p.role == Role::Ready { "1'b1" } else { "'0" };
            format!("    {} = {level};\n", p.name)
        })
        .collect();
    let able = able(ports);
    _ = write!(
        text,
        "  // Inputs change, and outputs are looked at, half a period from the rising edge.\n\
        \x20 initial begin\n\
        \x20   errors = 0;\n\
        \x20   cycle  = 0;\n\
        \x20   since  = 0;\n\
        \x20   able   = 1'b0;\n\
        \x20   {reset} = 1'b0;\n\
         {inputs}\
        \x20   repeat (4) @(negedge {clock});\n\
        \x20   {reset} = 1'b1;\n\
        \x20   while (since < Cycles && cycle < Limit && errors == 0) begin\n\
        \x20     @(negedge {clock});\n\
        \x20     check;\n\
        \x20     if ({able}) able = 1'b1;\n\
        \x20     cycle = cycle + 1;\n\
        \x20     if (able) since = since + 1;\n\
        \x20   end\n\
        \x20   if (!able && errors == 0) begin\n\
        \x20     $display(\"FAIL {top}: no input stream is ready after %0d cycles\", cycle);\n\
        \x20     errors = errors + 1;\n\
        \x20   end\n\
        \x20   if (errors != 0) $fatal(1, \"FAIL {top}\");\n\
        \x20   $display(\"PASS {top}: ready after reset, no unknown output in %0d cycles\", cycle);\n\
        \x20   $finish;\n\
        \x20 end\n\
         endmodule\n"
    );
    text
}

/// A variable of each port's name.
fn declarations(ports: &[Port]) -> String {
    let range = |p: &Port| match p.width {
        1 => String::new(),
        width => format!("[{}:0]", width - 1),
    };
    let widest = ports.iter().map(|p| range(p).len()).max().unwrap_or(0);
    let line = |p: &Port| format!("  logic {:widest$} {};\n", range(p), p.name);
    ports.iter().map(line).collect()
}

/// Condition under which a transfer into the block is possible.
fn able(ports: &[Port]) -> String {
    let readies = ports
        .iter()
        .filter(|p| p.role == Role::Ready && p.dir == Dir::Output);
    let names: Vec<&str> = readies.map(|p| p.name.as_str()).collect();
    match names.is_empty() {
        true => "1'b1".to_owned(),
        false => names.join(" || "),
    }
}

/// Task `check`: handshakes and levels are known, and payloads while they are valid.
fn check(top: &str, ports: &[Port]) -> String {
    let outputs = || ports.iter().filter(|p| p.dir == Dir::Output);
    let mut lines = String::new();
    for port in outputs().filter(|p| p.role != Role::Payload) {
        lines += &complaint(top, "", &port.name);
    }
    for port in outputs().filter(|p| p.role == Role::Payload) {
        let valid = outputs().find(|v| v.role == Role::Valid && v.stream == port.stream);
        let valid = valid.map_or_else(String::new, |v| format!("{} && ", v.name));
        lines += &complaint(top, &valid, &port.name);
    }
    format!("  task automatic check;\n{lines}  endtask\n\n")
}

fn complaint(top: &str, valid: &str, name: &str) -> String {
    let head = format!("    if ({valid}^{name} === 1'bx) begin");
    debug_assert!(head.len() <= COLUMNS, "{head}");
    format!(
        "{head}\n\
        \x20     $display(\"FAIL {top}: {name} is unknown in cycle %0d: %b\", cycle, {name});\n\
        \x20     errors = errors + 1;\n\
        \x20   end\n"
    )
}
