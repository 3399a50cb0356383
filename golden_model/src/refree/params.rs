//! Every assumed number of the REFREE study, with its source. None is fitted to a result.

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

/// Bits of a RecNMP instruction, one per look-up (ISCA'20, figure 8).
pub const RECNMP_INSTRUCTION_BITS: u64 = 79;

/// Queries that FAFNIR's tree holds at a time: HPCA'21 evaluates batches of up to 32.
pub const FAFNIR_QUERIES: usize = 32;

/// GPU memory for hot rows: 512 MB, assumed from FAE (VLDB'22).
pub const FAE_BYTES: u64 = 512 << 20;

/// Last-level cache of the host: 18-core Skylake server (RecNMP's host), 1.375 MB per core, 11
/// ways.
pub const HOST_CACHE_BYTES: u64 = 18 * 1408 * 1024;
pub const HOST_CACHE_WAYS: usize = 11;
/// Bytes/s of that cache: 10 bytes per core and cycle at 2.7 GHz, assumed.
pub const HOST_CACHE_BYTES_PER_S: f64 = 18.0 * 10.0 * 2.7e9;
/// Watts of that CPU: its thermal design power, 165 W.
pub const CPU_W: f64 = 165.0;

/// A100, data sheet: bytes/s of HBM2 (40 GB part), FLOP/s of FP32 without tensor cores.
pub const GPU_BYTES_PER_S: f64 = 1.555e12;
pub const GPU_FLOP_PER_S: f64 = 19.5e12;
/// PCIe 4.0 x16, bytes/s in one direction, raw.
pub const PCIE_BYTES_PER_S: f64 = 31.5e9;

/// J/bit between buffer chip and host: RecNMP's table of energies gives 22 pJ for DDR4.
pub const IO_J_PER_BIT: f64 = 22e-12;
/// J/bit of HBM2 (O'Connor et al., MICRO'17: 3.92 pJ).
pub const HBM_J_PER_BIT: f64 = 3.92e-12;
/// J/bit over PCIe, assumed as large as a memory channel's.
pub const PCIE_J_PER_BIT: f64 = IO_J_PER_BIT;
/// Watts of one PE (REFREE, section 5.4).
pub const PE_W: f64 = 0.18;

/// Joules of an access to the 128 KB reduction buffer, 128 bits, and its leakage in W: CACTI 7, 32 nm,
/// single-ported.
pub const BUFFER_J: f64 = 31.3e-12;
pub const BUFFER_LEAK_W: f64 = 36.0e-3;
/// The same for each of the two 4 KB buffers.
pub const FIFO_J: f64 = 2.0e-12;
pub const FIFO_LEAK_W: f64 = 1.46e-3;
/// Joules of a binary32 addition: 0.9 pJ at 45 nm (Horowitz, ISSCC'14).
pub const ADD_J: f64 = 0.9e-12;
