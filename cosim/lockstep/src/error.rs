//! User errors and tool failures: one line or a tool's excerpt, exit code 2.

/// A request that can't be fulfilled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] contract::Error),
    #[error(transparent)]
    Generator(Box<hdl_gen::Error>),
    #[error(transparent)]
    Simulation(#[from] cosim::Error),
    /// A command line that can't be followed, or an input that the block can't use.
    #[error("{0}")]
    Usage(String),
    #[error("can't write {what}: {cause}")]
    Write { what: String, cause: std::io::Error },
}

impl From<hdl_gen::Error> for Error {
    fn from(cause: hdl_gen::Error) -> Self {
        Self::Generator(Box::new(cause))
    }
}

impl From<Error> for shell::Failure {
    fn from(error: Error) -> Self {
        Self::of(error)
    }
}
