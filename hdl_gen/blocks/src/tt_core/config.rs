//! Parameters, named configurations and ports of the tensor-train core.

use contract::{BlockConfig, ConfigError, Dir, ParamDoc, Port};

use super::check;
use super::params::*;

const PARAMS: &[ParamDoc] = &[
    ParamDoc {
        name: "element",
        doc: "Type of the TT cores' words: int8, bf16 or fp32.",
        source: "not stated in SCRec",
    },
    ParamDoc {
        name: "p",
        doc: "Range of each digit of a row id: 2 to 4 numbers from 2 to 65536, product at most 2^32.",
        source: "FBTT-Embedding's benchmark (200, 220, 250); not stated in SCRec",
    },
    ParamDoc {
        name: "q",
        doc: "Factors of the embedding dimension: as many powers of two from 1 to 16.",
        source: "as p (4, 4, 4)",
    },
    ParamDoc {
        name: "ranks",
        doc: "TT ranks between the cores: powers of two from 2 to 64.",
        source: "ours; TT-Rec has 8 to 64",
    },
    ParamDoc {
        name: "macs",
        doc: "Multipliers of each stage: its rank times a power of two.",
        source: "ours: all stages take equally long",
    },
    ParamDoc {
        name: "tables",
        doc: "Resident tables of this shape: a power of two from 1 to 8.",
        source: "ours",
    },
    ParamDoc {
        name: "prefix_entries",
        doc: "Products kept behind each stage but the last: a power of two from 2 to 16.",
        source: "ours: 4 hide a stage's latency",
    },
    ParamDoc {
        name: "row_queue",
        doc: "Rows that can wait for the last stage: a power of two from 2 to 64.",
        source: "ours",
    },
    ParamDoc {
        name: "pooling",
        doc: "Rows of a bag are added up: true or false.",
        source: "ours",
    },
    ParamDoc {
        name: "bags",
        doc: "Bags that can be open at once, or, without pooling, range of a row's tag: a power of two from 2 to 1024 (65536 without pooling).",
        source: "ours",
    },
    ParamDoc {
        name: "out_beats",
        doc: "Beats of the result buffer: a power of two from 4 to 4096, at least two rows.",
        source: "ours: two rows, and those under way",
    },
    ParamDoc {
        name: "mul_stages",
        doc: "Register ranks of a multiplier: 1 for int8, 2 to 3 for bf16, 2 to 5 for fp32.",
        source: "ours",
    },
    ParamDoc {
        name: "add_stages",
        doc: "Register ranks of an adder: 1 for int8; 2, 4 or 6 for bf16 and fp32.",
        source: "ours",
    },
    ParamDoc {
        name: "counter_bits",
        doc: "Width of the event counters: 8 to 32.",
        source: "ours",
    },
];

impl BlockConfig for TtCoreConfig {
    const BLOCK: &'static str = "tt_core";
    const TOP: &'static str = "tt_core";

    fn named() -> Vec<(&'static str, Self)> {
        let paper = Self {
            element: Element::Bf16,
            p: vec![200, 220, 250],
            q: vec![4, 4, 4],
            ranks: vec![16, 16],
            macs: vec![256, 64],
            tables: 1,
            prefix_entries: 4,
            row_queue: 8,
            pooling: true,
            bags: 64,
            out_beats: 64,
            mul_stages: 2,
            add_stages: 2,
            counter_bits: 32,
        };
        let int8 = Self {
            element: Element::Int8,
            tables: 4,
            mul_stages: 1,
            add_stages: 1,
            ..paper.clone()
        };
        let deep = Self {
            p: vec![60, 60, 60, 60],
            q: vec![4, 4, 2, 2],
            ranks: vec![16, 16, 16],
            macs: vec![128, 256, 32],
            tables: 2,
            out_beats: 128,
            ..paper.clone()
        };
        let tiny = Self {
            p: vec![3, 3, 4],
            q: vec![2, 2, 2],
            ranks: vec![2, 2],
            macs: vec![4, 4],
            tables: 2,
            prefix_entries: 2,
            row_queue: 2,
            bags: 4,
            out_beats: 8,
            counter_bits: 8,
            ..int8.clone()
        };
        let fp32 = Self {
            element: Element::Fp32,
            p: vec![100, 100, 100],
            ranks: vec![8, 8],
            macs: vec![64, 32],
            pooling: false,
            mul_stages: 3,
            ..paper.clone()
        };
        let lean = Self {
            macs: vec![64, 64],
            prefix_entries: 8,
            row_queue: 32,
            ..paper.clone()
        };
        let fast = Self {
            macs: vec![256, 128],
            prefix_entries: 8,
            row_queue: 32,
            out_beats: 32,
            ..paper.clone()
        };
        vec![
            ("paper", paper),
            ("int8", int8),
            ("deep", deep),
            ("tiny", tiny),
            ("fp32", fp32),
            ("lean", lean),
            ("fast", fast),
        ]
    }

    fn params() -> &'static [ParamDoc] {
        PARAMS
    }

    /// Register ranks follow the element, the result buffer the rows.
    fn settle(&mut self, given: &[&str]) {
        let float = self.element.is_float();
        if !given.contains(&"mul_stages") && float != (self.mul_stages > 1) {
            self.mul_stages = if float { 2 } else { 1 };
        }
        if !given.contains(&"add_stages") && float != (self.add_stages > 1) {
            self.add_stages = if float { 2 } else { 1 };
        }
        if !given.contains(&"out_beats") && check::shape(self).is_ok() {
            self.out_beats = self.out_beats.max(2 * self.beats());
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        check::validate(self)
    }

    fn ports(&self) -> Vec<Port> {
        let (table, bag) = (self.table_bits(), self.bag_bits());
        let mut ports = Port::clock_and_reset();
        ports.extend(Port::stream(
            "load",
            Dir::Input,
            &[
                ("start", 1, "First beat of a table."),
                ("last", 1, "Last beat of a table."),
                ("table", table, "With start: the table to load."),
                (
                    "data",
                    self.load_bits(),
                    "A line of a TT core; with start the number of rows, for int8 the scales.",
                ),
            ],
        ));
        let mut row = vec![
            ("table", table, "Table of the row."),
            ("id", self.id_bits(), "Row of the table."),
            ("bag", bag, "Bag that the row belongs to."),
        ];
        if self.pooling {
            row.push(("last", 1, "Last row of this bag."));
        }
        ports.extend(Port::stream("row", Dir::Input, &row));
        ports.extend(Port::stream(
            "res",
            Dir::Output,
            &[
                (
                    "data",
                    32 * self.beat_elements(),
                    "Elements of this beat, lowest first, binary32 or int32.",
                ),
                ("bag", bag, "Bag whose result this is."),
                ("err", 1, "Not a result: a row could not be served."),
                ("last", 1, "Last beat of the result."),
            ],
        ));
        let level = Port::level;
        ports.extend([
            level(
                "tables_o",
                Dir::Output,
                self.tables,
                "Bit t: table t is loaded and can be used.",
            ),
            level(
                "abort_i",
                Dir::Input,
                1,
                "Drop all rows, bags and a load in flight; keep tables, counters and errors.",
            ),
            level(
                "clear_i",
                Dir::Input,
                1,
                "Abort, and clear counters and errors.",
            ),
            level("ctr_sel_i", Dir::Input, 4, "Counter to show."),
            level("ctr_o", Dir::Output, 32, "The chosen counter."),
            level(
                "err_o",
                Dir::Output,
                4,
                "Sticky errors: 0 table not loaded, 1 row out of range, 2 wrong load, 3 word not finite.",
            ),
            level(
                "busy_o",
                Dir::Output,
                1,
                "A row is in flight, or a load beat is held.",
            ),
        ]);
        ports
    }
}
