//! The `.lk` text format, read as a stream.
//!
//! The first line is a header that begins with `#`. Every further line is one query: tables
//! separated by `;`, ids within a table by `,`. Nothing between two `;` is an empty bag; an empty
//! line is a query without ids where the file has one table. All lines have the same number of
//! tables. Lines end in a newline, or in carriage return and newline.
//!
//! Memory is that of the longest line, which may have [`MAX_LINE`] bytes.

mod error;
mod reader;

pub(in crate::trace) use error::quote;
pub use error::{Fault, LkError};
pub(in crate::trace) use reader::trim;
pub use reader::{MAX_LINE, Reader};
