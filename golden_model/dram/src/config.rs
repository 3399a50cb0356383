//! Configuration of a memory system, as JSON. Every field is required, unknown ones are refused.

use std::path::Path;

use contract::input::{InputError, TEXT_LIMIT, Wanted, read_text};
use serde::Deserialize;

/// A memory system: what it is made of, its timings and how it is scheduled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub name: String,
    pub org: Organisation,
    pub timing: Timing,
    /// Ranks of a channel; the same as in `org`.
    pub rank: u32,
    /// Whether all banks of all ranks are refreshed every nREFI.
    pub refresh: bool,
    pub scheduler: Scheduler,
    /// Entries of the read queue, and of the write queue.
    pub queue: usize,
    /// Channels, cache lines interleaved.
    pub channels: u32,
    pub mapper: Mapper,
    /// Cycles that a command takes on the command bus; 1 for those left out.
    pub command_cycles: CommandCycles,
}

/// What a channel is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Mbit of a device.
    pub density: u64,
    /// Data bits of a device.
    pub dq: u64,
    /// Data bits of a channel.
    pub channel_width: u64,
    pub rank: u32,
    pub bankgroup: u32,
    /// Banks of a bank group.
    pub bank: u32,
    pub row: u32,
    /// Columns of a row, one transfer of the data bus each; 16 a request.
    pub column: u32,
}

/// Timings in cycles of `tCK_ps`, named as in JESD79-5.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case)]
pub struct Timing {
    /// MT/s.
    pub rate: u64,
    pub nBL: u64,
    pub nCL: u64,
    pub nRCD: u64,
    pub nRP: u64,
    pub nRAS: u64,
    pub nRC: u64,
    pub nWR: u64,
    pub nRTP: u64,
    pub nCWL: u64,
    pub nPPD: u64,
    pub nCCDS: u64,
    pub nCCDL: u64,
    pub nCCDS_WR: u64,
    pub nCCDL_WR: u64,
    pub nWTRS: u64,
    pub nWTRL: u64,
    pub nCS: u64,
    /// Picoseconds of a cycle.
    pub tCK_ps: u64,
    pub nRRDS: u64,
    pub nRRDL: u64,
    pub nFAW: u64,
    pub nRFC: u64,
    pub nREFI: u64,
}

/// Which of the requests that could be served is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Scheduler {
    /// The first whose next command (ACT, PRE, RD or WR alike) may issue.
    #[serde(rename = "FRFCFS")]
    FrFcfs,
    /// So, too, but no PRE takes the row from an older request of the queue that needs it.
    RowHit,
}

/// How addresses are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Mapper {
    /// From the top: row, bank, bank group, rank, column, channel.
    RoBaRaCoCh,
    /// Four lines on a bank, then the next; rank, group, bank and row XORed with the column.
    #[serde(rename = "MOP4CLXOR")]
    Mop4ClXor,
}

/// Cycles on the command bus, 1 or 2 each; PRE, PREab and REFab take one. No page is closed with its last
/// access, so RDA and WRA are never issued: their cycles are read and checked, but change nothing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "UPPERCASE")]
pub struct CommandCycles {
    pub act: u64,
    pub rd: u64,
    /// Unused.
    pub rda: u64,
    pub wr: u64,
    /// Unused.
    pub wra: u64,
}

impl Default for CommandCycles {
    fn default() -> Self {
        let one = 1;
        Self {
            act: one,
            rd: one,
            rda: one,
            wr: one,
            wra: one,
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    Read(#[from] InputError),
    /// A field is missing, unknown or of the wrong kind.
    #[error("{0}: {1}")]
    Json(String, serde_json::Error),
    /// A value that can't be.
    #[error("{name}: {field} is {value}; it must be {need}")]
    Value {
        name: String,
        field: String,
        value: u64,
        need: String,
    },
}

const WANTED: Wanted = Wanted {
    what: "a memory configuration",
    save: "give a JSON file with org, timing and policies",
};

impl Config {
    /// DDR5-4800 with the timings of REFREE's table 2; those that it leaves out (nCWL, nWR, nRTP, nRRD,
    /// nWTR, nPPD, nCS, nRFC, nREFI, the write spacings) are JEDEC-like values, chosen.
    ///
    /// # Panics
    /// If `ranks` or `channels` is not a power of two up to 16 or 64.
    pub fn ddr5_4800(ranks: u32, channels: u32) -> Self {
        let text = include_str!("ddr5_4800.json");
        let mut config = Self::parse("DDR5-4800", text).expect("a constant");
        (config.rank, config.org.rank, config.channels) = (ranks, ranks, channels);
        config
            .check()
            .expect("ranks and channels are powers of two");
        config
    }

    /// Reads and checks a file.
    pub fn open(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = read_text(path, WANTED, TEXT_LIMIT)?;
        Self::parse(&name, &text)
    }

    /// Reads and checks a text; `name` is where it comes from, for errors.
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_json::from_str(text)
            .map_err(|error| ConfigError::Json(name.to_owned(), error))?;
        config.check().map_err(|(field, value, need)| {
            let (name, field) = (name.to_owned(), field.to_owned());
            ConfigError::Value {
                name,
                field,
                value,
                need,
            }
        })?;
        Ok(config)
    }

    /// Bytes of a request.
    pub fn line_bytes(&self) -> u64 {
        self.org.channel_width / 8 * 16
    }

    fn check(&self) -> Result<(), (&'static str, u64, String)> {
        let (org, t) = (&self.org, &self.timing);
        for (field, value, limit) in [
            ("org.rank", u64::from(org.rank), 16),
            ("org.bankgroup", org.bankgroup.into(), 16),
            ("org.bank", org.bank.into(), 16),
            ("org.row", org.row.into(), 1 << 24),
            ("org.column", org.column.into(), 1 << 16),
            ("channels", self.channels.into(), 64),
            ("org.channel_width", org.channel_width, 1024),
            ("org.dq", org.dq, org.channel_width),
        ] {
            if !value.is_power_of_two() || value > limit {
                return Err((field, value, format!("a power of two, at most {limit}")));
            }
        }
        let least = if self.mapper == Mapper::Mop4ClXor {
            64
        } else {
            16
        };
        if org.column < least {
            return Err(("org.column", org.column.into(), format!("at least {least}")));
        }
        if org.channel_width < 8 {
            return Err(("org.channel_width", org.channel_width, "at least 8".into()));
        }
        if self.rank != org.rank {
            let need = format!("org.rank, {}", org.rank);
            return Err(("rank", self.rank.into(), need));
        }
        let cells = u64::from(org.bankgroup) * u64::from(org.bank);
        let bits = cells * u64::from(org.row) * u64::from(org.column) * org.dq;
        if bits >> 20 != org.density {
            let need = format!(
                "{}, bankgroup x bank x row x column x dq / 2^20",
                bits >> 20
            );
            return Err(("org.density", org.density, need));
        }
        if !(1..=1 << 16).contains(&self.queue) {
            return Err(("queue", self.queue as u64, "from 1 to 65536".into()));
        }
        let c = &self.command_cycles;
        for (field, value) in [
            ("command_cycles.ACT", c.act),
            ("command_cycles.RD", c.rd),
            ("command_cycles.RDA", c.rda),
            ("command_cycles.WR", c.wr),
            ("command_cycles.WRA", c.wra),
        ] {
            if !(1..=2).contains(&value) {
                return Err((field, value, "1 or 2".into()));
            }
        }
        for (field, value) in t.all() {
            if !(1..=1 << 30).contains(&value) {
                return Err((field, value, "from 1 to 2^30".into()));
            }
        }
        if t.nRC != t.nRAS + t.nRP {
            let need = format!("nRAS + nRP = {} + {} = {}", t.nRAS, t.nRP, t.nRAS + t.nRP);
            return Err(("timing.nRC", t.nRC, need));
        }
        if t.nCWL > t.nCL + t.nBL {
            let need = format!("at most nCL + nBL = {}", t.nCL + t.nBL);
            return Err(("timing.nCWL", t.nCWL, need));
        }
        let busy = t.nRFC + t.nRC;
        if self.refresh && t.nREFI <= busy * u64::from(org.rank) {
            let need = format!(
                "above (nRFC + nRC) x ranks = {}",
                busy * u64::from(org.rank)
            );
            return Err(("timing.nREFI", t.nREFI, need));
        }
        Ok(())
    }
}

impl Timing {
    fn all(&self) -> [(&'static str, u64); 24] {
        [
            ("timing.rate", self.rate),
            ("timing.nBL", self.nBL),
            ("timing.nCL", self.nCL),
            ("timing.nRCD", self.nRCD),
            ("timing.nRP", self.nRP),
            ("timing.nRAS", self.nRAS),
            ("timing.nRC", self.nRC),
            ("timing.nWR", self.nWR),
            ("timing.nRTP", self.nRTP),
            ("timing.nCWL", self.nCWL),
            ("timing.nPPD", self.nPPD),
            ("timing.nCCDS", self.nCCDS),
            ("timing.nCCDL", self.nCCDL),
            ("timing.nCCDS_WR", self.nCCDS_WR),
            ("timing.nCCDL_WR", self.nCCDL_WR),
            ("timing.nWTRS", self.nWTRS),
            ("timing.nWTRL", self.nWTRL),
            ("timing.nCS", self.nCS),
            ("timing.tCK_ps", self.tCK_ps),
            ("timing.nRRDS", self.nRRDS),
            ("timing.nRRDL", self.nRRDL),
            ("timing.nFAW", self.nFAW),
            ("timing.nRFC", self.nRFC),
            ("timing.nREFI", self.nREFI),
        ]
    }
}
