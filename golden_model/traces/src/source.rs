//! A file of any format that holds queries, as one stream of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contract::input::Opened;

use super::input::{self, Input};
use super::lk::{self, Fault};
use super::lkb;
use super::raw::{self, OnError, RawFormat, Skipped};
use super::{Query, TooManyRows, TraceError};

/// The formats that are read. All may be packed by gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// [`lk`] text.
    Lk,
    /// [`lkb`] binary.
    Lkb,
    /// A [`raw`] log.
    Raw(RawFormat),
}

impl Format {
    /// By the first line; where that says nothing, by the file's extension (without `.gz`).
    fn guess(path: &Path, first_line: &[u8]) -> Self {
        if first_line.starts_with(&lkb::MAGIC) {
            return Self::Lkb;
        }
        if first_line.starts_with(b"#") {
            return Self::Lk;
        }
        let begins = |word: &[u8]| {
            let front = first_line.get(..word.len());
            front.is_some_and(|front| front.eq_ignore_ascii_case(word))
        };
        if begins(b"id,") {
            return Self::Raw(RawFormat::Avazu);
        }
        // Also with other separators, which the reader of Criteo logs names.
        if begins(b"label\t") || begins(b"label,") {
            return Self::Raw(RawFormat::Criteo);
        }
        let mut name = path.to_owned();
        if name.extension().is_some_and(|last| last == "gz") {
            name.set_extension("");
        }
        match name.extension().and_then(|last| last.to_str()) {
            Some("lk") => Self::Lk,
            Some("lkb") => Self::Lkb,
            Some("csv") => Self::Raw(RawFormat::Avazu),
            Some("tsv" | "txt") => Self::Raw(RawFormat::Criteo),
            _ if first_line.contains(&b'\t') => Self::Raw(RawFormat::Criteo),
            _ => Self::Lk,
        }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Its format, if it is not to be guessed from content and name.
    pub format: Option<Format>,
    /// What to do about bad lines of a raw log. A `.lk` or `.lkb` file with a fault is refused
    /// always: programs write those.
    pub on_error: OnError,
}

/// A stream of queries.
#[derive(Debug)]
pub struct Source {
    reader: Reader,
    taken: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Reader {
    Lk(lk::Reader<Input>),
    Lkb(lkb::Reader<Input>),
    Raw(RawFormat, raw::Reader<Input>),
}

impl Source {
    /// Opens a regular file of any format.
    ///
    /// # Errors
    /// If it cannot be opened, or does not begin as it must.
    pub fn open(path: &Path, options: &Options) -> Result<Self, TraceError> {
        let Opened {
            input, head, taken, ..
        } = input::open(path)?;
        let first_line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let name = path.display().to_string();
        let format = options
            .format
            .unwrap_or_else(|| Format::guess(path, first_line));
        let reader = match format {
            Format::Lk => Reader::Lk(lk::Reader::new(name, input)?),
            Format::Lkb => Reader::Lkb(lkb::Reader::new(name, input)?),
            Format::Raw(format) => {
                let reader = raw::Reader::new(name, format, options.on_error, input)?;
                Reader::Raw(format, reader)
            }
        };
        Ok(Self { reader, taken })
    }

    /// Reads the next query into `query`; false at the end of the file.
    ///
    /// # Errors
    /// If the file is malformed there, or reading fails.
    pub fn read(&mut self, query: &mut Query) -> Result<bool, TraceError> {
        Ok(match &mut self.reader {
            Reader::Lk(reader) => reader.read(query)?,
            Reader::Lkb(reader) => reader.read(query)?,
            Reader::Raw(_, reader) => reader.read(query)?,
        })
    }

    /// Bytes of the file read so far, packed ones if it is packed.
    pub fn bytes(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// A header line for these queries, `#` included.
    pub fn header(&self) -> &str {
        match &self.reader {
            Reader::Lk(reader) => reader.header(),
            Reader::Lkb(reader) => reader.header(),
            Reader::Raw(RawFormat::Criteo, _) => "# Criteo click log, ids by first appearance",
            Reader::Raw(RawFormat::Avazu, _) => "# Avazu click log, ids by first appearance",
        }
    }

    /// Lines of a raw log left out so far.
    pub fn skipped(&self) -> Option<&Skipped> {
        match &self.reader {
            Reader::Raw(_, reader) => Some(reader.skipped()),
            _ => None,
        }
    }

    /// The error of the query read last, at which joint ids overflow.
    pub(super) fn too_many(&self, error: TooManyRows) -> TraceError {
        match &self.reader {
            Reader::Lk(reader) => reader.fault(Fault::TooManyRows(error)).into(),
            Reader::Lkb(reader) => reader.too_many(error).into(),
            Reader::Raw(_, reader) => reader.too_many(error).into(),
        }
    }

    /// The error of a file that turned out to have no query, if reading has not said so.
    pub fn no_queries(&self) -> Option<TraceError> {
        // The other readers say so themselves.
        match &self.reader {
            Reader::Lk(reader) => Some(reader.fault(Fault::NoQueries).into()),
            _ => None,
        }
    }
}
