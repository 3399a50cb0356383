//! Why a Liberty file can't be used.

/// A Liberty file that can't be used.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum LibertyError {
    #[error("line {line}: {what}")]
    Syntax { line: usize, what: String },
    #[error("{0}")]
    Content(String),
}
