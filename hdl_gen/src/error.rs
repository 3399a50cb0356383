//! The one error type of the crate. Every message is one line.

use std::path::PathBuf;

use crate::design::DesignError;

/// What can go wrong between a configuration's name and its files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such configuration.
    #[error(transparent)]
    Config(#[from] contract::Error),
    #[error("there is no block `{name}`; use {known}")]
    NoBlock { name: String, known: String },
    /// A mistake in a block, not of its user.
    #[error(transparent)]
    Design(#[from] DesignError),
    #[error("cannot write `{}`: {why}", path.display())]
    Write { path: PathBuf, why: String },
    #[error(
        "`{}` is not replaced: hdl_gen did not make `{file}` in it; choose another --out or move \
         it away", path.display()
    )]
    Foreign { path: PathBuf, file: String },
    #[error(
        "`{}` is not replaced: `{file}` was edited since hdl_gen made it; choose another --out or \
         move it away", path.display()
    )]
    Edited { path: PathBuf, file: String },
    #[error(
        "`{}` is not replaced: it holds block {found}, not {block}; choose another --out",
        path.display()
    )]
    OtherBlock {
        path: PathBuf,
        found: String,
        block: &'static str,
    },
    /// A command line that was not understood.
    #[error("{0}")]
    Usage(String),
}
