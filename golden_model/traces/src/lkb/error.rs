//! What can be wrong with a `.lkb` file.

use std::io;

use super::VERSION;
use crate::TooManyRows;

/// Why a binary trace cannot be read: names the file and what would do.
#[derive(Debug, thiserror::Error)]
pub enum LkbError {
    /// Reading failed.
    #[error("cannot read the binary trace `{name}`: {cause}")]
    Read {
        /// The file.
        name: String,
        /// Why not.
        cause: io::Error,
    },
    /// Not such a file.
    #[error(
        "`{name}` is not a binary trace: it does not begin with the bytes 89 4c 4b 42; make one with `golden_model trace convert`"
    )]
    Magic {
        /// The file.
        name: String,
    },
    /// Another version.
    #[error(
        "the binary trace `{name}` has version {version}, but this program reads version {VERSION}; \
         convert its log again"
    )]
    Version {
        /// The file.
        name: String,
        /// Its version.
        version: u8,
    },
    /// It ends before its end.
    #[error(
        "the binary trace `{name}` is cut off after {queries} queries; fetch it or convert its log again"
    )]
    Truncated {
        /// The file.
        name: String,
        /// Queries read before.
        queries: u64,
    },
    /// Its bytes are not those that were written.
    #[error("the binary trace `{name}` is damaged: {what}; fetch it or convert its log again")]
    Damaged {
        /// The file.
        name: String,
        /// How it shows.
        what: String,
    },
    /// Joint ids overflow.
    #[error("query {query} of the binary trace `{name}`: {fault}")]
    TooManyRows {
        /// The file.
        name: String,
        /// The query, from 1.
        query: u64,
        /// By how much.
        fault: TooManyRows,
    },
}
