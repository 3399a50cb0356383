//! User errors and tool failures: one line or a tool's excerpt, exit code 2.

/// A request that can't be fulfilled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Generator(Box<hdl_gen::Error>),
    #[error(transparent)]
    Simulation(#[from] cosim::Error),
    #[error(transparent)]
    Trace(#[from] golden_model::trace::TraceError),
    #[error(transparent)]
    Area(Box<crate::area::AreaError>),
    #[error(transparent)]
    Lint(Box<crate::lint::LintError>),
    /// A command line that can't be followed.
    #[error("{0}")]
    Usage(String),
    #[error("can't write {what}: {cause}")]
    Write { what: String, cause: std::io::Error },
}

/// The causes that would make every result large are boxed.
macro_rules! boxed {
    ($($variant:ident: $cause:ty),* $(,)?) => {$(
        impl From<$cause> for Error {
            fn from(cause: $cause) -> Self {
                Self::$variant(Box::new(cause))
            }
        }
    )*};
}

boxed! {
    Generator: hdl_gen::Error,
    Area: crate::area::AreaError,
    Lint: crate::lint::LintError,
}
