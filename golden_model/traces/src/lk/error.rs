//! What can be wrong with a `.lk` file.

use std::io;

use crate::TooManyRows;

/// Longest line that is read, in bytes: more than a million look-ups in one query.
pub const MAX_LINE: usize = 16 << 20;

/// Why a trace cannot be read: one sentence that names the file, the place and what would do.
#[derive(Debug, thiserror::Error)]
pub enum LkError {
    /// The file cannot be opened.
    #[error("cannot open the trace `{name}`: {cause}")]
    Open {
        /// The file.
        name: String,
        /// Why not.
        cause: io::Error,
    },
    /// A pipe, folder or device.
    #[error(
        "the trace `{name}` is not a regular file; joint ids take two passes over it, so give the \
         path of a .lk file"
    )]
    NotAFile {
        /// The path given.
        name: String,
    },
    /// Reading failed half-way.
    #[error("cannot read line {line} of the trace `{name}`: {cause}")]
    Read {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        cause: io::Error,
    },
    /// The file has other content than in the first pass.
    #[error("the trace `{name}` changed while it was read; start again when it is complete")]
    Changed {
        /// The file.
        name: String,
    },
    /// A line is not what it must be.
    #[error("{name}:{line}: {fault}")]
    Line {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with one line. Texts are the beginning of what was found, printable, cut after 40
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a byte in the file.
    #[error(
        "the file is empty; a trace is a header line that begins with `#` and one query a line"
    )]
    EmptyFile,
    /// A header and nothing more.
    #[error("the file ends after its header; one query a line must follow")]
    NoQueries,
    /// The first line is no header.
    #[error("found `{text}` where a header line that begins with `#` must be; put one in front")]
    MissingHeader {
        /// The line.
        text: String,
    },
    /// Bytes that are no text.
    #[error(
        "`{text}` is not UTF-8 text; a trace holds only digits, `,` and `;` (unpack it if it is \
         compressed)"
    )]
    NotText {
        /// The line, bad bytes shown as U+FFFD.
        text: String,
    },
    /// More than [`MAX_LINE`] bytes without a newline.
    #[error(
        "the line that begins `{text}` is longer than {} MiB; put one query on a line",
        MAX_LINE >> 20
    )]
    LongLine {
        /// Its beginning.
        text: String,
    },
    /// An empty line in a file of several tables.
    #[error(
        "empty line, but line 2 has {tables} tables; delete it, or write {} times `;` for a query \
         without ids", .tables - 1
    )]
    EmptyLine {
        /// Tables of the first query.
        tables: usize,
    },
    /// Another number of tables than the first query.
    #[error(
        "`{text}` has {found} tables, but line 2 has {tables}; separate tables by `;` and leave a \
         table without ids empty"
    )]
    Ragged {
        /// The line.
        text: String,
        /// Its tables.
        found: usize,
        /// Tables of the first query.
        tables: usize,
    },
    /// The last line is ragged and ends without a newline.
    #[error(
        "the file looks truncated: its last line, `{text}`, has {found} tables, but line 2 has \
         {tables}, and no newline ends it; fetch the file again or delete that line"
    )]
    Truncated {
        /// The line.
        text: String,
        /// Its tables.
        found: usize,
        /// Tables of the first query.
        tables: usize,
    },
    /// Nothing before, after or between commas.
    #[error(
        "an id is missing beside a comma in `{text}`; write ids as `4,7`, and an empty bag as \
         nothing"
    )]
    MissingId {
        /// The bag.
        text: String,
    },
    /// A minus sign.
    #[error("`{text}` is a negative id; ids are whole numbers from 0 to 4294967295")]
    NegativeId {
        /// The id.
        text: String,
    },
    /// A number beyond 32 bits.
    #[error(
        "id `{text}` is too large; ids are whole numbers from 0 to 4294967295 (renumber each table \
         by first appearance)"
    )]
    LargeId {
        /// The id.
        text: String,
    },
    /// Anything else that is no number.
    #[error("`{text}` is not an id; ids are whole numbers from 0 to 4294967295")]
    NotAnId {
        /// The text between separators.
        text: String,
    },
    /// Joint ids overflow at this line.
    #[error("{0}")]
    TooManyRows(TooManyRows),
}

/// Characters of the offending text that a message shows.
const SHOWN: usize = 40;

/// The beginning of `bytes` as printable text, `...` where it is cut.
pub(crate) fn quote(bytes: &[u8]) -> String {
    // A character has at most four bytes, so the rest of a huge line need not be looked at.
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * (SHOWN + 1))]);
    let mut text: String = head
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if head.chars().nth(SHOWN).is_some() {
        text.push_str("...");
    }
    text
}
