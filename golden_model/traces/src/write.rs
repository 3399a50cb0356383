//! Writes a trace to a file, which is there when it is whole, or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Query, lkb};

/// Why a trace cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The name says no format.
    #[error(
        "cannot tell the format of `{name}`: the file to write must end in .lk (text) or .lkb (binary)"
    )]
    Extension {
        /// The path given.
        name: String,
    },
    /// There is such a file.
    #[error("`{name}` exists; give another name, or --force to replace it")]
    Exists {
        /// The path given.
        name: String,
    },
    /// Writing failed.
    #[error("cannot write the trace `{name}`: {cause}")]
    Write {
        /// The path given.
        name: String,
        /// Why not.
        cause: io::Error,
    },
}

/// Where a trace is written to.
#[derive(Clone, Debug)]
pub struct Target {
    path: PathBuf,
    binary: bool,
    force: bool,
}

impl Target {
    /// A file ending in `.lk` or `.lkb`, which replaces another only by `force`. Nothing is written
    /// yet.
    ///
    /// # Errors
    /// If the name ends in something else, or there is such a file and no `force`.
    pub fn new(path: impl Into<PathBuf>, force: bool) -> Result<Self, WriteError> {
        let path = path.into();
        let name = path.display().to_string();
        let binary = match path.extension().and_then(|extension| extension.to_str()) {
            Some("lk") => false,
            Some("lkb") => true,
            _ => return Err(WriteError::Extension { name }),
        };
        if !force && path.symlink_metadata().is_ok() {
            return Err(WriteError::Exists { name });
        }
        Ok(Self {
            path,
            binary,
            force,
        })
    }

    /// Starts writing, into a temporary file beside it. `header` is the header line, `#` included.
    ///
    /// # Errors
    /// If that file cannot be made.
    pub fn create(self, header: &str, tables: usize) -> Result<Writer, WriteError> {
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".trace-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Less what the umask takes, as for any other file.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(folder)
            .map_err(|cause| self.failed(contract::less_path(cause)))?;
        let mut file = BufWriter::with_capacity(1 << 18, file);
        let output = match self.binary {
            true => lkb::Writer::new(file, header, tables).map(Output::Binary),
            false => writeln!(file, "{header}").map(|()| Output::Text(file)),
        };
        let output = output.map_err(|cause| self.failed(cause))?;
        Ok(Writer {
            target: self,
            output,
        })
    }

    fn failed(&self, cause: io::Error) -> WriteError {
        WriteError::Write {
            name: self.path.display().to_string(),
            cause,
        }
    }
}

/// A trace being written. If it is dropped before [`Self::finish`], nothing remains.
pub struct Writer {
    target: Target,
    output: Output,
}

enum Output {
    Text(BufWriter<NamedTempFile>),
    Binary(lkb::Writer<BufWriter<NamedTempFile>>),
}

impl Writer {
    /// Writes a query, of as many tables as all.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write(&mut self, query: &Query) -> Result<(), WriteError> {
        let written = match &mut self.output {
            Output::Text(file) => writeln!(file, "{query}"),
            Output::Binary(writer) => writer.write(query),
        };
        written.map_err(|cause| self.target.failed(cause))
    }

    /// Gives the file its name, and returns its bytes.
    ///
    /// # Errors
    /// If writing fails, or another has made a file of that name in the meantime.
    pub fn finish(self) -> Result<u64, WriteError> {
        let Self { target, output } = self;
        let file = match output {
            Output::Text(file) => Ok(file),
            Output::Binary(writer) => writer.finish(),
        };
        let file = file
            .and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error))
            .map_err(|cause| target.failed(cause))?;
        let named = match target.force {
            true => file.persist(&target.path),
            false => file.persist_noclobber(&target.path),
        };
        match named {
            Ok(file) => {
                let bytes = file.metadata().map(|file| file.len());
                bytes.map_err(|cause| target.failed(cause))
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(WriteError::Exists {
                    name: target.path.display().to_string(),
                })
            }
            Err(error) => Err(target.failed(error.error)),
        }
    }
}
