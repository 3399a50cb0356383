//! What tools need beside the RTL: file list, FuseSoC core, synthesis script, timing constraints.

use std::fmt::Write;

use super::emitted::EmittedFile;
use crate::sram::SramSpec;
use contract::{Dir, Port, Role};

/// Path of Yosys' script.
pub(super) const SYNTH_SCRIPT: &str = "synth/synth.tcl";

/// Path of the testbench of module `top`: like the black boxes in a folder of its own, so that the
/// files beside the core are the RTL.
pub(super) fn testbench_path(top: &str) -> String {
    format!("sim/{top}_tb.sv")
}

pub(super) struct Project<'a> {
    pub block: &'a str,
    pub config: &'a str,
    pub top: &'a str,
    pub srams: &'a [SramSpec],
}

/// Paths of the RTL for simulation, children before parents. For `-f` of Verilator, Icarus and
/// slang, run in the folder.
pub(super) fn file_list(rtl: &[EmittedFile]) -> String {
    rtl.iter().map(|f| format!("{}\n", f.path)).collect()
}

impl Project<'_> {
    /// FuseSoC core description (CAPI 2).
    pub fn core(&self, files: &[EmittedFile]) -> String {
        let Self {
            block, config, top, ..
        } = self;
        let macros: Vec<String> = self
            .srams
            .iter()
            .map(|s| format!("{}.sv", s.name()))
            .collect();
        let rtl = files
            .iter()
            .map(|f| f.path.as_str())
            .filter(|p| p.ends_with(".sv"));
        let (memories, logic): (Vec<&str>, Vec<&str>) =
            rtl.partition(|path| macros.iter().any(|m| m == path));
        let black_boxes: Vec<String> = memories.iter().map(|m| format!("synth/{m}")).collect();
        let black_boxes: Vec<&str> = black_boxes.iter().map(String::as_str).collect();
        let version = env!("CARGO_PKG_VERSION");
        let mut core = format!(
            "CAPI=2:\n\
             name: embertl:{block}:{top}_{config}:{version}\n\
             description: \"Block {block}, configuration {config}\"\n\
             \n\
             filesets:\n"
        );
        let sv = "systemVerilogSource";
        core += &fileset("rtl", sv, &logic);
        core += &fileset("memories", sv, &memories);
        core += &fileset("black_boxes", sv, &black_boxes);
        core += &fileset("constraints", "SDC", &[&format!("{top}.sdc")]);
        core += &fileset("testbench", sv, &[&testbench_path(top)]);
        _ = write!(
            core,
            "  synth_script:\n\
            \x20   files:\n\
            \x20     - {SYNTH_SCRIPT}: {{copyto: {TEMPLATE}}}\n\
            \x20   file_type: user\n"
        );
        let or_none = |set: &str| {
            if self.srams.is_empty() {
                String::new()
            } else {
                format!("{set}, ")
            }
        };
        _ = write!(
            core,
            "\n\
             targets:\n\
            \x20 default: &default\n\
            \x20   filesets: [{memories}rtl]\n\
            \x20   toplevel: {top}\n\
            \x20 lint:\n\
            \x20   <<: *default\n\
            \x20   flow: lint\n\
            \x20   flow_options:\n\
            \x20     tool: verilator\n\
            \x20     verilator_options: [-Wall]\n\
            \x20 sim:\n\
            \x20   filesets: [{memories}rtl, testbench]\n\
            \x20   toplevel: {top}_tb\n\
            \x20   flow: sim\n\
            \x20   flow_options:\n\
            \x20     tool: icarus\n\
            \x20     iverilog_options: [-g2012]\n\
            \x20 synth:\n\
            \x20   filesets: [{black_boxes}rtl, constraints, synth_script]\n\
            \x20   toplevel: {top}\n\
            \x20   flow: generic\n\
            \x20   flow_options:\n\
            \x20     tool: yosys\n\
            \x20     # Edalize wants one of its FPGAs; the script maps to generic gates.\n\
            \x20     arch: xilinx\n\
            \x20     output_format: verilog\n\
            \x20     yosys_template: {TEMPLATE}\n",
            memories = or_none("memories"),
            black_boxes = or_none("black_boxes"),
        );
        core
    }

    /// Constraints: the clock, half of its period for whatever is outside, reset without timing.
    pub fn constraints(&self, clock_ns: f64, ports: &[Port]) -> String {
        let Self { block, config, .. } = self;
        let timed = |dir: Dir| -> String {
            let data = |p: &&Port| p.dir == dir && !matches!(p.role, Role::Clock | Role::Reset);
            let names: Vec<&str> = ports.iter().filter(data).map(|p| p.name.as_str()).collect();
            names.join(" \\\n  ")
        };
        let half = clock_ns / 2.0;
        let mut sdc = format!(
            "# Timing of block {block}, configuration {config}.\n\
             # Period in ns: what is asked for, not what was reached.\n\
             create_clock -name clk -period {clock_ns:.3} [get_ports clk_i]\n\
             \n\
             # The reset is released in synchrony with the clock by whoever drives it.\n\
             set_false_path -from [get_ports rst_ni]\n\
             \n\
             # Half the period belongs to the other side of each stream.\n"
        );
        for (dir, command) in [
            (Dir::Input, "set_input_delay"),
            (Dir::Output, "set_output_delay"),
        ] {
            let names = timed(dir);
            if !names.is_empty() {
                _ = writeln!(
                    sdc,
                    "{command} {half:.3} -clock clk [get_ports {{\n  {names}\n}}]"
                );
            }
        }
        sdc
    }
}

/// Name of the script where Edalize runs Yosys.
const TEMPLATE: &str = "synth.tcl";

/// Synthesis to Yosys' generic gates, memories as black boxes. Edalize writes the procedures, which
/// know the files.
pub(super) fn synth_script() -> String {
    "# Generic gates; the memories stay black boxes. Run by Edalize, which writes the procedures.\n\
     yosys -import\n\
     source edalize_yosys_procs.tcl\n\
     \n\
     read_files\n\
     yosys synth -flatten -top $top\n\
     yosys check -assert\n\
     yosys stat\n\
     yosys write_verilog -noattr $name.v\n"
        .to_owned()
}

fn fileset(name: &str, kind: &str, files: &[&str]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let list: String = files.iter().map(|f| format!("      - {f}\n")).collect();
    format!("  {name}:\n    files:\n{list}    file_type: {kind}\n")
}
