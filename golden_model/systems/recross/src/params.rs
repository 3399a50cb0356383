//! Every choice of the ReCross study, with its source. ReCross publishes none of them: all are ours. Figures of
//! components stand in [`tech`], what ReCross gives in [`super::published`].

use tech::{Unit, cpu, crossbar};

/// Bits of an element of a sum on its way to the merge: 8-bit elements of up to 256 rows. Ours.
pub const ELEMENT_SUM_BITS: u32 = 16;
/// Tiles of a bank, which share a port. Ours.
pub const TILES_A_BANK: u32 = 16;
/// Utilisation of a port above which a warning is due. Ours.
pub const BUSY: f64 = 0.8;
/// Queries of a row that the union expands, S. Ours.
pub const EXPAND: u32 = 1024;
/// Passes of refinement. Ours.
pub const REFINE: u32 = 3;
/// Parts of the budget that go to copies of rows, of which `auto` takes one. Ours.
pub const ROW_SHARES: [f64; 3] = [0.0, 0.25, 0.5];
/// Most copies, in tiles per tile.
pub const MOST_BUDGET: f64 = 4.0;

/// Permutations of which a hashed baseline takes the one of median time. Ours.
pub const HASHES: u64 = 9;

/// Bytes that a host reads for a look-up: a line. Ours.
pub const HOST_LINE: f64 = 64.0;
/// Bytes/s of a host on random lines: half of what its memory has, assumed.
pub const HOST_BYTES_PER_S: f64 = cpu::HOST_MEMORY.bytes_per_s() / 2.0;
/// J/bit of a host's memory.
pub const HOST_J_PER_BIT: f64 = cpu::HOST_MEMORY_ENERGY.joules_per_bit();

/// Ports of each bank of the SRAM for hot rows: one vector per cycle of the SRAM.
pub const SRAM_BANKS: u32 = 32;
/// Rows of the SRAM that `--best` tries. Ours.
pub const SRAM_ROWS: [u32; 2] = [256, 1024];
/// Vectors of the pattern buffer that `--best` tries. Ours.
pub const PATTERNS: u32 = 1024;
/// Ports of the pattern buffer. Ours.
pub const PATTERN_PORTS: u32 = 4;
/// Nanoseconds of a vector read from either.
pub const VECTOR_NS: f64 = crossbar::VECTOR_CYCLE.in_unit(Unit::Nanosecond);
/// Of the training half, what the choices of `--best` are judged on: its last fifth. Ours.
pub const JUDGED: f64 = 0.2;

/// Most rows of a query of `also`, and least common queries. MERCI's recipe (ASPLOS'21), adapted.
pub const ALSO_ROWS: usize = 20;
pub const ALSO_LEAST: u32 = 2;
/// Queries that `also` writes. Ours.
pub const ALSO_QUERIES: u64 = 40_000;
