//! Energy from counts of commands and supply currents.

use serde::Serialize;

use super::config::Config;

/// Source of the currents, for tables.
pub const SOURCE: &str = "IDD of Ramulator 2's DDR5 power model (preset Default: VDD 1.1 V, IDD0 60, IDD2N 50, \
     IDD3N 55, IDD4R 145, IDD4W 145, IDD5B 362 mA a device; VPP left out), chosen: REFREE names none";

/// Commands issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Commands {
    pub activates: u64,
    pub reads: u64,
    pub writes: u64,
    /// REFab, one rank each.
    pub refreshes: u64,
}

impl std::ops::AddAssign for Commands {
    fn add_assign(&mut self, other: Self) {
        self.activates += other.activates;
        self.reads += other.reads;
        self.writes += other.writes;
        self.refreshes += other.refreshes;
    }
}

// Volt and mA of one device: src/dram/impl/DDR5-VRR.cpp of CMU-SAFARI/ramulator2.
const VDD: f64 = 1.1;
const IDD0: f64 = 60.0;
const IDD2N: f64 = 50.0;
const IDD3N: f64 = 55.0;
const IDD4R: f64 = 145.0;
const IDD4W: f64 = 145.0;
const IDD5B: f64 = 362.0;

/// Energy in nJ.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Energy {
    pub activate_nj: f64,
    pub read_nj: f64,
    pub write_nj: f64,
    pub refresh_nj: f64,
    /// All ranks in standby with open rows, for the whole time.
    pub background_nj: f64,
    pub total_nj: f64,
}

impl Energy {
    /// What these commands of a system cost in `cycles` cycles.
    pub fn new(config: &Config, commands: Commands, cycles: u64) -> Self {
        let t = &config.timing;
        let devices = config.org.channel_width as f64 / config.org.dq as f64;
        // V x mA x ps is fJ.
        let energy = |milliampere: f64, cycles: u64| {
            VDD * milliampere * (cycles * t.tCK_ps) as f64 * devices / 1e6
        };
        let cycle = IDD3N * t.nRAS as f64 + IDD2N * t.nRP as f64;
        let activate = energy(IDD0 - cycle / t.nRC as f64, t.nRC).max(0.0);
        let activate_nj = commands.activates as f64 * activate;
        let read_nj = commands.reads as f64 * energy(IDD4R - IDD3N, t.nBL);
        let write_nj = commands.writes as f64 * energy(IDD4W - IDD3N, t.nBL);
        let refresh_nj = commands.refreshes as f64 * energy(IDD5B - IDD3N, t.nRFC);
        let ranks = f64::from(config.org.rank * config.channels);
        let background_nj = ranks * energy(IDD3N, cycles);
        Self {
            activate_nj,
            read_nj,
            write_nj,
            refresh_nj,
            background_nj,
            total_nj: activate_nj + read_nj + write_nj + refresh_nj + background_nj,
        }
    }
}
