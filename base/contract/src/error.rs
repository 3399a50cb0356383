//! The one error type of the crate. Every message is one line.

use std::path::PathBuf;

use crate::block::ConfigError;

/// Why there is no such configuration.
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
    #[error(
        "configuration name `{0}`: only letters, digits, `_` and `-` are allowed, at most 64; \
         choose one with --name"
    )]
    BadName(String),
}
