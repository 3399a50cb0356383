//! What can go wrong before a simulation runs.

use std::path::PathBuf;

/// A model can't be built or loaded, or a file can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No Verilator at all.
    #[error(
        "Verilator was not found as `{tried}` ({cause}); install version {least} or newer \
         (Debian: apt install verilator) or set VERILATOR to its path"
    )]
    NoVerilator {
        tried: String,
        cause: String,
        least: String,
    },
    /// A Verilator that can't build the models.
    #[error(
        "`{tried}` is Verilator {found}, but {least} or newer is needed; install a newer one or set \
         VERILATOR to its path"
    )]
    OldVerilator {
        tried: String,
        found: String,
        least: String,
    },
    /// No C++ compiler.
    #[error(
        "the C++ compiler `{tried}` can't be run ({cause}); install g++ (Debian: apt install g++) or \
         set CXX to its path"
    )]
    NoCompiler { tried: String, cause: String },
    /// A tool ran and refused.
    #[error("{tool} failed on {what}:\n{log}")]
    Tool {
        tool: String,
        what: String,
        log: String,
    },
    /// The ports of the RTL are not those of the configuration.
    #[error("module `{top}` doesn't match its configuration: {what}")]
    Ports { top: String, what: String },
    /// A folder without RTL.
    #[error("no .sv or .v file in `{}`", dir.display())]
    NoRtl { dir: PathBuf },
    /// A file system error.
    #[error("can't {action} `{}`: {cause}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        cause: std::io::Error,
    },
    /// The folder of builds can't be written.
    #[error(
        "the build cache `{}` can't be written: {cause}; set EMBERTL_CACHE to a folder that can",
        root.display()
    )]
    Cache {
        root: PathBuf,
        cause: std::io::Error,
    },
    /// A build that is of no use, and can't be replaced.
    #[error(
        "`{}` in the build cache is of no use ({damage}) and can't be replaced: {cause}; delete it, or \
         set EMBERTL_CACHE to a folder that can be written",
        path.display()
    )]
    CacheEntry {
        path: PathBuf,
        /// What is wrong with it.
        damage: String,
        cause: std::io::Error,
    },
    /// The compiled model can't be loaded.
    #[error(
        "can't load the compiled model `{}`: {cause}; it was built just now: if deleting its folder \
         doesn't help, check that VERILATOR and CXX are tools of this machine",
        path.display()
    )]
    Load { path: PathBuf, cause: String },
    /// A replay file that doesn't fit.
    #[error("`{}` is not a replay file of this block: {cause}", path.display())]
    Replay { path: PathBuf, cause: String },
}

impl Error {
    /// Wraps an I/O error with what was being done to which path.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io {
            action,
            path,
            cause,
        }
    }
}
