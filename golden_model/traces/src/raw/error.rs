//! What can be wrong with a raw log.

use std::io;

use crate::TooManyRows;

/// Longest line that is read, in bytes. Lines of both logs have about 250.
pub const MAX_LINE: usize = 64 << 10;

/// Why a raw log cannot be read: one sentence that names file, line and what would do.
#[derive(Debug, thiserror::Error)]
pub enum RawError {
    /// Reading failed half-way, for a reason that is not in the file's content.
    #[error("cannot read line {line} of the log `{name}`: {cause}")]
    Read {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        cause: io::Error,
    },
    /// A line that `--on-error skip` would leave out.
    #[error(
        "{name}:{line}: {fault}; mend or delete it, or leave such lines out with --on-error skip"
    )]
    Line {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: RawFault,
    },
    /// The packed data are cut off or damaged.
    #[error(
        "{name}:{line}: the gzip data {what} here; fetch the file again, or keep the {before} lines \
         before with --on-error skip"
    )]
    Gzip {
        /// The file.
        name: String,
        /// The line that could not be read to its end, from 1.
        line: u64,
        /// How it shows.
        what: &'static str,
        /// Whole lines before.
        before: u64,
    },
    /// Not a byte in the file.
    #[error("{name}:1: the file is empty; {wanted}")]
    Empty {
        /// The file.
        name: String,
        /// What the file should be.
        wanted: &'static str,
    },
    /// An Avazu log must say what its columns are.
    #[error(
        "{name}:1: found `{text}` where the header of an Avazu log must be; its first line names \
         the columns: id,click,hour,C1,banner_pos,..."
    )]
    Header {
        /// The file.
        name: String,
        /// The line.
        text: String,
    },
    /// A Criteo log whose first line names other columns.
    #[error(
        "{name}:1: a header whose column {column} is `{text}`, but a Criteo log has label, I1 to I13 \
         and C1 to C26 (or int_0 to int_12 and cat_0 to cat_25), separated by tabs; put its \
         columns into that order, or delete the header if they have it"
    )]
    Columns {
        /// The file.
        name: String,
        /// The first column that is another, from 1.
        column: usize,
        /// Its name.
        text: String,
    },
    /// No line could be used.
    #[error("`{name}` has no query: {skipped} of its lines were left out; {wanted}")]
    NoQueries {
        /// The file.
        name: String,
        /// Lines left out.
        skipped: u64,
        /// What the file should be.
        wanted: &'static str,
    },
    /// Too many different values for 32 bits.
    #[error("{name}:{line}: {fault}")]
    TooManyRows {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// How many.
        fault: TooManyRows,
    },
}

/// What is wrong with one line. Texts are the beginning of what was found, printable, cut after 40
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RawFault {
    /// Another number of columns.
    #[error(
        "`{text}` has {found} columns, but a line has {columns} separated by {separator} ({names})"
    )]
    Columns {
        /// The line.
        text: String,
        /// Its columns.
        found: usize,
        /// What it should have.
        columns: usize,
        /// What is between two.
        separator: &'static str,
        /// What the columns are.
        names: &'static str,
    },
    /// Bytes that are no text.
    #[error("column {column} ({field}), `{text}`, is not UTF-8 text")]
    NotText {
        /// From 1.
        column: usize,
        /// The column's name.
        field: String,
        /// The column, bad bytes shown as U+FFFD.
        text: String,
    },
    /// A categorical feature that is no 32-bit number.
    #[error(
        "column {column} ({field}) is `{text}`, but a categorical feature is up to 8 hexadecimal \
         digits, or empty if missing"
    )]
    NotHex {
        /// From 1.
        column: usize,
        /// The column's name.
        field: String,
        /// What is there.
        text: String,
    },
    /// A label that is neither 0 nor 1.
    #[error("column {column} ({field}) is `{text}`, but a label is 0 or 1")]
    NotLabel {
        /// From 1.
        column: usize,
        /// The column's name.
        field: String,
        /// What is there.
        text: String,
    },
    /// An integer feature that is no whole number.
    #[error(
        "column {column} ({field}) is `{text}`, but an integer feature is a whole number, or empty \
         if missing"
    )]
    NotInteger {
        /// From 1.
        column: usize,
        /// The column's name.
        field: String,
        /// What is there.
        text: String,
    },
    /// The header a second time.
    #[error("`{text}` is the header again")]
    Header {
        /// The line.
        text: String,
    },
    /// A line without an end.
    #[error("the line that begins `{text}` is longer than {} KiB", MAX_LINE >> 10)]
    LongLine {
        /// Its beginning.
        text: String,
    },
}

/// Why a line has been left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// [`RawFault::Columns`].
    Columns,
    /// [`RawFault::NotText`].
    NotText,
    /// [`RawFault::NotHex`].
    NotHex,
    /// [`RawFault::NotLabel`].
    NotLabel,
    /// [`RawFault::NotInteger`].
    NotInteger,
    /// [`RawFault::Header`].
    Header,
    /// [`RawFault::LongLine`].
    LongLine,
    /// [`RawError::Gzip`]: this line and all after it are lost.
    Gzip,
}

impl RawFault {
    /// Its kind.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Columns { .. } => Cause::Columns,
            Self::NotText { .. } => Cause::NotText,
            Self::NotHex { .. } => Cause::NotHex,
            Self::NotLabel { .. } => Cause::NotLabel,
            Self::NotInteger { .. } => Cause::NotInteger,
            Self::Header { .. } => Cause::Header,
            Self::LongLine { .. } => Cause::LongLine,
        }
    }
}

impl Cause {
    /// What such a line has or is.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Columns => "with a wrong number of columns",
            Self::NotText => "that are not UTF-8 text",
            Self::NotHex => "with a field that is not hexadecimal",
            Self::NotLabel => "with a label that is neither 0 nor 1",
            Self::NotInteger => "with an integer feature that is no whole number",
            Self::Header => "that repeat the header",
            Self::LongLine => "that are too long",
            Self::Gzip => "cut off by damaged gzip data, with all that may follow",
        }
    }
}
