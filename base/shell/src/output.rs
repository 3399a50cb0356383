//! Standard output and standard error. Neither a closed pipe nor a full disk panics.

use std::io::{self, ErrorKind, Write};

use crate::Failure;

/// Prints what was asked for.
///
/// # Errors
/// If it can't be written, as on a full disk; a closed pipe is none.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Failure::of(format!(
            "cannot write to standard output: {cause}"
        ))),
        _ => Ok(()),
    }
}

/// Says something beside the result, on standard error; lost if that can't be written.
pub fn warn(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
