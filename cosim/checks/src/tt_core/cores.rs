//! The TT cores that a check loads, for blocks that take a table.

use std::path::PathBuf;

use clap::Args;
use screc::Layout;

/// The options of `--cores`. `docs/tt_cores.md` has the layouts.
#[derive(Args, Clone, Debug)]
pub struct CoresArgs {
    /// Load these TT cores as table 0 (tt_core): an .npz file, a folder of .npy files, or, given once
    /// for each, the .npy files of the cores
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub cores: Vec<PathBuf>,
    /// Whose keys and axes the cores have, whatever the keys say
    #[arg(long, value_enum, requires = "cores")]
    pub layout: Option<Layout>,
    /// What the cores' keys begin with, in a file with several tables
    #[arg(long, value_name = "TEXT", requires = "cores")]
    pub prefix: Option<String>,
    /// Table to take of cores that hold several (layout fbtt)
    #[arg(long, value_name = "N", requires = "cores")]
    pub table_index: Option<usize>,
    /// Rows of the cores' table, where the file doesn't say [default: all that can be addressed]
    #[arg(long, value_name = "N", requires = "cores")]
    pub table_rows: Option<usize>,
}
