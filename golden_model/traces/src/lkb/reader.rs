//! Reads a `.lkb` stream.

use std::io::{self, Read};

use flate2::Crc;

use super::{LkbError, MAGIC, MAX_BLOCK, MAX_HEADER, MAX_TABLES, VERSION, varint};
use crate::{Query, TooManyRows};

/// Reads a binary trace query by query; holds one block.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    name: String,
    header: String,
    checksum: Crc,
    sizes: Vec<u64>,
    queries: u64,
    block: Vec<u8>,
    /// How far the block has been read, and the queries left in it.
    at: usize,
    left: u32,
    /// Bag lengths of the last query; none at the start of a block.
    lengths: Vec<u32>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads what stands before the queries. `name` is what messages call the stream.
    ///
    /// # Errors
    /// If it is not such a stream, or reading fails.
    pub fn new(name: impl Into<String>, input: R) -> Result<Self, LkbError> {
        let mut reader = Self {
            input,
            name: name.into(),
            header: String::new(),
            checksum: Crc::new(),
            sizes: Vec::new(),
            queries: 0,
            block: Vec::new(),
            at: 0,
            left: 0,
            lengths: Vec::new(),
            ended: false,
        };
        if reader.array()? != MAGIC {
            return Err(LkbError::Magic { name: reader.name });
        }
        let [version] = reader.array()?;
        if version != VERSION {
            return Err(LkbError::Version {
                name: reader.name,
                version,
            });
        }
        let tables = reader.number()?;
        let header = reader.number()?;
        if tables == 0 || tables > MAX_TABLES || header > MAX_HEADER {
            return Err(reader.damaged("its header cannot be"));
        }
        reader.sizes = vec![0; tables as usize];
        let header = reader.bytes(header)?;
        reader.header = String::from_utf8(header)
            .ok()
            .filter(|text| text.starts_with('#') && !text.contains('\n'))
            .ok_or_else(|| reader.damaged("its header is not a header line"))?;
        Ok(reader)
    }

    /// The header line, `#` included.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// Queries read so far.
    pub fn queries(&self) -> u64 {
        self.queries
    }

    /// Reads the next query into `query`; false at the end, where the checksum has been found right.
    ///
    /// # Errors
    /// If the stream is cut off or damaged, or reading fails.
    pub fn read(&mut self, query: &mut Query) -> Result<bool, LkbError> {
        while self.left == 0 {
            if self.ended || !self.next_block()? {
                return Ok(false);
            }
        }
        let mut rest = &self.block[self.at..];
        let parsed = parse(&mut rest, &mut self.lengths, &mut self.sizes, query);
        self.at = self.block.len() - rest.len();
        self.left -= 1;
        let whole = self.left > 0 || self.at == self.block.len();
        if parsed.is_none() || !whole {
            let text = format!("query {} cannot be", self.queries + 1);
            return Err(self.damaged(&text));
        }
        self.queries += 1;
        Ok(true)
    }

    /// The error of a query at which joint ids overflow.
    pub(crate) fn too_many(&self, fault: TooManyRows) -> LkbError {
        LkbError::TooManyRows {
            name: self.name.clone(),
            query: self.queries,
            fault,
        }
    }

    /// Reads a block; false if the end is there instead, which is then checked.
    fn next_block(&mut self) -> Result<bool, LkbError> {
        let length = self.number()?;
        if length > MAX_BLOCK {
            return Err(self.damaged("a block is too long"));
        }
        if length > 0 {
            self.left = self.number()?;
            self.block = self.bytes(length)?;
            self.at = 0;
            self.lengths.clear();
            return match self.left {
                0 => Err(self.damaged("a block has no queries")),
                _ => Ok(true),
            };
        }
        self.ended = true;
        let queries = u64::from_le_bytes(self.array()?);
        let mut sizes = Vec::new();
        for _ in 0..self.sizes.len() {
            sizes.push(u64::from_le_bytes(self.array()?));
        }
        let checksum = self.checksum.sum();
        if self.number()? != checksum {
            return Err(self.damaged("its checksum is wrong"));
        }
        if (queries, &sizes) != (self.queries, &self.sizes) {
            return Err(self.damaged("queries or table sizes are not those that it states"));
        }
        if queries == 0 {
            return Err(self.damaged("it has no queries"));
        }
        let more = self.input.read(&mut [0]).map_err(|cause| LkbError::Read {
            name: self.name.clone(),
            cause,
        })?;
        match more {
            0 => Ok(false),
            _ => Err(self.damaged("bytes follow its end")),
        }
    }

    fn number(&mut self) -> Result<u32, LkbError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], LkbError> {
        let mut bytes = [0; N];
        let read = self.input.read_exact(&mut bytes);
        self.took(&bytes, read)?;
        Ok(bytes)
    }

    /// Reads `length` bytes, and takes no memory for what is not there.
    fn bytes(&mut self, length: u32) -> Result<Vec<u8>, LkbError> {
        let mut bytes = std::mem::take(&mut self.block);
        bytes.clear();
        let read = (&mut self.input)
            .take(u64::from(length))
            .read_to_end(&mut bytes);
        let read = read.and_then(|read| match read < length as usize {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => Ok(()),
        });
        self.took(&bytes, read)?;
        Ok(bytes)
    }

    fn took(&mut self, bytes: &[u8], read: io::Result<()>) -> Result<(), LkbError> {
        match read {
            Ok(()) => {
                self.checksum.update(bytes);
                Ok(())
            }
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                Err(LkbError::Truncated {
                    name: self.name.clone(),
                    queries: self.queries,
                })
            }
            Err(cause) => Err(LkbError::Read {
                name: self.name.clone(),
                cause,
            }),
        }
    }

    fn damaged(&self, what: &str) -> LkbError {
        LkbError::Damaged {
            name: self.name.clone(),
            what: what.to_owned(),
        }
    }
}

/// Takes a query from the front of a block.
fn parse(
    bytes: &mut &[u8],
    lengths: &mut Vec<u32>,
    sizes: &mut [u64],
    query: &mut Query,
) -> Option<()> {
    query.clear();
    match varint::take(bytes)? {
        0 if !lengths.is_empty() => {}
        1 => {
            lengths.clear();
            for _ in 0..sizes.len() {
                lengths.push(varint::take(bytes)?);
            }
        }
        _ => return None,
    }
    for (&length, size) in lengths.iter().zip(sizes) {
        for _ in 0..length {
            let id = varint::take(bytes)?;
            *size = (*size).max(u64::from(id) + 1);
            query.push_id(id);
        }
        query.end_table();
    }
    Some(())
}
