//! A file of any format as batches of joint ids, in two passes: one for the sizes of the tables,
//! which the joint ids need, and one for the queries.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::lk::LkError;
use super::raw::Skipped;
use super::{JointIds, Options, Query, Source, TraceError};
use crate::batch::Bags;

/// Queries between two reports of progress in the first pass.
const REPORT_EVERY: u64 = 1 << 12;

/// A trace that has been read once, and found good: a [`lk`](super::lk) or [`lkb`](super::lkb) file
/// or a [`raw`](super::raw) log.
#[derive(Clone, Debug)]
pub struct Trace {
    path: PathBuf,
    options: Options,
    skipped: Skipped,
    joint: JointIds,
    queries: u64,
    lookups: u64,
}

impl Trace {
    /// Reads the file once.
    ///
    /// # Errors
    /// If it cannot be read, any line is malformed, there are no queries, or joint ids overflow.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TraceError> {
        Self::open_with(path, |_| ())
    }

    /// [`Self::open`], telling `progress` from time to time how many bytes have been read.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        path: impl AsRef<Path>,
        progress: impl FnMut(u64),
    ) -> Result<Self, TraceError> {
        Self::open_as(path, Options::default(), progress)
    }

    /// [`Self::open_with`], by these options.
    ///
    /// # Errors
    /// As [`Self::open`], but for bad lines of a raw log that are to be left out.
    pub fn open_as(
        path: impl AsRef<Path>,
        options: Options,
        mut progress: impl FnMut(u64),
    ) -> Result<Self, TraceError> {
        let path = path.as_ref().to_owned();
        let mut source = Source::open(&path, &options)?;
        let mut joint = JointIds::default();
        let (mut queries, mut lookups) = (0, 0);
        let mut query = Query::new();
        while source.read(&mut query)? {
            joint
                .include(&query)
                .map_err(|error| source.too_many(error))?;
            queries += 1;
            lookups += query.lookups() as u64;
            if queries % REPORT_EVERY == 0 {
                progress(source.bytes());
            }
        }
        if let Some(error) = source.no_queries().filter(|_| queries == 0) {
            return Err(error);
        }
        progress(source.bytes());
        Ok(Self {
            path,
            options,
            skipped: source.skipped().cloned().unwrap_or_default(),
            joint,
            queries,
            lookups,
        })
    }

    /// Lines of a raw log that were left out.
    pub fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// Queries in the file.
    pub fn queries(&self) -> u64 {
        self.queries
    }

    /// Look-ups in the file.
    pub fn lookups(&self) -> u64 {
        self.lookups
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
    pub fn batches(&self, size: NonZeroU32) -> Result<Batches<'_>, TraceError> {
        let size = u64::from(size.get()).min(self.queries);
        Ok(Batches {
            trace: self,
            source: self.source()?,
            size,
            left: self.queries / size,
        })
    }

    /// Reads the file again, query by query.
    ///
    /// # Errors
    /// If the file cannot be opened again.
    pub fn source(&self) -> Result<Source, TraceError> {
        Source::open(&self.path, &self.options)
    }

    /// The error of a file with other content than in the first pass.
    pub(super) fn changed(&self) -> TraceError {
        let name = self.path.display().to_string();
        LkError::Changed { name }.into()
    }
}

/// The batches of a [`Trace`], holding one at a time.
#[derive(Debug)]
pub struct Batches<'a> {
    trace: &'a Trace,
    source: Source,
    size: u64,
    left: u64,
}

impl Batches<'_> {
    /// Bytes read so far in this pass.
    pub fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    /// The queries that are left after the last full batch, fewer than a batch.
    ///
    /// # Errors
    /// If reading fails, or the file has changed.
    pub fn rest(mut self) -> Result<Bags, TraceError> {
        let full = self.trace.queries / self.size;
        // Batches not asked for are read over.
        for batch in self.by_ref() {
            batch?;
        }
        self.size = self.trace.queries - full * self.size;
        let rest = self.batch()?;
        match self.source.read(&mut Query::new())? {
            false => Ok(rest),
            true => Err(self.trace.changed()),
        }
    }

    fn batch(&mut self) -> Result<Bags, TraceError> {
        let mut bags = Bags::new();
        let mut query = Query::new();
        for _ in 0..self.size {
            if !self.source.read(&mut query)? || !self.trace.joint.contains(&query) {
                return Err(self.trace.changed());
            }
            bags.push(self.trace.joint.join(&query));
        }
        Ok(bags)
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Bags, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let batch = self.batch();
        if batch.is_err() {
            self.left = 0;
        }
        Some(batch)
    }
}
