//! Composition: what is printed, and what is refused with which words.

use super::*;
use crate::sram::SramSpec;
use contract::{Dir, Port};

const QUEUE: &str = "\
// Keeps words in order.
module queue #(
  parameter int Width = 8 // bits of a word
) (
  input logic clk_i,
  input logic rst_ni,
  input logic flush_i,
  input logic valid_i,
  output logic ready_o,
  input logic [Width-1:0] data_i,
  output logic valid_o,
  input logic ready_i,
  output logic [Width-1:0] data_o
);
endmodule
";

const WORKER: &str = "\
// Turns requests into operations.
module worker (
  input logic clk_i,
  input logic rst_ni,
  input logic flush_i,
  input logic req_valid_i,
  output logic req_ready_o,
  input logic [2:0] req_row_i,
  input logic req_end_i,
  output logic op_valid_o,
  input logic op_ready_i,
  output logic [5:0] op_o,
  output logic [3:0] count_o,
  output logic busy_o,
  output logic spare_o,
  input logic [3:0] limit_i,
  output logic [1:0] probe_o,
  input logic hit_i
);
endmodule
";

const PROBER: &str = "\
// Answers probes.
module prober (
  input logic [1:0] probe_i,
  output logic hit_o
);
endmodule
";

fn leaf(text: &str) -> Module {
    Module::leaf_text(text).unwrap()
}

fn ports() -> Vec<Port> {
    let mut ports = Port::clock_and_reset();
    let fields = [("row", 3, "Row of the table."), ("end", 1, "Last beat.")];
    ports.extend(Port::stream("req", Dir::Input, &fields));
    ports.extend(Port::stream(
        "res",
        Dir::Output,
        &[("op", 6, "The operation.")],
    ));
    ports.extend([
        Port::level("abort_i", Dir::Input, 1, "Drop everything."),
        Port::level("clear_i", Dir::Input, 1, "Drop everything and forget."),
        Port::level("busy_o", Dir::Output, 1, "Something runs."),
        Port::level("sum_o", Dir::Output, 6, "Count and probe."),
    ]);
    ports
}

/// A composition without mistakes.
fn complete() -> Compose {
    let mut top = Compose::new("top", "Answers requests.", &ports());
    top.instance("u_queue", &leaf(QUEUE))
        .param("Width", 4)
        .comment("Requests wait here.");
    top.instance("u_worker", &leaf(WORKER));
    top.instance("u_out", &leaf(QUEUE)).param("Width", 6);
    top.instance("u_prober", &leaf(PROBER));
    top.stream(&["req", "u_queue", "u_worker.req"]);
    top.stream(&["u_worker.op", "u_out"]);
    top.wire("u_out.valid_o", &["res_valid_o"]);
    top.wire("u_out.data_o", &["res_op_o"]);
    top.wire("res_ready_i", &["u_out.ready_i"]);
    top.link("u_prober", "u_worker");
    for taker in ["u_queue.flush_i", "u_worker.flush_i", "u_out.flush_i"] {
        top.drive(taker, Signal::or(["abort_i", "clear_i"]));
    }
    top.drive("u_worker.limit_i", Signal::lit(4, 9));
    top.wire("u_worker.busy_o", &["busy_o"]);
    let sum = [
        Signal::from("u_worker.count_o"),
        Signal::bits("u_worker.probe_o", 1, 0),
    ];
    top.drive("sum_o", Signal::concat(sum));
    top.open("u_worker.spare_o");
    top
}

#[test]
fn prints_a_composition() {
    let top = complete().finish().unwrap();
    insta::assert_snapshot!(top.render("// Provenance."));
}

/// The message of a composition with one mistake, made by `mistake`.
fn refusal(mistake: impl FnOnce(&mut Compose)) -> String {
    let mut top = complete();
    mistake(&mut top);
    top.finish().unwrap_err().to_string()
}

#[test]
fn refuses_what_does_not_fit() {
    assert_eq!(
        refusal(|t| t.wire("u_worker.count_o", &["u_prober.probe_i"])),
        "in `top`: `u_worker.count_o` has 4 bits but `u_prober.probe_i` takes 2"
    );
    assert_eq!(
        refusal(|t| t.stream(&["req", "u_out"])),
        "in `top`: `req` carries {row 3, end 1} but `u_out` takes {data 6}"
    );
    assert_eq!(
        refusal(|t| t.stream(&["u_worker.op", "u_worker.req"])),
        "in `top`: `u_worker.op` carries {6} but `u_worker.req` takes {row 3, end 1}"
    );
    assert_eq!(
        refusal(|t| t.stream(&["u_worker.op", "u_queue", "res"])),
        "in `top`: `u_worker.op` carries {6} but `u_queue` takes {data 4}"
    );
    assert_eq!(
        refusal(|t| t.drive("u_worker.limit_i", Signal::lit(4, 16))),
        "module `top`: `4'd16` of `u_worker.limit_i`: 16 does not fit 4 bits"
    );
}

#[test]
fn refuses_two_drivers_naming_both() {
    assert_eq!(
        refusal(|t| t.wire("abort_i", &["u_worker.hit_i"])),
        "in `top`: `u_worker.hit_i` is driven by `u_prober.hit_o` and by `abort_i`"
    );
    assert_eq!(
        refusal(|t| t.wire("clear_i", &["busy_o"])),
        "in `top`: `busy_o` is driven by `u_worker.busy_o` and by `clear_i`"
    );
    // A stream given twice: two takers would drive its ready.
    assert_eq!(
        refusal(|t| {
            t.instance("u_other", &leaf(QUEUE)).param("Width", 6);
            t.stream(&["u_worker.op", "u_other"]);
        }),
        "in `top`: `u_worker.op_ready_i` is driven by `u_out.ready_o` and by `u_other.ready_o`"
    );
}

#[test]
fn refuses_open_ends() {
    assert_eq!(
        refusal(|t| _ = t.instance("u_late", &leaf(PROBER))),
        "in `top`: nothing drives `u_late.probe_i`"
    );
    assert_eq!(
        refusal(|t| {
            t.instance("u_late", &leaf(PROBER));
            t.wire("u_worker.probe_o", &["u_late.probe_i"]);
        }),
        "in `top`: `u_late.hit_o` drives nothing; connect it or declare it open"
    );
    assert_eq!(
        refusal(|t| t.open("u_worker.count_o")),
        "in `top`: `u_worker.count_o` is declared open but drives `sum_o`"
    );
    let mut ports = Port::clock_and_reset();
    ports.push(Port::level("x_o", Dir::Output, 1, "X."));
    assert_eq!(
        Compose::new("top", "Does.", &ports)
            .finish()
            .unwrap_err()
            .to_string(),
        "in `top`: nothing drives `x_o`"
    );
    assert_eq!(
        Compose::new("top", "Does.", &ports[..2])
            .finish()
            .unwrap_err()
            .to_string(),
        "in `top`: `clk_i` drives nothing; connect it or declare it open"
    );
}

#[test]
fn refuses_unknown_names() {
    assert_eq!(
        refusal(|t| t.wire("u_nobody.x_o", &["busy_o"])),
        "in `top`: there is no instance `u_nobody`; there are u_queue, u_worker, u_out, u_prober"
    );
    assert_eq!(
        refusal(|t| t.wire("u_prober.x_o", &["busy_o"])),
        "in `top`: there is no port `u_prober.x_o`; there are probe_i, hit_o"
    );
    assert_eq!(
        refusal(|t| t.stream(&["u_worker.up", "u_out"])),
        "in `top`: there is no giving stream `u_worker.up`; there are `op`"
    );
    assert_eq!(
        refusal(|t| _ = t.instance("u_late", &leaf(QUEUE)).param("Depth", 2)),
        "in `top`: there is no parameter `u_late.Depth`; module `queue` does not have it"
    );
    assert_eq!(
        refusal(|t| _ = t.instance("u_late", &leaf(QUEUE)).param("Width", -2)),
        "module `queue`: `Width-1` of `data_i`: -3 is not the number of a highest bit"
    );
    assert_eq!(
        refusal(|t| t.wire("u_worker.limit_i", &["sum_o"])),
        "in `top`: `u_worker.limit_i` cannot be used as a driver"
    );
    assert_eq!(
        refusal(|t| t.wire("abort_i", &["clear_i"])),
        "in `top`: `clear_i` cannot be used as a taker"
    );
    assert_eq!(
        refusal(|t| t.link("u_queue", "u_prober")),
        "in `top`: `u_queue` and `u_prober` have no port in common that can be linked"
    );
}

#[test]
fn refuses_duplicate_names() {
    assert_eq!(
        refusal(|t| _ = t.instance("u_queue", &leaf(QUEUE))),
        "in `top`: instance `u_queue` exists twice"
    );
    assert_eq!(
        refusal(|t| _ = t
            .instance("u_x", &leaf(QUEUE))
            .param("Width", 1)
            .param("Width", 2)),
        "in `top`: parameter `u_x.Width` exists twice"
    );
    assert_eq!(
        refusal(|t| _ = t.instance("late", &leaf(QUEUE))),
        "in `top`: instance `late`: names of instances begin with `u_`"
    );
    let twice = "// Does.\nmodule m #(parameter int a_i = 1) (\n  input logic a_i\n);\nendmodule";
    assert_eq!(
        Module::leaf_text(twice).unwrap_err().to_string(),
        "in `m`: name `a_i` exists twice"
    );
    // `u_a.b_c_o` and `u_a_b.c_o` would both be called a_b_c.
    let first = leaf("// Does.\nmodule one (\n  output logic b_c_o\n);\nendmodule");
    let second = leaf("// Does.\nmodule two (\n  output logic c_o\n);\nendmodule");
    let taker =
        leaf("// Does.\nmodule three (\n  input logic x_i,\n  input logic y_i\n);\nendmodule");
    let mut top = Compose::new("top", "Does.", &[]);
    top.instance("u_a", &first);
    top.instance("u_a_b", &second);
    top.instance("u_t", &taker);
    top.wire("u_a.b_c_o", &["u_t.x_i"]);
    top.wire("u_a_b.c_o", &["u_t.y_i"]);
    let error = top.finish().unwrap_err().to_string();
    assert_eq!(error, "in `top`: net `a_b_c` exists twice");
}

#[test]
fn a_design_is_closed_and_ordered() {
    let bank = SramSpec::new(16, 8);
    let parent = |child: &str| {
        leaf(&format!(
            "// Wraps.\nmodule parent (\n  input logic clk_i\n);\n  {child} u_x (.clk_i(clk_i), \
             .req_i(a), .we_i(b), .addr_i(c), .wdata_i(d), .rdata_o(e));\nendmodule"
        ))
    };
    let sram = bank.module().unwrap();
    let design = Design::new(parent(&bank.name()), [sram.clone(), sram.clone()]).unwrap();
    let names: Vec<_> = design.modules().iter().map(Module::name).collect();
    assert_eq!(names, ["sram_1rw_16x8", "parent"]);

    let why = |top: Module, others: Vec<Module>| Design::new(top, others).unwrap_err().to_string();
    assert_eq!(
        why(parent("missing"), vec![]),
        "in `parent`, line 5: instance `u_x` of `missing`: the design has no such module"
    );
    assert_eq!(
        why(parent(&bank.name()), vec![sram.clone(), leaf(PROBER)]),
        "module `prober` is in the design but nothing instantiates it"
    );
    let other = leaf(&PROBER.replace("Answers", "Refuses"));
    assert_eq!(
        why(leaf(PROBER), vec![other]),
        "module `prober` is in the design twice with different texts"
    );
    let own = leaf("// Wraps.\nmodule a (\n  input logic x_i\n);\n  a u_a (.x_i(x_i));\nendmodule");
    assert_eq!(why(own, vec![]), "module `a` contains itself");
    let top = complete().finish().unwrap();
    assert_eq!(
        why(top, vec![leaf(QUEUE), leaf(WORKER)]),
        "in `top`: there is no module `prober`; it is not in the design's list"
    );
}

#[test]
fn the_top_must_be_what_the_port_list_says() {
    let design = Design::new(leaf(PROBER), []).unwrap();
    let probe = |width| Port::level("probe_i", Dir::Input, width, "Probe.");
    let hit = Port::level("hit_o", Dir::Output, 1, "Hit.");
    assert_eq!(design.check_top("prober", &[probe(2), hit.clone()]), Ok(()));
    let why = |name, ports: &[Port]| design.check_top(name, ports).unwrap_err().to_string();
    assert_eq!(why("pe", &[]), "top `pe`: the design's top is `prober`");
    assert_eq!(
        why("prober", &[probe(3), hit.clone()]),
        "top `prober`: the port list has Input `probe_i` of 3 bits where the RTL has Input \
         `probe_i` of 2 bits"
    );
    assert_eq!(
        why("prober", &[probe(2)]),
        "top `prober`: port `hit_o` is not in the port list"
    );
    let extra = Port::level("x_o", Dir::Output, 1, "X.");
    assert_eq!(
        why("prober", &[probe(2), hit, extra]),
        "top `prober`: port `x_o` is missing"
    );
}
