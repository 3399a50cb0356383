//! Parameters, named configurations and ports of the ADC switch controller.

use contract::{BlockConfig, ConfigError, Dir, ParamDoc, Port};

use super::check;
use super::params::*;

const PARAMS: &[ParamDoc] = &[
    ParamDoc {
        name: "rows",
        doc: "Word lines: a power of two from 16 to 256.",
        source: "ReCross gives none; 64 rows of 16 elements are our choice, 128 ISAAC's",
    },
    ParamDoc {
        name: "columns",
        doc: "Bit lines: a multiple of element_bits / cell_bits, at most 512.",
        source: "as rows",
    },
    ParamDoc {
        name: "cell_bits",
        doc: "Bits of a cell: 1, 2 or 4.",
        source: "ISAAC (2 bits)",
    },
    ParamDoc {
        name: "element_bits",
        doc: "Bits of a stored element: 4 to 16, a multiple of cell_bits.",
        source: "ours: 8-bit embeddings",
    },
    ParamDoc {
        name: "adc",
        doc: "Kind of the ADCs: flash or sar.",
        source: "not stated in ReCross; ISAAC has SAR",
    },
    ParamDoc {
        name: "adc_bits",
        doc: "Full resolution of the ADCs: cell_bits to 10.",
        source: "ISAAC (8 bits)",
    },
    ParamDoc {
        name: "adcs",
        doc: "ADCs: a divisor of the elements of a row.",
        source: "ours: columns in turn take about one array access",
    },
    ParamDoc {
        name: "array_latency",
        doc: "Cycles from driving word lines to sampled columns: 2 to 1024.",
        source: "ISAAC (100 ns a read); 25 ns for 64 rows is our choice",
    },
    ParamDoc {
        name: "acc_bits",
        doc: "Bits of an accumulator and of a result element: 8 to 32, enough for one access and for all rows.",
        source: "ours: 2^(acc_bits - element_bits) rows a query",
    },
    ParamDoc {
        name: "tag_bits",
        doc: "Bits of a query's tag: 2 to 16.",
        source: "ours: four queries are in flight",
    },
    ParamDoc {
        name: "switching",
        doc: "Resolution follows the rows read, or is always full: true or false.",
        source: "ReCross; false is the baseline",
    },
    ParamDoc {
        name: "histogram",
        doc: "Counters of accesses by resolution present: true or false.",
        source: "ours: flash energy follows from comparator firings without them",
    },
    ParamDoc {
        name: "counter_bits",
        doc: "Bits of an event counter: 8 to 32, at least adc_bits.",
        source: "ours: 32 bits count 4 s of cycles at 1 GHz; 8 in tiny, to see them wrap",
    },
    ParamDoc {
        name: "clock_ps",
        doc: "Clock period in ps: 100 to 100000.",
        source: "ours",
    },
];

impl BlockConfig for AdcSwitchConfig {
    const BLOCK: &'static str = "adc_switch";

    fn named() -> Vec<(&'static str, Self)> {
        let paper64 = Self {
            rows: 64,
            columns: 64,
            cell_bits: 2,
            element_bits: 8,
            adc: AdcKind::Flash,
            adc_bits: 8,
            adcs: 4,
            array_latency: 25,
            acc_bits: 20,
            tag_bits: 8,
            switching: true,
            histogram: false,
            counter_bits: 32,
            clock_ps: 1000,
        };
        let isaac128 = Self {
            rows: 128,
            columns: 128,
            adc: AdcKind::Sar,
            adcs: 8,
            array_latency: 100,
            histogram: true,
            ..paper64.clone()
        };
        let tiny = Self {
            rows: 16,
            columns: 8,
            element_bits: 4,
            adc: AdcKind::Sar,
            adc_bits: 4,
            adcs: 2,
            array_latency: 10,
            acc_bits: 10,
            tag_bits: 4,
            histogram: true,
            counter_bits: 8,
            ..paper64.clone()
        };
        let fixed = Self {
            switching: false,
            ..paper64.clone()
        };
        vec![
            ("paper64", paper64),
            ("isaac128", isaac128),
            ("tiny", tiny),
            ("fixed", fixed),
        ]
    }

    fn params() -> &'static [ParamDoc] {
        PARAMS
    }

    /// An accumulator grows with what it must hold.
    fn settle(&mut self, given: &[&str]) {
        if !given.contains(&"acc_bits") {
            self.acc_bits = self.acc_bits.max(self.least_acc_bits());
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        check::validate(self)
    }

    fn ports(&self) -> Vec<Port> {
        let (rows, tag) = (self.rows, self.tag_bits);
        let mut ports = Port::clock_and_reset();
        ports.extend(Port::stream(
            "act",
            Dir::Input,
            &[
                (
                    "rows",
                    rows,
                    "Word lines of this activation, bit r is row r.",
                ),
                ("tag", tag, "The query that the rows belong to."),
                ("last", 1, "Last activation of this query."),
            ],
        ));
        ports.extend(Port::stream(
            "res",
            Dir::Output,
            &[
                (
                    "data",
                    self.adcs * self.acc_bits,
                    "Beat i: pooled elements i * adcs and up, lowest first, two's complement.",
                ),
                ("tag", tag, "The query whose result this is."),
                ("last", 1, "Last beat of the result."),
            ],
        ));
        ports.extend(self.pins());
        ports.extend([
            Port::level(
                "abort_i",
                Dir::Input,
                1,
                "Drop all queries in flight; keep counters and errors.",
            ),
            Port::level(
                "clear_i",
                Dir::Input,
                1,
                "Abort, and clear counters and errors.",
            ),
            Port::level("ctr_sel_i", Dir::Input, 4, "Counter to show."),
            Port::level("ctr_o", Dir::Output, 32, "The chosen counter."),
            Port::level(
                "err_o",
                Dir::Output,
                4,
                "Sticky errors: 0 tag changed, 1 tag in flight, 2 overflow, 3 code out of range.",
            ),
            Port::level("busy_o", Dir::Output, 1, "A query is in flight."),
        ]);
        ports
    }
}

impl AdcSwitchConfig {
    /// The pins of crossbar, sample-and-hold and ADCs.
    fn pins(&self) -> Vec<Port> {
        let level = Port::level;
        let enables = match self.adc {
            AdcKind::Flash => "Bit j powers the comparators of thresholds 2^j to 2^(j+1) - 1.",
            AdcKind::Sar => "Bit j is decided in this cycle.",
        };
        vec![
            level("wl_o", Dir::Output, self.rows, "Word lines driven."),
            level(
                "sample_o",
                Dir::Output,
                1,
                "All columns are sampled at the end of this cycle.",
            ),
            level(
                "adc_start_o",
                Dir::Output,
                1,
                "First cycle of a conversion in every ADC.",
            ),
            level(
                "adc_col_o",
                Dir::Output,
                self.column_bits(),
                "Column that every ADC converts, counted from its first.",
            ),
            level("adc_en_o", Dir::Output, self.adc_bits, enables),
            level(
                "adc_code_i",
                Dir::Input,
                self.adcs * self.adc_bits,
                "Codes, the first ADC's lowest; read in the cycle after a conversion.",
            ),
        ]
    }
}
