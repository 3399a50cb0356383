//! The `.lk` text format, read as a stream.
//!
//! The first line is a header that begins with `#`. Every further line is one query: tables
//! separated by `;`, ids within a table by `,`. Nothing between two `;` is an empty bag; an empty
//! line is a query without ids where the file has one table. All lines have the same number of
//! tables. Lines end in a newline, or in carriage return and newline; blanks before that do not count.
//! Empty lines at the end of a file of several tables are no queries.
//!
//! Memory is that of the longest line, which may have [`MAX_LINE`] bytes.

mod error;
mod reader;

pub(crate) use error::quote;
pub use error::{Fault, LkError, MAX_LINE};
pub use reader::Reader;
