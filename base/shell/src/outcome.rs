//! What becomes of a command.

/// Exit code of a mistake of the user's.
pub const MISTAKE: u8 = 2;

/// What a command has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// For standard output.
    pub text: String,
    /// 0, or 1 for a divergence or a finding.
    pub code: u8,
}

impl From<String> for Done {
    fn from(text: String) -> Self {
        Self { text, code: 0 }
    }
}

impl Done {
    /// Nothing left to print.
    pub fn code(code: u8) -> Self {
        Self {
            text: String::new(),
            code,
        }
    }
}

/// Why a command failed: one line, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// 2 for a mistake of the user's, 1 for a result that is a refusal.
    pub code: u8,
    /// What is wrong and what would do.
    pub message: String,
}

impl Failure {
    /// A mistake of the user's, or a file or tool that fails.
    pub fn of(cause: impl std::fmt::Display) -> Self {
        Self {
            code: MISTAKE,
            message: cause.to_string(),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::of(message)
    }
}
