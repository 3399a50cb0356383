//! Every choice of the REFREE study, with its source. None is fitted to a result. Figures of the
//! components chosen stand in [`tech`], what REFREE itself gives in [`super::published`].

use tech::{cpu, dram, gpu, link, logic, sram};

/// DRAM cycles of a 64-byte burst (nBL).
pub const BURST: u64 = 8;
/// Seconds of a DRAM cycle (DDR5-4800, tCK of the DRAM configuration).
pub const TCK: f64 = 416e-12;

/// Seconds of DRAM cycles.
pub fn seconds(cycles: u64) -> f64 {
    cycles as f64 * TCK
}

/// RecNMP's rank cache: 128 KB is its best point (ISCA'20, section 5); the ways are assumed.
pub const RECNMP_CACHE_BYTES: u64 = 128 << 10;
pub const RECNMP_CACHE_WAYS: usize = 4;

/// Bits of a RecNMP instruction, one a look-up (ISCA'20, figure 8).
pub const RECNMP_INSTRUCTION_BITS: u64 = 79;

/// Queries that FAFNIR's tree holds at a time: HPCA'21 evaluates batches of up to 32.
pub const FAFNIR_QUERIES: usize = 32;

/// GPU memory for hot rows: 512 MB, assumed from FAE (VLDB'22).
pub const FAE_BYTES: u64 = 512 << 20;

/// Last-level cache of the host: the 18-core Skylake server that is RecNMP's host.
pub const HOST_CACHE_BYTES: u64 = cpu::skylake_llc_bytes();
pub const HOST_CACHE_WAYS: usize = cpu::SKYLAKE_LLC_WAYS.count() as usize;
/// Bytes/s of that cache.
pub const HOST_CACHE_BYTES_PER_S: f64 = cpu::skylake_llc_bytes_per_s();
/// Watts of that CPU: its thermal design power.
pub const CPU_W: f64 = cpu::SKYLAKE_POWER.watts();

/// A100: bytes/s of its memory, FLOP/s without tensor cores.
pub const GPU_BYTES_PER_S: f64 = gpu::A100_BANDWIDTH.bytes_per_s();
pub const GPU_FLOP_PER_S: f64 = gpu::A100_FP32.flop_per_s();
/// PCIe 4.0 x16, bytes/s in one direction, raw.
pub const PCIE_BYTES_PER_S: f64 = link::PCIE4_X16.bytes_per_s();

/// J/bit between buffer chip and host, as RecNMP has it.
pub const IO_J_PER_BIT: f64 = link::MEMORY_CHANNEL.joules_per_bit();
/// J/bit of the GPU's memory.
pub const HBM_J_PER_BIT: f64 = dram::HBM2.joules_per_bit();
/// J/bit over PCIe, assumed as large as a memory channel's.
pub const PCIE_J_PER_BIT: f64 = IO_J_PER_BIT;

/// Joules of an access to the 128 KB reduction buffer, 128 bits, and its leakage in W, at 32 nm.
pub const BUFFER_J: f64 = sram::ENERGY_128KB.joules();
pub const BUFFER_LEAK_W: f64 = sram::LEAKAGE_128KB.watts();
/// The same for each of the two 4 KB buffers.
pub const FIFO_J: f64 = sram::ENERGY_4KB.joules();
pub const FIFO_LEAK_W: f64 = sram::LEAKAGE_4KB.watts();
/// Joules of a binary32 addition, at 45 nm.
pub const ADD_J: f64 = logic::FP32_ADD.joules();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_in_base_units() {
        assert_eq!(HOST_CACHE_BYTES, 18 * 1408 * 1024);
        assert_eq!(HOST_CACHE_BYTES_PER_S, 486e9);
        assert_eq!([GPU_BYTES_PER_S, GPU_FLOP_PER_S], [1.555e12, 19.5e12]);
        assert_eq!([IO_J_PER_BIT, HBM_J_PER_BIT], [22e-12, 3.92e-12]);
        assert_eq!([BUFFER_J, FIFO_J, ADD_J], [31.3e-12, 2e-12, 0.9e-12]);
        assert_eq!([BUFFER_LEAK_W, FIFO_LEAK_W], [36e-3, 1.46e-3]);
    }

    #[test]
    fn a_cycle_is_the_configurations() {
        let cycle_ps = ::dram::Config::ddr5_4800(2, 4).timing.tCK_ps;
        assert_eq!((TCK * 1e12).round() as u64, cycle_ps);
    }
}
