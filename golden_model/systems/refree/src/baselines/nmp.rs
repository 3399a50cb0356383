//! Near-memory hardware that is not REFREE's: one direction of a batch, reads on a rank.

use serde::Serialize;

use dram::{Access, Commands, Config, run};

/// One direction of a batch on near-memory hardware that is not REFREE's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Nmp {
    /// DRAM cycles.
    pub cycles: u64,
    /// Lines read by all ranks.
    pub lines_read: u64,
    /// Vector additions: near memory, and the host's where it has to merge sums.
    pub additions: u64,
    /// Vectors that cross to the host, or the parts of them that ranks hold.
    pub results: u64,
    #[serde(skip)]
    pub commands: Commands,
}

/// Reads on one rank of its own: DRAM cycles and commands.
pub(super) fn rank_reads(lines: &[u64]) -> (u64, Commands) {
    let trace: Vec<Access> = lines.iter().map(|&address| read(address)).collect();
    let outcome = run(&Config::ddr5_4800(1, 1), &trace);
    (outcome.cycles, outcome.commands)
}

pub(super) fn read(address: u64) -> Access {
    Access {
        address,
        write: false,
    }
}
