//! The streaming reader.

use std::io::{self, BufRead, Read};

use super::layout::{Layout, Parsed};
use super::{Cause, MAX_LINE, RawError, RawFault, RawFormat, Skipped};
use crate::lk::quote;
use crate::{Query, TooManyRows};

/// What to do about a line that is not what it must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Stop.
    #[default]
    Refuse,
    /// Leave the line out, and count it.
    Skip,
}

/// Reads a raw log query by query. Holds one line, and the rows of all tables.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    name: String,
    format: RawFormat,
    on_error: OnError,
    layout: Layout,
    line: Vec<u8>,
    /// Lines read so far, and those that are queries.
    lines: u64,
    queries: u64,
    skipped: Skipped,
    /// Nothing more can be read.
    ended: bool,
    /// `line` has been read, but not used.
    again: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header of an Avazu log. `name` is what messages call the stream.
    ///
    /// # Errors
    /// If the stream is empty, has no header where one must be, or reading fails.
    pub fn new(
        name: impl Into<String>,
        format: RawFormat,
        on_error: OnError,
        input: R,
    ) -> Result<Self, RawError> {
        let mut reader = Self {
            input,
            name: name.into(),
            format,
            on_error,
            layout: Layout::criteo(),
            line: Vec::new(),
            lines: 0,
            queries: 0,
            skipped: Skipped::default(),
            ended: false,
            again: false,
        };
        // Asking for bytes takes none. A failure comes up at the first line.
        if reader.input.fill_buf().is_ok_and(<[u8]>::is_empty) {
            return Err(RawError::Empty {
                name: reader.name,
                wanted: format.describe(),
            });
        }
        if format == RawFormat::Criteo {
            let there = reader.next_line()?;
            let header = match there {
                true => Layout::criteo_header(trim(&reader.line)),
                false => Ok(false),
            };
            let header = header.map_err(|(column, text)| RawError::Columns {
                name: reader.name.clone(),
                column,
                text,
            })?;
            reader.again = there && !header;
        } else {
            let there = reader.next_line()?;
            let layout = there.then(|| Layout::avazu(trim(&reader.line))).flatten();
            reader.layout = layout.ok_or_else(|| RawError::Header {
                name: reader.name.clone(),
                text: quote(trim(&reader.line)),
            })?;
        }
        Ok(reader)
    }

    /// The line of the log read last, from 1.
    pub fn line(&self) -> u64 {
        self.lines
    }

    /// Lines left out so far.
    pub fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// Reads the next query into `query`; false at the end.
    ///
    /// # Errors
    /// If a line is not what it must be and is not to be left out, if reading fails, or if at the
    /// end there has been no query.
    pub fn read(&mut self, query: &mut Query) -> Result<bool, RawError> {
        while self.next_line()? {
            if trim(&self.line).is_empty() && self.ends_empty()? {
                break;
            }
            let parsed = match self.line.len() > MAX_LINE {
                true => Err(RawFault::LongLine {
                    text: quote(&self.line),
                }),
                false => self.layout.parse(trim(&self.line), query),
            };
            match (parsed, self.on_error) {
                (Ok(Parsed::Query), _) => {
                    self.queries += 1;
                    return Ok(true);
                }
                (Ok(Parsed::Full), _) => {
                    return Err(self.too_many(TooManyRows { rows: 1 << 32 | 1 }));
                }
                (Err(fault), OnError::Skip) => self.skipped.count(fault.cause(), self.lines),
                (Err(fault), OnError::Refuse) => {
                    return Err(RawError::Line {
                        name: self.name.clone(),
                        line: self.lines,
                        fault,
                    });
                }
            }
        }
        if self.queries == 0 {
            return Err(RawError::NoQueries {
                name: self.name.clone(),
                skipped: self.skipped.lines(),
                wanted: self.format.describe(),
            });
        }
        Ok(false)
    }

    /// Whether the empty line read last and all after it are empty, and hence no lines of the log. If
    /// not, those in between are at fault, and the line read last is the first that is not empty.
    fn ends_empty(&mut self) -> Result<bool, RawError> {
        let Err(fault) = self.layout.parse(b"", &mut Query::new()) else {
            return Ok(false);
        };
        let first = self.lines;
        while self.next_line()? {
            if trim(&self.line).is_empty() {
                continue;
            }
            if self.on_error == OnError::Refuse {
                return Err(RawError::Line {
                    name: self.name.clone(),
                    line: first,
                    fault,
                });
            }
            (first..self.lines).for_each(|line| self.skipped.count(fault.cause(), line));
            return Ok(false);
        }
        Ok(true)
    }

    /// The error of a line at which joint ids overflow.
    pub(crate) fn too_many(&self, fault: TooManyRows) -> RawError {
        RawError::TooManyRows {
            name: self.name.clone(),
            line: self.lines,
            fault,
        }
    }

    /// Reads one line with its newline, of a longer one the beginning; false at the end.
    fn next_line(&mut self) -> Result<bool, RawError> {
        if std::mem::take(&mut self.again) {
            return Ok(true);
        }
        self.line.clear();
        if self.ended {
            return Ok(false);
        }
        self.lines += 1;
        let read = (&mut self.input)
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut self.line)
            .and_then(|read| {
                if read > MAX_LINE && !self.line.ends_with(b"\n") {
                    self.input.skip_until(b'\n')?;
                }
                Ok(read)
            });
        match read {
            Ok(0) => {
                self.lines -= 1;
                self.ended = true;
                Ok(false)
            }
            Ok(_) => Ok(true),
            Err(cause) => self.failed(cause).map(|()| false),
        }
    }

    fn failed(&mut self, cause: io::Error) -> Result<(), RawError> {
        self.ended = true;
        let what = match cause.kind() {
            io::ErrorKind::UnexpectedEof => "are cut off",
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "are damaged",
            _ => {
                return Err(RawError::Read {
                    name: self.name.clone(),
                    line: self.lines,
                    cause,
                });
            }
        };
        if self.on_error == OnError::Skip {
            self.skipped.count(Cause::Gzip, self.lines);
            return Ok(());
        }
        Err(RawError::Gzip {
            name: self.name.clone(),
            line: self.lines,
            what,
            before: self.lines - 1,
        })
    }
}

/// The line without its end and the blanks in front of that. Not without tabs: the last column of a
/// Criteo log may be empty.
fn trim(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r' | b' '] = line {
        line = rest;
    }
    line
}
