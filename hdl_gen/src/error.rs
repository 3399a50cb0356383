//! The one error type of the crate. Every message is one line.

use std::path::PathBuf;

use crate::block::ConfigError;
use crate::design::DesignError;

/// What can go wrong between a configuration's name and its files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{}: {source}", path.display())]
    InFile { path: PathBuf, source: ConfigError },
    #[error("{key} = {value}: block {block} has no such parameter; its parameters are {known}")]
    UnknownKey {
        key: String,
        value: String,
        block: &'static str,
        known: String,
    },
    #[error("{}: `{key}` is missing: a configuration gives every parameter; add e.g. `{key} = {example}`", path.display())]
    MissingKey {
        path: PathBuf,
        key: String,
        example: String,
    },
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: String },
    #[error("there is no configuration `{name}` of block {block}; use {known} or a .toml file")]
    NoConfig {
        name: String,
        block: &'static str,
        known: String,
    },
    #[error("there is no block `{name}`; use {known}")]
    NoBlock { name: String, known: String },
    #[error(
        "configuration name `{0}`: only letters, digits, `_` and `-` are allowed, at most 64; \
         choose one with --name"
    )]
    BadName(String),
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
