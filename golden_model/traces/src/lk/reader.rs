//! The streaming reader.

use std::io::{BufRead, Read};

use super::error::quote;
use super::{Fault, LkError, MAX_LINE};
use crate::Query;

/// Reads a `.lk` stream query by query. Holds one line at a time.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    name: String,
    header: String,
    /// Lines and bytes read so far.
    lines: u64,
    bytes: u64,
    line: Vec<u8>,
    /// Tables of the first query.
    tables: Option<usize>,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header. `name` is what messages call the stream.
    ///
    /// # Errors
    /// If there is no header, or reading fails.
    pub fn new(name: impl Into<String>, input: R) -> Result<Self, LkError> {
        let mut reader = Self {
            input,
            name: name.into(),
            header: String::new(),
            lines: 0,
            bytes: 0,
            line: Vec::new(),
            tables: None,
        };
        if !reader.next_line()? {
            reader.lines = 1;
            return Err(reader.fault(Fault::EmptyFile));
        }
        let line = trim(&reader.line);
        match std::str::from_utf8(line) {
            Err(_) => Err(reader.fault(Fault::NotText { text: quote(line) })),
            Ok(text) if !text.starts_with('#') => {
                Err(reader.fault(Fault::MissingHeader { text: quote(line) }))
            }
            Ok(text) => {
                reader.header = text.to_owned();
                Ok(reader)
            }
        }
    }

    /// The header line, `#` included.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The line of the file read last, from 1.
    pub fn line(&self) -> u64 {
        self.lines
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads the next query into `query`; false at the end of the file.
    ///
    /// # Errors
    /// If the line is malformed or reading fails.
    pub fn read(&mut self, query: &mut Query) -> Result<bool, LkError> {
        if !self.next_line()? {
            return Ok(false);
        }
        if self.ends_empty()? {
            return Ok(false);
        }
        let line = trim(&self.line);
        parse(line, query)
            .and_then(|()| match self.tables {
                Some(tables) if tables != query.tables() => {
                    Err(self.ragged(query.tables(), tables))
                }
                _ => Ok(()),
            })
            .map_err(|fault| self.fault(fault))?;
        self.tables = Some(query.tables());
        Ok(true)
    }

    /// Whether the line read last and all after it are empty, which in a file of several tables is
    /// no query.
    ///
    /// # Errors
    /// If a line follows that is not empty: then the first of them is at fault.
    fn ends_empty(&mut self) -> Result<bool, LkError> {
        let Some(tables) = self.tables.filter(|&tables| tables > 1) else {
            return Ok(false);
        };
        if !trim(&self.line).is_empty() {
            return Ok(false);
        }
        let first = self.fault(Fault::EmptyLine { tables });
        while self.next_line()? {
            if !trim(&self.line).is_empty() {
                return Err(first);
            }
        }
        Ok(true)
    }

    /// Reads one line with its newline; false at the end of the file.
    fn next_line(&mut self) -> Result<bool, LkError> {
        self.line.clear();
        self.lines += 1;
        let read = (&mut self.input)
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut self.line)
            .map_err(|cause| LkError::Read {
                name: self.name.clone(),
                line: self.lines,
                cause,
            })?;
        self.bytes += read as u64;
        if read > MAX_LINE {
            return Err(self.fault(Fault::LongLine {
                text: quote(&self.line),
            }));
        }
        if read == 0 {
            self.lines -= 1;
        }
        Ok(read > 0)
    }

    fn ragged(&self, found: usize, tables: usize) -> Fault {
        let line = trim(&self.line);
        let text = quote(line);
        if !self.line.ends_with(b"\n") {
            Fault::Truncated {
                text,
                found,
                tables,
            }
        } else {
            Fault::Ragged {
                text,
                found,
                tables,
            }
        }
    }

    /// The error of the line read last.
    pub(crate) fn fault(&self, fault: Fault) -> LkError {
        LkError::Line {
            name: self.name.clone(),
            line: self.lines,
            fault,
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Query, LkError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut query = Query::new();
        self.read(&mut query)
            .map(|found| found.then_some(query))
            .transpose()
    }
}

/// The line without its end and the blanks in front of that.
fn trim(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

fn parse(line: &[u8], query: &mut Query) -> Result<(), Fault> {
    query.clear();
    for bag in line.split(|&byte| byte == b';') {
        if !bag.is_empty() {
            for id in bag.split(|&byte| byte == b',') {
                query.push_id(parse_id(id).ok_or_else(|| bad_id(line, bag, id))?);
            }
        }
        query.end_table();
    }
    Ok(())
}

fn parse_id(text: &[u8]) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u32, |id, &byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        id.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

/// Says what is wrong with `id`, which is in `bag`, which is in `line`.
fn bad_id(line: &[u8], bag: &[u8], id: &[u8]) -> Fault {
    if std::str::from_utf8(line).is_err() {
        return Fault::NotText { text: quote(line) };
    }
    let text = quote(id);
    match id {
        [] => Fault::MissingId { text: quote(bag) },
        [b'-', digits @ ..] if is_number(digits) => Fault::NegativeId { text },
        digits if is_number(digits) => Fault::LargeId { text },
        _ => Fault::NotAnId { text },
    }
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}
