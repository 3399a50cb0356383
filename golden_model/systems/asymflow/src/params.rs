//! What this project chose, each with its reason. Figures of a machine stand in its file.

/// Bytes per element of a row: binary16.
pub const ELEMENT_BYTES: u32 = 2;
/// A row takes at least this many bytes: the DMA's grain.
pub const ROW_AT_LEAST: u32 = 32;
/// Bytes of a line of L2.
pub const LINE: f64 = 128.0;
/// Ways of L2.
pub const WAYS: usize = 16;
/// Tables start at multiples of this.
pub const TABLE_ALIGN: u64 = 4096;
/// Cycles for a row that this share fetched before and copies (FILTER).
pub const REPEAT: f64 = 6.0;
/// Cycles per look-up to tell a hot row from a cold one (HOT).
pub const HOT_TEST: f64 = 1.0;
/// Numbers of resident rows that HOT may take.
pub const HOT_ROWS: [u32; 9] = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
/// HOT is taken for a table only where it gains this factor on held-out queries.
pub const HOT_GAIN: f64 = 1.05;
/// Batches of a run: two warm L2, the third counts.
pub const BATCHES: usize = 3;
/// Exponent of the norm that joins the three limits of GM.
pub const NORM: f64 = 5.0;
/// Zipf exponent of the generated queries, by rank.
pub const ZIPF: f64 = 1.05;
/// Seed of everything random unless the user gives one.
pub const SEED: u64 = 1;
/// Queries of a batch.
pub const BATCH: u32 = 2048;
/// Values of the calibrated parameter that every headline is shown at.
pub const T_SAME: [f64; 3] = [3.0, 8.0, 17.5];
/// Factors on the bound at which the mapper packs.
pub const PACKINGS: [f64; 10] = [1.0, 1.02, 1.05, 1.1, 1.2, 1.35, 0.92, 0.8, 0.65, 0.5];
/// Cores with the least work that the local search looks at.
pub const EMPTIEST: usize = 8;
/// Drawn tables of the meta workloads: log-normal rows and exponential look-ups.
pub mod meta {
    pub const MEDIAN: f64 = 2e5;
    pub const SIGMA: f64 = 1.9;
    pub const LEAST: f64 = 4.0;
    pub const MOST: f64 = 5e7;
    pub const DIM: u32 = 64;
}
