//! Writes a `.lkb` stream.

use std::io::{self, Write};

use flate2::Crc;

use super::{BLOCK, MAGIC, VERSION, varint};
use crate::Query;

/// Writes queries as they come; holds one block.
pub struct Writer<W> {
    output: W,
    checksum: Crc,
    sizes: Vec<u64>,
    queries: u64,
    block: Vec<u8>,
    block_queries: u32,
    /// Bag lengths of the last query.
    lengths: Vec<usize>,
}

impl<W: Write> Writer<W> {
    /// Writes what stands before the queries. `header` is the header line, `#` included.
    ///
    /// # Errors
    /// If writing fails.
    pub fn new(output: W, header: &str, tables: usize) -> io::Result<Self> {
        let mut writer = Self {
            output,
            checksum: Crc::new(),
            sizes: vec![0; tables],
            queries: 0,
            block: Vec::new(),
            block_queries: 0,
            lengths: Vec::new(),
        };
        writer.put(&MAGIC)?;
        writer.put(&[VERSION])?;
        writer.put(&(tables as u32).to_le_bytes())?;
        writer.put(&(header.len() as u32).to_le_bytes())?;
        writer.put(header.as_bytes())?;
        Ok(writer)
    }

    /// Writes a query.
    ///
    /// # Errors
    /// If writing fails, or the query has another number of tables.
    pub fn write(&mut self, query: &Query) -> io::Result<()> {
        if query.tables() != self.sizes.len() {
            let (found, wanted) = (query.tables(), self.sizes.len());
            let text = format!("a query of {found} tables in a trace of {wanted}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let same = query
            .iter()
            .map(<[u32]>::len)
            .eq(self.lengths.iter().copied());
        if same && self.block_queries > 0 {
            self.block.push(0);
        } else {
            self.block.push(1);
            self.lengths.clear();
            self.lengths.extend(query.iter().map(<[u32]>::len));
            for &length in &self.lengths {
                varint::put(&mut self.block, length as u32);
            }
        }
        for (size, bag) in self.sizes.iter_mut().zip(query.iter()) {
            for &id in bag {
                varint::put(&mut self.block, id);
                *size = (*size).max(u64::from(id) + 1);
            }
        }
        self.queries += 1;
        self.block_queries += 1;
        if self.block.len() > BLOCK {
            self.close_block()?;
        }
        Ok(())
    }

    /// Writes what stands behind the queries.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        if self.block_queries > 0 {
            self.close_block()?;
        }
        self.put(&0u32.to_le_bytes())?;
        self.put(&self.queries.to_le_bytes())?;
        for size in std::mem::take(&mut self.sizes) {
            self.put(&size.to_le_bytes())?;
        }
        let checksum = self.checksum.sum();
        self.put(&checksum.to_le_bytes())?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn close_block(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.block);
        self.put(&(block.len() as u32).to_le_bytes())?;
        self.put(&self.block_queries.to_le_bytes())?;
        self.block_queries = 0;
        self.put(&block)?;
        self.block = block;
        self.block.clear();
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.checksum.update(bytes);
        self.output.write_all(bytes)
    }
}
