//! The bytes of a file, unpacked if it is packed, with its beginning looked at.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::lk::LkError;

/// Bytes read from a file, or unpacked, at a time.
const CHUNK: usize = 1 << 18;
/// Most bytes of the first line that are looked at.
const HEAD: u64 = 1 << 16;
/// How a gzip file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a format's reader reads from.
pub(super) type Input = BufReader<Plain>;

/// The bytes of a file as they were before packing.
pub(super) struct Plain(Box<dyn Read + Send>);

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain")
    }
}

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// An opened file.
pub(super) struct Opened {
    pub(super) input: Input,
    /// The first line, as far as it has [`HEAD`] bytes. `input` begins with it again.
    pub(super) head: Vec<u8>,
    /// Bytes taken from the file, packed ones.
    pub(super) taken: Arc<AtomicU64>,
}

/// Opens a regular file.
pub(super) fn open(path: &Path) -> Result<Opened, LkError> {
    let name = path.display().to_string();
    let failed = |cause| LkError::Open {
        name: name.clone(),
        cause,
    };
    // Asked before opening: opening a pipe that nobody writes to would wait for ever.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(LkError::NotAFile { name });
    }
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        file: File::open(path).map_err(failed)?,
        taken: Arc::clone(&taken),
    };
    let mut file = BufReader::with_capacity(CHUNK, counted);
    let gzip = file.fill_buf().map_err(failed)?.starts_with(&GZIP);
    let plain: Box<dyn Read + Send> = match gzip {
        true => Box::new(MultiGzDecoder::new(file)),
        false => Box::new(file),
    };
    let mut plain = BufReader::with_capacity(CHUNK, plain);
    let mut head = Vec::new();
    // A failure comes up again where the reader gets to it, after what is in front of it.
    let failure = (&mut plain).take(HEAD).read_until(b'\n', &mut head).err();
    let again = Cursor::new(head.clone()).chain(Once(failure)).chain(plain);
    Ok(Opened {
        input: BufReader::with_capacity(CHUNK, Plain(Box::new(again))),
        head,
        taken,
    })
}

/// Fails once if there is a failure, and is empty else.
struct Once(Option<io::Error>);

impl Read for Once {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Counts what is taken from a file.
struct Counted {
    file: File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
