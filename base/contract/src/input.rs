//! The one way in which a file is opened: unpacked if gzip has packed it, whatever its name, without
//! a UTF-8 byte-order mark, and refused by its name if it begins like another format ([`foreign`]).
//!
//! [`open`] gives the bytes as a stream, [`read_bytes`] and [`read_text`] give all of them.
//!
//! [`foreign`]: crate::foreign

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use crate::foreign::{Foreign, carriage_returns, sniff};

/// Bytes read from a file, or unpacked, at a time.
const CHUNK: usize = 1 << 18;
/// Most bytes that are looked at before the file is read.
const HEAD: u64 = 1 << 16;
/// Most bytes of a text that people or programs write as a whole: parameters, reports.
pub const TEXT_LIMIT: u64 = 64 << 20;
/// How a gzip file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The byte-order mark that Windows' editors put in front of UTF-8 text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// What a reader takes, for the message about anything else.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// What it is, with its article: "a trace".
    pub what: &'static str,
    /// How data that another program can load get into that form: "save ... as ...".
    pub save: &'static str,
}

/// Why a file cannot be read: one line, the file in front.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct InputError {
    /// The file.
    pub name: String,
    /// What is wrong with it, and what would do.
    pub fault: InputFault,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum InputFault {
    /// It cannot be opened.
    #[error("{0}")]
    Open(io::Error),
    /// A link of git-annex to a file that is not there.
    #[error("its content is not here; fetch it with `git annex get`")]
    Annexed,
    /// A folder.
    #[error("a folder, not {}; name a file", .0.what)]
    Folder(Wanted),
    /// Another format.
    #[error("{kind}, not {}; {}", .wanted.what, .kind.remedy(.wanted.save))]
    Foreign {
        /// What it is.
        kind: Foreign,
        /// What it should be.
        wanted: Wanted,
    },
    /// Reading failed.
    #[error("{0}")]
    Read(io::Error),
    /// Nothing but white space.
    #[error("empty, not {}; {}", .0.what, .0.save)]
    Empty(Wanted),
    /// Larger than any file of its kind.
    #[error("more than {limit} bytes (unpacked), too large for {}", .wanted.what)]
    TooLarge {
        /// Most bytes that would do.
        limit: u64,
        /// What it should be.
        wanted: Wanted,
    },
    /// Bytes that are no UTF-8.
    #[error(
        "line {0} is not UTF-8 text; convert the file, e.g. with `iconv -f WINDOWS-1252 -t UTF-8`"
    )]
    NotText(usize),
}

/// The bytes of a file as they were before packing.
pub struct Plain(Box<dyn Read + Send>);

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
#[derive(Debug)]
pub struct Opened {
    /// Its bytes, unpacked, without a byte-order mark.
    pub input: BufReader<Plain>,
    /// The beginning of `input`, which begins with it again: 64 KiB, or the whole file.
    pub head: Vec<u8>,
    /// Whether gzip has packed it.
    pub packed: bool,
    /// Bytes taken from the file so far, packed ones.
    pub taken: Arc<AtomicU64>,
}

/// Opens a text file, or one that begins as the caller's own binary format does, which `own` tells.
/// A pipe is opened as well.
///
/// # Errors
/// If it cannot be opened or is of another format. Damaged gzip data behind the beginning show as
/// reading gets there.
pub fn open(
    path: &Path,
    wanted: Wanted,
    own: impl FnOnce(&[u8]) -> bool,
) -> Result<Opened, InputError> {
    let opened = begin(path, wanted, own)?;
    match carriage_returns(&opened.head) && sniff(&opened.head).is_none() {
        true => Err(InputError {
            name: path.display().to_string(),
            fault: InputFault::Foreign {
                kind: Foreign::CarriageReturns,
                wanted,
            },
        }),
        false => Ok(opened),
    }
}

/// Reads a whole text file of at most `limit` bytes, unpacked, whatever its bytes are. Lines may
/// end in a carriage return alone: they end in a newline here.
///
/// # Errors
/// As [`open`], and if reading fails or there is more.
pub fn read_bytes(path: &Path, wanted: Wanted, limit: u64) -> Result<Vec<u8>, InputError> {
    whole(path, wanted, limit, false)
}

/// Reads a whole UTF-8 file that may be JSON, else as [`read_bytes`].
///
/// # Errors
/// As [`read_bytes`], and if it is not UTF-8 text or empty.
pub fn read_text(path: &Path, wanted: Wanted, limit: u64) -> Result<String, InputError> {
    let failed = |fault| InputError {
        name: path.display().to_string(),
        fault,
    };
    let text = String::from_utf8(whole(path, wanted, limit, true)?).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        failed(InputFault::NotText(line))
    })?;
    match text.trim().is_empty() {
        true => Err(failed(InputFault::Empty(wanted))),
        false => Ok(text),
    }
}

fn whole(path: &Path, wanted: Wanted, limit: u64, json: bool) -> Result<Vec<u8>, InputError> {
    let failed = |fault| InputError {
        name: path.display().to_string(),
        fault,
    };
    let opened = begin(path, wanted, |head| {
        json && sniff(head) == Some(Foreign::Json)
    })?;
    let mut bytes = Vec::new();
    let read = opened
        .input
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes);
    read.map_err(|cause| failed(InputFault::Read(cause)))?;
    if bytes.len() as u64 > limit {
        return Err(failed(InputFault::TooLarge { limit, wanted }));
    }
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    Ok(bytes)
}

fn begin(
    path: &Path,
    wanted: Wanted,
    own: impl FnOnce(&[u8]) -> bool,
) -> Result<Opened, InputError> {
    let failed = |fault| InputError {
        name: path.display().to_string(),
        fault,
    };
    let unopened = |cause| match annexed(path) {
        true => failed(InputFault::Annexed),
        false => failed(InputFault::Open(cause)),
    };
    if fs::metadata(path).map_err(unopened)?.is_dir() {
        return Err(failed(InputFault::Folder(wanted)));
    }
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        file: File::open(path).map_err(unopened)?,
        taken: Arc::clone(&taken),
    };
    let mut front = Vec::new();
    let mut file = BufReader::with_capacity(CHUNK, counted);
    // Not `fill_buf`: a pipe may give one byte at first.
    (&mut file)
        .take(GZIP.len() as u64)
        .read_to_end(&mut front)
        .map_err(|cause| failed(InputFault::Read(cause)))?;
    let packed = front == GZIP;
    let file = Cursor::new(front).chain(file);
    let plain: Box<dyn Read + Send> = match packed {
        true => Box::new(Unpacked(MultiGzDecoder::new(BufReader::with_capacity(
            CHUNK, file,
        )))),
        false => Box::new(file),
    };
    let mut plain = BufReader::with_capacity(CHUNK, plain);
    let mut head = Vec::new();
    // A failure comes up again where the reader gets to it, after what is in front of it.
    let failure = (&mut plain).take(HEAD).read_to_end(&mut head).err();
    if !own(&head)
        && let Some(kind) = sniff(&head)
    {
        return Err(failed(InputFault::Foreign { kind, wanted }));
    }
    if head.starts_with(MARK) {
        head.drain(..MARK.len());
    }
    let again = Cursor::new(head.clone()).chain(Once(failure)).chain(plain);
    Ok(Opened {
        input: BufReader::with_capacity(CHUNK, Plain(Box::new(again))),
        head,
        packed,
        taken,
    })
}

/// Whether it is a link into git-annex's store.
fn annexed(path: &Path) -> bool {
    fs::read_link(path).is_ok_and(|to| to.to_string_lossy().contains(".git/annex/objects/"))
}

/// Says that gzip is what failed; the kinds of errors stay.
struct Unpacked<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let what = match error.kind() {
                io::ErrorKind::UnexpectedEof => "the gzip data are cut off; fetch the file again",
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                    "the gzip data are damaged; fetch the file again"
                }
                _ => return error,
            };
            io::Error::new(error.kind(), what)
        })
    }
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const WANTED: Wanted = Wanted {
        what: "a list",
        save: "write it as text",
    };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn text(bytes: &[u8]) -> Result<String, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, bytes).unwrap();
        read_text(&path, WANTED, 100).map_err(|error| error.fault.to_string())
    }

    #[test]
    fn packing_marks_and_line_ends_are_taken_off() {
        for bytes in [
            b"a\nb\n".to_vec(),
            b"\xef\xbb\xbfa\rb\r".to_vec(),
            gzip(b"\xef\xbb\xbfa\nb\n"),
            [gzip(b"a\n"), gzip(b"b\r")].concat(),
        ] {
            assert_eq!(text(&bytes).unwrap(), "a\nb\n");
        }
        assert_eq!(text(b"a\r\nb\r\n").unwrap(), "a\r\nb\r\n");
        assert_eq!(text(b"{\"a\": 1}").unwrap(), "{\"a\": 1}");
    }

    #[test]
    fn messages() {
        let packed = gzip(&(0..=99).collect::<Vec<u8>>().repeat(9));
        let cut = gzip(b"some text of a file");
        for (bytes, expected) in [
            (
                &b"\xfd7zXZ\0\0"[..],
                "xz-packed, not a list; unpack it with `xz -d`",
            ),
            (
                b"PAR1....",
                "a Parquet table, not a list; load it with pandas.read_parquet and write it as text",
            ),
            (b"\0\x01\x02", "a binary file, not a list; write it as text"),
            (
                &gzip(&gzip(b"a")),
                "gzip-packed twice, not a list; unpack it once with `gzip -d`",
            ),
            (
                &cut[..cut.len() - 9],
                "the gzip data are cut off; fetch the file again",
            ),
            (
                b"\x1f\x8b",
                "the gzip data are cut off; fetch the file again",
            ),
            (&packed, "a binary file, not a list; write it as text"),
            (
                &gzip(&[b'a'; 101]),
                "more than 100 bytes (unpacked), too large for a list",
            ),
            (b" \n\r\n", "empty, not a list; write it as text"),
            (
                b"a\nb\xe9\n",
                "line 2 is not UTF-8 text; convert the file, e.g. with `iconv -f WINDOWS-1252 -t UTF-8`",
            ),
        ] {
            assert_eq!(text(bytes).unwrap_err(), expected);
        }
        let dir = tempfile::tempdir().unwrap();
        let error = read_text(dir.path(), WANTED, 9).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with(": a folder, not a list; name a file")
        );
        let error = read_text(&dir.path().join("none"), WANTED, 9).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("none: No such file or directory (os error 2)")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_of_git_annex_without_content() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("a.gz");
        std::os::unix::fs::symlink(".git/annex/objects/x/y/z", &link).unwrap();
        let error = read_text(&link, WANTED, 9).unwrap_err();
        assert!(error.to_string().ends_with("fetch it with `git annex get`"));
    }

    #[test]
    fn a_stream_begins_with_its_head_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, gzip(b"\xef\xbb\xbf# a\n1\n")).unwrap();
        let mut opened = open(&path, WANTED, |_| false).unwrap();
        let mut all = Vec::new();
        opened.input.read_to_end(&mut all).unwrap();
        assert_eq!(
            (&all[..], &opened.head[..], opened.packed),
            (&b"# a\n1\n"[..], &all[..], true)
        );
        fs::write(&path, b"# a\r1\r").unwrap();
        let error = open(&path, WANTED, |_| false).unwrap_err().to_string();
        assert!(
            error.ends_with("convert it with `tr '\\r' '\\n'`"),
            "{error}"
        );
        fs::write(&path, b"\x93NUMPY").unwrap();
        assert!(open(&path, WANTED, |head| head.starts_with(b"\x93NUMPY")).is_ok());
    }
}
