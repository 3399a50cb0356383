//! Parameters, named configurations and ports of the PE.

use contract::{BlockConfig, ConfigError, Dir, ParamDoc, Port};

use super::check;
use super::params::*;

const PARAMS: &[ParamDoc] = &[
    ParamDoc {
        name: "width",
        doc: "Compute width in bits: a power of two from 32 to 1024.",
        source: "REFREE table 2 (128-bit SIMD)",
    },
    ParamDoc {
        name: "element",
        doc: "Element type in memory: fp32, bf16, int8 or int32.",
        source: "not stated in REFREE; fp32 is DLRM's default",
    },
    ParamDoc {
        name: "slice_bytes",
        doc: "Bytes of partial sums a slot holds: a power of two, at least one beat, at most 16 beats.",
        source: "REFREE 5.1: 16 dimensions of 4 bytes",
    },
    ParamDoc {
        name: "slots",
        doc: "Slots of the reduction buffer: a power of two from 4 to 65536.",
        source: "REFREE table 2: 128 KB of 64 bytes",
    },
    ParamDoc {
        name: "queries",
        doc: "Entries of the query table: a power of two from 4 to 65536.",
        source: "REFREE 5.1: batch of 2048",
    },
    ParamDoc {
        name: "input_buffer_bytes",
        doc: "Vector buffer in bytes: a power of two, at least 4 beats and one slice, at most 1 MB.",
        source: "REFREE table 2 (4 KB)",
    },
    ParamDoc {
        name: "output_buffer_bytes",
        doc: "Result buffer in bytes: a power of two, at least 4 beats and one slice, at most 1 MB.",
        source: "REFREE table 2 (4 KB)",
    },
    ParamDoc {
        name: "id_bits",
        doc: "Bits of a row id: 4 to 64.",
        source: "266 M rows of Criteo Terabyte need 28; 32 is our choice",
    },
    ParamDoc {
        name: "tracker",
        doc: "How look-ups find their queries: rename, or match (at most 1024 queries).",
        source: "rename is ours; match is REFREE 4.2 to the letter",
    },
    ParamDoc {
        name: "match_ids",
        doc: "Ids that the match tracker holds besides the first of each query: a power of two from 16 to 65536; 0 for the rename tracker.",
        source: "ours",
    },
    ParamDoc {
        name: "lookups_per_cycle",
        doc: "Queries of one row of the query table: a power of two from 1 to 32, at most queries / 4.",
        source: "ours: 8 keeps hot vectors from starving the adders",
    },
    ParamDoc {
        name: "group_entries",
        doc: "Group registers: a power of two from 2 to 16.",
        source: "ours: with the host's query order 2 suffice on Criteo",
    },
    ParamDoc {
        name: "tag_bits",
        doc: "Bits of a visit tag: 2 to 16.",
        source: "ours",
    },
    ParamDoc {
        name: "op_queue",
        doc: "Entries of the operation queue: a power of two from 2 to 64.",
        source: "ours",
    },
    ParamDoc {
        name: "add_stages",
        doc: "Pipeline stages of the adder: 2, 4 or 6.",
        source: "ours: see the area report",
    },
    ParamDoc {
        name: "mul_stages",
        doc: "Pipeline stages of the multiplier: 2 to 5, at most add_stages + 1.",
        source: "ours: see the area report",
    },
    ParamDoc {
        name: "modes",
        doc: "Mode hardware present: gnr or gnr_update.",
        source: "REFREE 4.2 has both",
    },
];

impl BlockConfig for PeConfig {
    const BLOCK: &'static str = "pe";

    fn named() -> Vec<(&'static str, Self)> {
        let paper = Self {
            width: 128,
            element: Element::Fp32,
            slice_bytes: 64,
            slots: 2048,
            queries: 2048,
            input_buffer_bytes: 4096,
            output_buffer_bytes: 4096,
            id_bits: 32,
            tracker: Tracker::Rename,
            match_ids: 0,
            lookups_per_cycle: 8,
            group_entries: 2,
            tag_bits: 10,
            op_queue: 4,
            add_stages: 2,
            mul_stages: 3,
            modes: Modes::GnrUpdate,
        };
        let tiny = Self {
            width: 32,
            slice_bytes: 8,
            slots: 8,
            queries: 16,
            input_buffer_bytes: 32,
            output_buffer_bytes: 32,
            id_bits: 8,
            lookups_per_cycle: 2,
            group_entries: 2,
            tag_bits: 2,
            op_queue: 2,
            add_stages: 2,
            mul_stages: 2,
            ..paper.clone()
        };
        let wide = Self {
            width: 512,
            slots: 1024,
            queries: 1024,
            ..paper.clone()
        };
        let bf16 = Self {
            element: Element::Bf16,
            ..paper.clone()
        };
        let int8 = Self {
            element: Element::Int8,
            modes: Modes::Gnr,
            ..paper.clone()
        };
        let matching = Self {
            tracker: Tracker::Match,
            match_ids: 4096,
            queries: 256,
            slots: 256,
            ..paper.clone()
        };
        vec![
            ("paper", paper),
            ("tiny", tiny),
            ("wide", wide),
            ("bf16", bf16),
            ("int8", int8),
            ("match", matching),
        ]
    }

    fn params() -> &'static [ParamDoc] {
        PARAMS
    }

    /// A slice follows the width: 64 bytes, or one beat if that is more.
    fn settle(&mut self, given: &[&str]) {
        if given.contains(&"width") && !given.contains(&"slice_bytes") {
            self.slice_bytes = (self.width / 8).max(64);
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        check::validate(self)
    }

    fn ports(&self) -> Vec<Port> {
        let (w, vw, id) = (self.width, self.vec_width(), self.id_bits);
        let (row, lanes) = (self.rows().ilog2(), self.lookups_per_cycle);
        let mut ports = Port::clock_and_reset();
        let mut cmd = vec![
            (
                "op",
                3,
                "1 gather-and-reduce, 2 update; others are illegal.",
            ),
            (
                "retain",
                1,
                "Keep finished sums for the update instead of sending them.",
            ),
            (
                "queries",
                self.query_bits() + 1,
                "Query numbers in use, 1 to `queries`.",
            ),
            (
                "visits",
                24,
                "Vectors (gather-and-reduce) or rows (update) to come.",
            ),
        ];
        if self.has_update() {
            cmd.push(("lr", 32, "Learning rate, binary32."));
        }
        ports.extend(Port::stream("cmd", Dir::Input, &cmd));
        ports.extend(Port::stream("req", Dir::Input, &self.req_fields()));
        let mut vec_fields = vec![("data", vw, "One beat of a vector or row, element 0 lowest.")];
        match (self.has_match(), self.has_update()) {
            (true, true) => vec_fields.insert(0, ("id", id, "Row id: matched, and returned.")),
            (true, false) => vec_fields.insert(0, ("id", id, "Row id, matched with the lists.")),
            (false, true) => {
                vec_fields.insert(0, ("id", id, "Row id, returned with the updated row."));
            }
            (false, false) => {}
        }
        ports.extend(Port::stream("vec", Dir::Input, &vec_fields));
        ports.extend(Port::stream(
            "res",
            Dir::Output,
            &[
                ("row", row, "Row of the query table."),
                (
                    "mask",
                    lanes,
                    "Lanes (queries of the row) whose result this is.",
                ),
                ("data", w, "One beat of the result, 32 bits an element."),
                ("last", 1, "Last beat of the result."),
            ],
        ));
        if self.has_update() {
            ports.extend(Port::stream(
                "wb",
                Dir::Output,
                &[
                    ("id", id, "Row id as it came with the row."),
                    ("data", vw, "One beat of the updated row."),
                    ("last", 1, "Last beat of the row."),
                ],
            ));
        }
        ports.extend([
            Port::level(
                "abort_i",
                Dir::Input,
                1,
                "Drop the command in flight and all queued data.",
            ),
            Port::level(
                "clear_i",
                Dir::Input,
                1,
                "Abort, and clear counters and error.",
            ),
            Port::level("ctr_sel_i", Dir::Input, 4, "Counter to show."),
            Port::level("ctr_o", Dir::Output, 32, "The chosen counter."),
            Port::level(
                "err_o",
                Dir::Output,
                4,
                "First error since reset or clear, 0 for none.",
            ),
            Port::level("busy_o", Dir::Output, 1, "A command or a clear is running."),
        ]);
        ports
    }
}

impl PeConfig {
    /// Fields of the request stream: rows of lanes, or with the match tracker lists of ids.
    fn req_fields(&self) -> Vec<(&'static str, u32, &'static str)> {
        let (row, lanes) = (self.rows().ilog2(), self.lookups_per_cycle);
        match self.tracker {
            Tracker::Rename => vec![
                (
                    "row",
                    row,
                    "Row of the query table: query number / look-ups a cycle.",
                ),
                (
                    "mask",
                    lanes,
                    "Lanes (queries of the row) that ask for the vector.",
                ),
                (
                    "last",
                    lanes,
                    "Lanes for which this is the query's last look-up.",
                ),
                ("end", 1, "Last beat of this vector's requests."),
            ],
            Tracker::Match => vec![
                ("query", self.query_bits(), "Query number."),
                ("id", self.id_bits, "Row id that the query asks for next."),
                ("last", 1, "Last id of this query."),
                ("end", 1, "Last beat of the command's lists."),
            ],
        }
    }
}
