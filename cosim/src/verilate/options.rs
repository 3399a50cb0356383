//! What to build.

use super::compile::Effort;

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub effort: Effort,
    /// Compile the code that writes waves; costs a few percent of speed even when none are written.
    pub trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            effort: Effort::Full,
            trace: false,
        }
    }
}
