//! The user's mistakes, and what the tools say: one line or a tool's excerpt, exit code 2.

/// Something that can't be done as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Generator(#[from] hdl_gen::Error),
    #[error(transparent)]
    Simulation(#[from] cosim::Error),
    #[error(transparent)]
    Trace(#[from] golden_model::trace::lk::LkError),
    #[error(transparent)]
    Area(#[from] crate::area::AreaError),
    #[error(transparent)]
    Lint(#[from] crate::lint::LintError),
    /// A command line that can't be followed.
    #[error("{0}")]
    Usage(String),
    #[error("can't write {what}: {cause}")]
    Write { what: String, cause: std::io::Error },
}
