//! Energy of a training step's embedding layer, by where it goes.

use std::ops::{AddAssign, DivAssign};

use serde::Serialize;

use crate::params;
use ::dram;
use dram::{Commands, Config};

/// Joules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Energy {
    /// Commands, refresh and standby of all eight ranks, for as long as the layer takes.
    pub dram_j: f64,
    /// Between buffer chips and host, and between host and GPU.
    pub io_j: f64,
    /// Processing elements near memory.
    pub pe_j: f64,
    /// GPU memory.
    pub gpu_memory_j: f64,
    /// The CPU while it gathers, reduces and updates.
    pub cpu_j: f64,
}

impl Energy {
    /// Memory system and PEs.
    pub fn memory_j(&self) -> f64 {
        self.dram_j + self.io_j + self.pe_j + self.gpu_memory_j
    }

    /// And the CPU.
    pub fn total_j(&self) -> f64 {
        self.memory_j() + self.cpu_j
    }

    /// Of commands within a time, in seconds.
    pub fn of_dram(commands: Commands, seconds: f64) -> f64 {
        let cycles = (seconds / params::TCK).round() as u64;
        dram::Energy::new(&Config::ddr5_4800(2, 4), commands, cycles).total_nj * 1e-9
    }

    /// Of bits on memory channels and bytes over PCIe.
    pub fn of_io(channel_bits: f64, pcie_bytes: f64) -> f64 {
        channel_bits * params::IO_J_PER_BIT + 8.0 * pcie_bytes * params::PCIE_J_PER_BIT
    }
}

impl AddAssign for Energy {
    fn add_assign(&mut self, other: Self) {
        self.dram_j += other.dram_j;
        self.io_j += other.io_j;
        self.pe_j += other.pe_j;
        self.gpu_memory_j += other.gpu_memory_j;
        self.cpu_j += other.cpu_j;
    }
}

impl DivAssign<f64> for Energy {
    fn div_assign(&mut self, by: f64) {
        self.dram_j /= by;
        self.io_j /= by;
        self.pe_j /= by;
        self.gpu_memory_j /= by;
        self.cpu_j /= by;
    }
}
