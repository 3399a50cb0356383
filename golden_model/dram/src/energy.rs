//! Energy from counts of commands and supply currents.

use serde::Serialize;
use tech::{Unit, dram as figures};

use super::config::Config;

/// Where the currents come from, for whoever reads a table.
pub fn source() -> String {
    format!(
        "IDD of Ramulator 2's DDR5 power model (preset Default: VDD {VDD} V, IDD0 {IDD0}, IDD2N {IDD2N}, \
         IDD3N {IDD3N}, IDD4R {IDD4R}, IDD4W {IDD4W}, IDD5B {IDD5B} mA a device; VPP left out), chosen: \
         REFREE names none"
    )
}

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

// Volt and mA of one device.
const VDD: f64 = figures::DDR5_VDD.in_unit(Unit::Volt);
const IDD0: f64 = figures::DDR5_IDD0.in_unit(Unit::Milliampere);
const IDD2N: f64 = figures::DDR5_IDD2N.in_unit(Unit::Milliampere);
const IDD3N: f64 = figures::DDR5_IDD3N.in_unit(Unit::Milliampere);
const IDD4R: f64 = figures::DDR5_IDD4R.in_unit(Unit::Milliampere);
const IDD4W: f64 = figures::DDR5_IDD4W.in_unit(Unit::Milliampere);
const IDD5B: f64 = figures::DDR5_IDD5B.in_unit(Unit::Milliampere);

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
