//! Standard output.

use std::io::{ErrorKind, Write};

use crate::Error;

/// Prints what was requested.
///
/// # Errors
/// If it can't be written; a reader that closes the pipe (`| head`) is no error.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Error::Write {
            what: "standard output".to_owned(),
            cause,
        }),
        _ => Ok(()),
    }
}
