//! An area run that could not be made.

use std::path::Path;

use super::census::CensusError;
use super::liberty::{LibertyError, SourceError};
use super::node::Mixed;
use super::sta::StaError;
use crate::tool::ToolError;

/// An area run that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    #[error(transparent)]
    Generator(Box<hdl_gen::Error>),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{path}: {why}")]
    Io { path: String, why: String },
    #[error("{file}: {source}")]
    Liberty { file: String, source: LibertyError },
    #[error("{file}: {source}")]
    Source { file: String, source: SourceError },
    #[error(transparent)]
    Node(#[from] Mixed),
    #[error("{file}: not a netlist of Yosys: {why}")]
    Netlist { file: String, why: String },
    #[error(transparent)]
    Census(#[from] CensusError),
    #[error(transparent)]
    Sta(#[from] StaError),
    #[error(
        "{instance}.{port}: logic feeds a lane that is mapped on its own; its path is not known"
    )]
    Unregistered { instance: String, port: String },
}

impl From<hdl_gen::Error> for AreaError {
    fn from(e: hdl_gen::Error) -> Self {
        Self::Generator(Box::new(e))
    }
}

impl AreaError {
    pub(super) fn io(path: &Path, e: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            why: e.to_string(),
        }
    }
}
