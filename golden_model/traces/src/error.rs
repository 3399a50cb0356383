//! Why a trace cannot be read.

use contract::input::InputError;

use crate::lk::LkError;
use crate::lkb::LkbError;
use crate::raw::RawError;

/// Why a file cannot be read as a trace.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// A `.lk` file, or one of any format that cannot be opened.
    #[error(transparent)]
    Lk(#[from] LkError),
    /// A binary trace.
    #[error(transparent)]
    Lkb(#[from] LkbError),
    /// A raw log.
    #[error(transparent)]
    Raw(#[from] RawError),
    /// A file of another format, packed or not.
    #[error(transparent)]
    Input(#[from] InputError),
}
