//! The whole flow on a small design of two levels with a memory.

use std::path::PathBuf;

use super::super::report::GEOMETRIC_45_TO_32;
use super::super::{own45, sta};
use super::*;

mod foundries;

const TOP: &str = "
module top (input logic clk_i, input logic rst_ni, input logic [7:0] a_i, output logic [7:0] b_o);
  logic [7:0] a_q, word, sum;
  stage #(.Width(8)) u_stage (.clk_i(clk_i), .rst_ni(rst_ni), .d_i(a_i), .q_o(a_q));
  sram_1rw_8x8 u_ram (
    .clk_i(clk_i), .req_i(1'b1), .we_i(a_q[7]), .addr_i(a_q[2:0]), .wdata_i(a_q), .rdata_o(word)
  );
  assign sum = word + a_q;
  stage #(.Width(8)) u_out (.clk_i(clk_i), .rst_ni(rst_ni), .d_i(sum), .q_o(b_o));
endmodule";

const STAGE: &str = "
module stage #(parameter int Width = 1) (
  input logic clk_i, input logic rst_ni, input logic [Width-1:0] d_i, output logic [Width-1:0] q_o
);
  always_ff @(posedge clk_i or negedge rst_ni) if (!rst_ni) q_o <= '0; else q_o <= d_i;
endmodule";

fn emitted(ram: bool) -> Emitted {
    let spec = hdl_gen::SramSpec::new(8, 8);
    let stub = "(* blackbox *)\nmodule sram_1rw_8x8 (input logic clk_i, input logic req_i, input logic we_i,
      input logic [2:0] addr_i, input logic [7:0] wdata_i, output logic [7:0] rdata_o);\nendmodule";
    let files = [
        ("stage.sv", STAGE),
        ("sram_1rw_8x8.sv", stub),
        ("top.sv", TOP),
    ];
    let file = |(path, text): (&str, &str)| hdl_gen::EmittedFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    Emitted {
        block: "small",
        config: "test".to_owned(),
        top: "top".to_owned(),
        hash: String::new(),
        files: files.map(file).to_vec(),
        srams: if ram { vec![spec] } else { Vec::new() },
    }
}

fn report(emitted: &Emitted) -> Result<AreaReport, AreaError> {
    let dir = tempfile::tempdir().unwrap();
    analyse(emitted, &Cells::load(&[], None).unwrap(), dir.path())
}

#[test]
fn a_small_design_from_rtl_to_figures() {
    let r = report(&emitted(true)).unwrap();
    let spec = hdl_gen::SramSpec::new(8, 8);
    let area = r.area_um2_45nm.unwrap();
    assert_eq!(r.memory_um2_45nm, Some(spec.area_um2_45nm()));
    assert!((r.logic_um2_45nm.unwrap() + spec.area_um2_45nm() - area).abs() < 1e-9);
    assert!((r.area_mm2_32nm.unwrap() - area * GEOMETRIC_45_TO_32 / 1e6).abs() < 1e-12);
    let stage = r
        .modules
        .iter()
        .find(|m| m.name == "stage #(Width=8)")
        .unwrap();
    assert_eq!((stage.instances, stage.flops), (2, 8));
    assert!((stage.local_um2 - 8.0 * 5.32).abs() < 1e-9);
    assert_eq!((r.memories[0].instances, r.flat.flops), (1, 16));

    // The memory's data go through the adder into the output register.
    let memory = r
        .paths
        .iter()
        .find(|p| p.start == sta::Start::Memory)
        .unwrap();
    let logic = memory.ns - memory.setup_ns - spec.access_ns_45nm();
    assert_eq!(memory.from, "u_ram");
    assert!(logic > 0.05, "{logic}");
    // abc's figure is for the slower of two operands, loaded with a port instead of a register.
    let abc = r.flat.abc_ns.unwrap();
    assert!((0.8..1.02).contains(&(logic / abc)), "{logic} {abc}");
    assert!(r.to_string().contains("stage #(Width=8)"));
}

#[test]
fn a_macro_without_figures_is_an_error() {
    let error = report(&emitted(false)).unwrap_err().to_string();
    assert_eq!(
        error,
        "module top: macro sram_1rw_8x8 has no area; black boxes must be memories of the design"
    );
}

#[test]
fn what_yosys_refuses_is_passed_on_in_one_line() {
    let mut broken = emitted(true);
    broken.files[0].text = STAGE.replace("endmodule", "");
    let error = report(&broken).unwrap_err().to_string();
    assert!(error.starts_with("yosys on top failed: "), "{error}");
    assert!(
        error.contains("ERROR") && error.lines().count() == 1,
        "{error}"
    );
}

#[test]
fn a_liberty_file_that_cannot_be_used_is_named() {
    let missing = Cells::load(&["no/such.lib".into()], None)
        .err()
        .unwrap()
        .to_string();
    assert!(missing.starts_with("no/such.lib: "), "{missing}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.lib");
    fs::write(&file, "library(x) {").unwrap();
    let broken = Cells::load(&[file], None).err().unwrap().to_string();
    assert!(broken.contains("x.lib: line 1: "), "{broken}");
}
