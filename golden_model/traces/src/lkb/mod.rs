//! The `.lkb` format: a trace as compact binary, about half the size of `.lk` text and faster to read.
//!
//! All numbers are little-endian.
//!
//! | part | content |
//! |---|---|
//! | magic | `89 4c 4b 42 0d 0a 1a` |
//! | version | 1, one byte |
//! | tables | u32 |
//! | header | u32 bytes, then that many bytes of text: the header line of the `.lk` file, with `#` |
//! | blocks | u32 bytes, not 0; u32 queries; then that many bytes |
//! | end | u32 0 |
//! | queries | u64 |
//! | sizes | u64 for each table: largest id + 1 |
//! | checksum | u32, CRC-32 (as in gzip) of all bytes before it |
//!
//! In a block each query is a marker and its ids, in LEB128 variable-length integers (7 bits a byte,
//! lowest first). The marker 1 is followed by the number of ids of each table; 0 says that all
//! bags are as long as those of the query before, and must not be the first of a block. Ids follow
//! table by table. A file that has been cut off or changed has another checksum and is refused; a
//! reader learns that at the end, so [`Trace`](super::Trace) reads the whole file once first.

mod error;
mod format;
mod reader;
mod varint;
mod writer;

pub use error::LkbError;
use format::{BLOCK, MAX_BLOCK, MAX_HEADER, MAX_TABLES};
pub use format::{MAGIC, VERSION};
pub use reader::Reader;
pub use writer::Writer;
