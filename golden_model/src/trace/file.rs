//! A `.lk` file as batches of joint ids, in two passes: one for the sizes of the tables, which the
//! joint ids need, and one for the queries.

use std::fs::File;
use std::io::BufReader;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::lk::{Fault, LkError, Reader};
use super::{JointIds, Query};
use crate::batch::Bags;

/// Bytes read from a file at a time.
const CHUNK: usize = 1 << 18;
/// Queries between two reports of progress in the first pass.
const REPORT_EVERY: u64 = 1 << 12;

/// A `.lk` file that has been read once, and found good.
#[derive(Clone, Debug)]
pub struct Trace {
    path: PathBuf,
    joint: JointIds,
    queries: u64,
}

impl Trace {
    /// Reads the file once.
    ///
    /// # Errors
    /// If it cannot be read, any line is malformed, there are no queries, or joint ids overflow.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LkError> {
        Self::open_with(path, |_| ())
    }

    /// [`Self::open`], telling `progress` from time to time how many bytes have been read.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        path: impl AsRef<Path>,
        mut progress: impl FnMut(u64),
    ) -> Result<Self, LkError> {
        let path = path.as_ref().to_owned();
        let mut reader = open(&path)?;
        let mut joint = JointIds::default();
        let mut queries = 0;
        let mut query = Query::new();
        while reader.read(&mut query)? {
            joint
                .include(&query)
                .map_err(|error| reader.fault(Fault::TooManyRows(error)))?;
            queries += 1;
            if queries % REPORT_EVERY == 0 {
                progress(reader.bytes());
            }
        }
        if queries == 0 {
            return Err(reader.fault(Fault::NoQueries));
        }
        progress(reader.bytes());
        Ok(Self {
            path,
            joint,
            queries,
        })
    }

    /// Queries in the file.
    pub fn queries(&self) -> u64 {
        self.queries
    }

    /// The tables.
    pub fn joint_ids(&self) -> &JointIds {
        &self.joint
    }

    /// Number of batches of `size` queries: the full ones, or one short one if none is full.
    pub fn batch_count(&self, size: NonZeroU32) -> u64 {
        (self.queries / u64::from(size.get())).max(1)
    }

    /// Reads the file again, as [`Self::batch_count`] batches of joint ids.
    ///
    /// # Errors
    /// If the file cannot be opened again.
    pub fn batches(&self, size: NonZeroU32) -> Result<Batches<'_>, LkError> {
        let size = u64::from(size.get()).min(self.queries);
        Ok(Batches {
            trace: self,
            reader: open(&self.path)?,
            size,
            left: self.queries / size,
        })
    }
}

/// The batches of a [`Trace`], holding one at a time.
#[derive(Debug)]
pub struct Batches<'a> {
    trace: &'a Trace,
    reader: Reader<BufReader<File>>,
    size: u64,
    left: u64,
}

impl Batches<'_> {
    /// Bytes read so far in this pass.
    pub fn bytes(&self) -> u64 {
        self.reader.bytes()
    }

    fn batch(&mut self) -> Result<Bags, LkError> {
        let mut bags = Bags::new();
        let mut query = Query::new();
        for _ in 0..self.size {
            if !self.reader.read(&mut query)? || !self.trace.joint.contains(&query) {
                return Err(LkError::Changed {
                    name: self.trace.path.display().to_string(),
                });
            }
            bags.push(self.trace.joint.join(&query));
        }
        Ok(bags)
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Bags, LkError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let batch = self.batch();
        if batch.is_err() {
            self.left = 0;
        }
        Some(batch)
    }
}

fn open(path: &Path) -> Result<Reader<BufReader<File>>, LkError> {
    let name = path.display().to_string();
    let failed = |cause| LkError::Open {
        name: name.clone(),
        cause,
    };
    // Asked before opening: opening a pipe that nobody writes to would wait for ever.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(LkError::NotAFile { name });
    }
    let file = File::open(path).map_err(failed)?;
    Reader::new(name, BufReader::with_capacity(CHUNK, file))
}
