//! Traces: one access per line, `LD 0x..` or `ST 0x..`, an address in bytes.

use std::path::Path;

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
    #[error("cannot read {0}: {1}")]
    Read(String, std::io::Error),
    #[error("{0} holds no access; it must have lines like `LD 0x1f40` or `ST 0x80`")]
    Empty(String),
    #[error("{name}:{line}: `{text}` is no access; it must be like `LD 0x1f40` or `ST 0x80`")]
    Line {
        name: String,
        line: usize,
        text: String,
    },
    #[error("{name}:{line}: address {address:#x} is out of range; it must be below {end:#x}")]
    Range {
        name: String,
        line: usize,
        address: u64,
        end: u64,
    },
}

/// Reads a file; addresses must be below `end`.
pub fn read(path: &Path, end: u64) -> Result<Vec<Access>, TraceError> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => parse(&name, &String::from_utf8_lossy(&bytes), end),
        Err(error) => Err(TraceError::Read(name, error)),
    }
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
            let text = text.chars().take(40).collect();
            let name = name.to_owned();
            return Err(TraceError::Line { name, line, text });
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
    let (operation, address) = text.split_once(char::is_whitespace)?;
    let write = match operation {
        "LD" => false,
        "ST" => true,
        _ => return None,
    };
    let digits = address.trim().strip_prefix("0x")?;
    // `from_str_radix` would take a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let address = u64::from_str_radix(digits, 16).ok()?;
    Some(Access { write, address })
}
