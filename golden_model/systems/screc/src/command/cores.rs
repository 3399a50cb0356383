//! Cores of a file, for all commands that read them.

use std::path::PathBuf;

use crate::{Layout, Selection, TtCores, TtError, read_cores};

use super::List;

/// The cores to read. `docs/tt_cores.md` has the layouts
#[derive(Debug, clap::Args)]
pub struct CoresArgs {
    /// An .npz file, a folder of .npy files, or the .npy file of each core
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Whose keys and axes these are, whatever the keys say
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    /// What the cores' keys begin with, in a file with several tables
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// Table to take of cores that hold several (layout fbtt)
    #[arg(long, value_name = "N")]
    table_index: Option<usize>,
    /// Radices of the columns, where the file doesn't say (layout fbtt)
    #[arg(long, value_name = "4,4,4")]
    q: Option<List>,
    /// Rows of the table, where the file doesn't say [default: all that can be addressed]
    #[arg(long, value_name = "N")]
    table_rows: Option<usize>,
}

impl CoresArgs {
    /// Reads them.
    pub fn read(&self) -> Result<(TtCores, Layout), TtError> {
        let selection = Selection {
            layout: self.layout,
            prefix: self.prefix.clone(),
            table: self.table_index,
            q: self.q.as_ref().map(|q| q.0.clone()),
            rows: self.table_rows,
        };
        read_cores(&self.files, &selection)
    }
}
