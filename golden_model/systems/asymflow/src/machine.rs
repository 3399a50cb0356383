//! The modelled SoC: figures with their sources, from a TOML file or a preset.

use std::collections::BTreeMap;
use std::path::Path;

use contract::input::{TEXT_LIMIT, Wanted, read_text};
use serde::{Deserialize, Serialize};

/// The presets: name and text.
const PRESETS: [(&str, &str); 3] = [
    ("ascend910", include_str!("../machines/ascend910.toml")),
    ("ascend310p", include_str!("../machines/ascend310p.toml")),
    ("ascend910b", include_str!("../machines/ascend910b.toml")),
];

/// One figure of a machine file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sourced {
    value: f64,
    source: String,
}

macro_rules! machine {
    ($($(#[$doc:meta])* $key:ident,)+) => {
        /// A many-core SoC. Times are cycles, sizes bytes, widths bytes per cycle unless said.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Machine {
            pub name: String,
            $($(#[$doc])* pub $key: f64,)+
            /// Where each figure comes from.
            pub sources: BTreeMap<&'static str, String>,
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct MachineFile {
            name: String,
            $($key: Sourced,)+
        }

        impl From<MachineFile> for Machine {
            fn from(file: MachineFile) -> Self {
                let mut sources = BTreeMap::new();
                $(sources.insert(stringify!($key), file.$key.source);)+
                Self { name: file.name, $($key: file.$key.value,)+ sources }
            }
        }

        impl Machine {
            /// Keys and values.
            pub fn figures(&self) -> Vec<(&'static str, f64)> {
                vec![$((stringify!($key), self.$key)),+]
            }
        }
    };
}

machine! {
    /// Cores that serve look-ups.
    cores,
    /// Clock.
    ghz,
    /// For tables in L1, per core.
    l1_bytes,
    /// For tables in UB, per core: two buffers of half of it.
    ub_bytes,
    /// Peak of the HBM in GB/s.
    hbm_gbs,
    /// Part of the peak that is reached.
    hbm_efficiency,
    /// All slices of L2 in GB/s.
    l2_gbs,
    l2_bytes,
    /// Per DMA descriptor from global memory.
    t_desc,
    /// Per DMA descriptor from L1.
    t_l1,
    /// Descriptors in flight per core.
    n_out,
    lat_l2,
    lat_hbm,
    lat_l1,
    /// Bytes whose requests are served one after the other.
    granule,
    /// Between two requests to one granule: the one calibrated parameter.
    t_same,
    slices,
    channels,
    /// From global memory into a core.
    w_gm,
    w_l1,
    /// Per descriptor of a chunk.
    t_chunk,
    /// Elements gathered per cycle.
    gather,
    /// Indices scanned per cycle.
    scan,
    /// Per row added.
    t_add,
}

/// Keys that are whole numbers.
const WHOLE: [&str; 8] = [
    "cores", "l1_bytes", "ub_bytes", "l2_bytes", "n_out", "granule", "slices", "channels",
];
/// Keys that may be zero: no L1 for tables, no cost.
const MAY_BE_ZERO: [&str; 6] = [
    "l1_bytes", "t_same", "lat_l1", "t_chunk", "lat_l2", "lat_hbm",
];
/// Most cores of a machine.
const MOST_CORES: f64 = 1024.0;

impl Machine {
    /// A preset by name, or a file.
    ///
    /// # Errors
    /// One line: the file, the line, the key and what would do.
    pub fn load(name: &str) -> Result<Self, String> {
        if let Some((_, text)) = PRESETS.iter().find(|(preset, _)| *preset == name) {
            return Self::parse(name, text);
        }
        if !name.contains(['.', '/']) {
            let names: Vec<&str> = PRESETS.iter().map(|(preset, _)| *preset).collect();
            return Err(format!(
                "--machine: {name} is none of {}; use one of these or a .toml file",
                names.join(", ")
            ));
        }
        let wanted = Wanted {
            what: "a machine file",
            save: "see `golden_model asymflow map --help`",
        };
        let text = read_text(Path::new(name), wanted, TEXT_LIMIT);
        Self::parse(name, &text.map_err(|error| error.to_string())?)
    }

    /// A machine from the text of a file of this name.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let file: MachineFile = toml::from_str(text).map_err(|e| toml_error(name, text, &e))?;
        let machine = Self::from(file);
        for (key, value) in machine.figures() {
            let least = if MAY_BE_ZERO.contains(&key) {
                0.0
            } else {
                f64::MIN_POSITIVE
            };
            let whole = !WHOLE.contains(&key) || value.fract() == 0.0;
            if !(value >= least && value < 1e15 && whole) {
                let kind = if WHOLE.contains(&key) {
                    "whole number"
                } else {
                    "number"
                };
                let bound = if least == 0.0 {
                    "of at least 0"
                } else {
                    "above 0"
                };
                let line = line_of_key(text, key);
                return Err(format!(
                    "{name}: line {line}: {key} is {value}, use a {kind} {bound}"
                ));
            }
        }
        let range = |key: &str, wrong: bool, use_: &str| match wrong {
            true => Err(format!(
                "{name}: line {}: {key}: {use_}",
                line_of_key(text, key)
            )),
            false => Ok(()),
        };
        range("cores", machine.cores > MOST_CORES, "use 1 to 1024")?;
        range(
            "ub_bytes",
            machine.ub_bytes < 2.0 * machine.granule,
            "use at least two granules",
        )?;
        range(
            "granule",
            machine.granule < 128.0 || machine.granule % 128.0 != 0.0,
            "use a multiple of 128",
        )?;
        range(
            "hbm_efficiency",
            machine.hbm_efficiency > 1.0,
            "use at most 1",
        )?;
        range("l2_bytes", machine.l2_bytes < 2048.0, "use at least 2048")?;
        Ok(machine)
    }

    /// Cores.
    pub fn core_count(&self) -> usize {
        self.cores as usize
    }

    /// HBM in bytes per cycle.
    pub fn hbm_per_cycle(&self) -> f64 {
        self.hbm_gbs * self.hbm_efficiency / self.ghz
    }

    /// Bytes per cycle of a slice of L2.
    pub fn slice_width(&self) -> f64 {
        self.l2_gbs / self.ghz / self.slices
    }

    /// Bytes of a chunk: one of two buffers.
    pub fn chunk(&self) -> f64 {
        self.ub_bytes / 2.0
    }

    /// Cycles as microseconds.
    pub fn us(&self, cycles: f64) -> f64 {
        cycles / self.ghz / 1e3
    }
}

/// A TOML error as one line with file and line.
pub fn toml_error(name: &str, text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..at]
        .iter()
        .filter(|&&b| b == b'\n')
        .count()
        + 1;
    let message = error.message().replace('\n', " ");
    format!("{name}: line {line}: {message}")
}

fn line_of_key(text: &str, key: &str) -> usize {
    let found = text.lines().position(|line| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    });
    found.map_or(1, |line| line + 1)
}
