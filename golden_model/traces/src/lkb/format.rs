//! The numbers of the format.

/// How a file begins: like PNG's, this shows whether line ends have been converted.
pub const MAGIC: [u8; 7] = [0x89, b'L', b'K', b'B', 0x0d, 0x0a, 0x1a];
/// The version written and read.
pub const VERSION: u8 = 1;
/// A block is closed when it has more bytes than this.
pub(super) const BLOCK: usize = 1 << 18;
/// Most bytes of a block that is read: the longest query and what is in front of it.
pub(super) const MAX_BLOCK: u32 = 1 << 27;
/// Most bytes of a header that is read: the longest line of an `.lk` file.
pub(super) const MAX_HEADER: u32 = crate::lk::MAX_LINE as u32;
/// Most tables: as many as the longest line of an `.lk` file can have.
pub(super) const MAX_TABLES: u32 = crate::lk::MAX_LINE as u32;
