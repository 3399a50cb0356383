//! Traces: one access a line, `LD 0x..` or `ST 0x..`, an address in bytes.
//!
//! `R`, `READ` and `W`, `WRITE` mean the same, in either case, as does the address in front (`0x1f40
//! R`, as Ramulator's memory traces have it). Empty lines and lines that begin with `#` are
//! no accesses. A third column, such as the cycle of a DRAMsim3 trace, is refused: the accesses
//! are offered in the trace's order, and a time would be overlooked.

use std::path::Path;

use contract::input::{InputError, Wanted, read_bytes};

/// One access of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub write: bool,
    /// In bytes.
    pub address: u64,
}

/// Why there is no trace.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    #[error(transparent)]
    Read(#[from] InputError),
    #[error("{0} holds no access; it must have lines like `LD 0x1f40` or `ST 0x80`")]
    Empty(String),
    #[error("{name}:{line}: `{text}` is no access; it must be like `LD 0x1f40` or `ST 0x80`")]
    Line {
        name: String,
        line: usize,
        text: String,
    },
    #[error(
        "{name}:{line}: `{text}` has {columns} columns, but an access has two, like `LD 0x1f40`; \
         cycles and sizes are not read, so take the others out"
    )]
    Columns {
        name: String,
        line: usize,
        text: String,
        columns: usize,
    },
    #[error("{name}:{line}: address {address:#x} is out of range; it must be below {end:#x}")]
    Range {
        name: String,
        line: usize,
        address: u64,
        end: u64,
    },
}

const WANTED: Wanted = Wanted {
    what: "a trace of accesses",
    save: "write one access per line, like `LD 0x1f40` or `ST 0x80`",
};

/// Reads a file, packed by gzip or not; addresses must be below `end`.
pub fn read(path: &Path, end: u64) -> Result<Vec<Access>, TraceError> {
    let name = path.display().to_string();
    let bytes = read_bytes(path, WANTED, u64::MAX)?;
    // A comment may be in any encoding.
    parse(&name, &String::from_utf8_lossy(&bytes), end)
}

/// Reads a text; `name` is where it comes from, for errors.
pub fn parse(name: &str, text: &str, end: u64) -> Result<Vec<Access>, TraceError> {
    let mut accesses = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let (line, text) = (index + 1, text.trim());
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let Some(access) = access(text) else {
            let columns = text.split_whitespace().count();
            let operation = text.split_whitespace().any(|word| is_write(word).is_some());
            // Printable, so that a message stays one line.
            let text = text.chars().take(40).flat_map(char::escape_debug).collect();
            let name = name.to_owned();
            return Err(match operation && columns > 2 {
                true => TraceError::Columns {
                    name,
                    line,
                    text,
                    columns,
                },
                false => TraceError::Line { name, line, text },
            });
        };
        if access.address >= end {
            return Err(TraceError::Range {
                name: name.to_owned(),
                line,
                address: access.address,
                end,
            });
        }
        accesses.push(access);
    }
    if accesses.is_empty() {
        return Err(TraceError::Empty(name.to_owned()));
    }
    Ok(accesses)
}

fn access(text: &str) -> Option<Access> {
    let (first, second) = text.split_once(char::is_whitespace)?;
    let second = second.trim();
    let (write, address) = match (is_write(first), is_write(second)) {
        (Some(write), None) => (write, second),
        (None, Some(write)) => (write, first),
        _ => return None,
    };
    let digits = address.strip_prefix("0x").or(address.strip_prefix("0X"))?;
    // `from_str_radix` would take a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let address = u64::from_str_radix(digits, 16).ok()?;
    Some(Access { write, address })
}

/// Whether an operation is a write. None if it is no operation.
fn is_write(word: &str) -> Option<bool> {
    let is = |names: [&str; 3]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match (is(["LD", "R", "READ"]), is(["ST", "W", "WRITE"])) {
        (false, false) => None,
        (_, write) => Some(write),
    }
}
