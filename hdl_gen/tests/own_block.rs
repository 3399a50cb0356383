//! A block of another project: everything is emitted for it from its configuration, ports and
//! modules, and it gets the command line for free.

use contract::{BlockConfig, ConfigError, ConfigSpec, Dir, ParamDoc, Port};
use hdl_gen::design::{Compose, Design, DesignError, Module};
use hdl_gen::{Block, BlockOf, SramSpec};
use serde::{Deserialize, Serialize};

/// A delay line in a memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DelayConfig {
    words: u32,
    bits: u32,
}

impl BlockConfig for DelayConfig {
    const BLOCK: &'static str = "delay";

    fn named() -> Vec<(&'static str, Self)> {
        vec![("short", Self { words: 12, bits: 8 })]
    }

    fn params() -> &'static [ParamDoc] {
        &[
            ParamDoc {
                name: "words",
                doc: "Length: 2 to 1000.",
                source: "ours",
            },
            ParamDoc {
                name: "bits",
                doc: "Bits of a word: 1 to 64.",
                source: "ours",
            },
        ]
    }

    fn validate(&self) -> Result<(), ConfigError> {
        if (2..=1000).contains(&self.words) {
            return Ok(());
        }
        Err(ConfigError {
            field: "words".into(),
            value: self.words.to_string(),
            why: "out of range".into(),
            remedy: "use 2 to 1000".into(),
        })
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = Port::clock_and_reset();
        ports.extend(Port::stream(
            "word",
            Dir::Input,
            &[("data", self.bits, "A word.")],
        ));
        ports.push(Port::level(
            "old_o",
            Dir::Output,
            self.bits,
            "The word `words` words ago.",
        ));
        ports
    }
}

const CONTROL: &str = "\
// Walks through the memory, one word at each transfer.
module delay_control #(
  parameter int Words = 2, // length of the line
  localparam int AddrW = $clog2(Words)
) (
  input logic clk_i,
  input logic rst_ni,
  input logic word_valid_i,
  output logic word_ready_o,
  output logic req_o,
  output logic we_o,
  output logic [AddrW-1:0] addr_o
);

  localparam logic [AddrW-1:0] LastWord = Words - 1;

  logic             write_q;
  logic [AddrW-1:0] addr_q;

  // Read the old word first, then write the new one in its place.
  assign word_ready_o = write_q;
  assign req_o        = word_valid_i;
  assign we_o         = write_q;
  assign addr_o       = addr_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      addr_q  <= '0;
    end else if (word_valid_i) begin
      write_q <= !write_q;
      if (write_q) addr_q <= (addr_q == LastWord) ? '0 : addr_q + 1'b1;
    end
  end

endmodule
";

impl Block for DelayConfig {
    fn design(&self) -> Result<Design, DesignError> {
        let memory = SramSpec::new(self.words, self.bits).module()?;
        let control = Module::leaf_text(CONTROL)?;
        let mut top = Compose::new(Self::TOP, "Gives each word again, later.", &self.ports());
        top.instance("u_control", &control)
            .param("Words", self.words);
        top.instance("u_memory", &memory);
        top.wire("word_valid_i", &["u_control.word_valid_i"]);
        top.wire("u_control.word_ready_o", &["word_ready_o"]);
        top.link("u_control", "u_memory");
        top.wire("word_data_i", &["u_memory.wdata_i"]);
        top.wire("u_memory.rdata_o", &["old_o"]);
        Design::new(top.finish()?, [memory, control])
    }

    fn clock_ns(&self) -> f64 {
        0.8
    }
}

#[test]
fn a_block_from_outside_is_emitted_whole() {
    let block = BlockOf::<DelayConfig>::DYN;
    let changes = vec![("words".to_owned(), "13".to_owned())];
    let config = block
        .load(&ConfigSpec {
            changes,
            ..ConfigSpec::default()
        })
        .unwrap();
    assert!(config.name().starts_with("short-"));
    let emitted = config.emit().unwrap();
    let paths: Vec<_> = emitted.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "delay_control.sv",
            "sram_1rw_13x8.sv",
            "delay.sv",
            "files.f",
            "delay.core",
            "delay.sdc",
            "PORTS.md",
            "synth/sram_1rw_13x8.sv",
            "sim/delay_tb.sv",
            "synth/synth.tcl",
            "manifest.json",
        ]
    );
    assert!(emitted.file("delay.sdc").unwrap().contains("-period 0.800"));
    assert!(emitted.file("delay.sv").unwrap().contains(".Words(13)"));
    let typed = config.as_any().downcast_ref::<DelayConfig>().unwrap();
    assert_eq!(typed, &DelayConfig { words: 13, bits: 8 });
}

#[test]
fn a_block_from_outside_has_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let args = [
        "mine",
        "--delay-words",
        "20",
        "--out",
        out.to_str().unwrap(),
    ];
    let code = hdl_gen::command::run(&[BlockOf::<DelayConfig>::DYN], args.iter().map(Into::into));
    assert_eq!(
        format!("{code:?}"),
        format!("{:?}", std::process::ExitCode::SUCCESS)
    );
    assert!(out.join("sram_1rw_20x8.sv").exists());
}
