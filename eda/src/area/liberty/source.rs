//! Liberty files as they are shipped: plain or packed by gzip. Anything else is named as what it is.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// Unpacked, no library is as large; a file that is would only fill the memory.
const MAX_BYTES: u64 = 1 << 30;

/// A file that can't be read as Liberty text.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("gzip: {0}; fetch the file again")]
    Gzip(std::io::Error),
    #[error("more than 1 GiB of text; give the part of the library that is used")]
    TooLarge,
    #[error("{what}, not Liberty text; {advice}")]
    Other {
        what: &'static str,
        advice: &'static str,
    },
}

const UNPACK: &str = "unpack it and give the .lib inside (gzip alone is unpacked as it is read)";
const GIT_LFS: &str = "run `git lfs pull` in the repository that it is from";
const FETCH_RAW: &str = "fetch the file itself, for example its raw form";
const SAVE_UTF8: &str = "save it as UTF-8";
const COMPILED: &str = "give the .lib that it was compiled from (a .db is of Synopsys)";
const GIVE_LIBERTY: &str = "give a file that starts with library(..) {";

/// First bytes of files that are taken for Liberty, what they are, and what would do.
const KINDS: [(&[u8], &str, &str); 20] = [
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"PK\x03\x04", "a zip archive", UNPACK),
    (b"PK\x05\x06", "an empty zip archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (b"\x04\x22\x4d\x18", "an lz4 archive", UNPACK),
    (b"\x1f\x9d", "a compress (.Z) archive", UNPACK),
    (b"\x1f\x8b", "gzip within gzip", UNPACK),
    (b"Rar!", "a rar archive", UNPACK),
    (b"version https://git-lfs", "a git-lfs pointer", GIT_LFS),
    (b"<", "an HTML or XML page", FETCH_RAW),
    (b"\xff\xfe", "UTF-16 text", SAVE_UTF8),
    (b"\xfe\xff", "UTF-16 text", SAVE_UTF8),
    (b"%PDF", "a PDF document", FETCH_RAW),
    (b"{", "JSON", GIVE_LIBERTY),
    (b"\x7fELF", "a program", GIVE_LIBERTY),
    (b"VERSION ", "a LEF or DEF file", GIVE_LIBERTY),
    (b"module ", "Verilog", GIVE_LIBERTY),
    (b"`timescale", "Verilog", GIVE_LIBERTY),
];

/// The text of a Liberty file, unpacked if need be. Bytes that are not UTF-8, such as those in
/// comments in Latin-1, are replaced.
pub fn load(path: &Path) -> Result<String, SourceError> {
    let mut bytes = fs::read(path)?;
    if bytes.starts_with(b"\x1f\x8b") {
        let mut inside = Vec::new();
        MultiGzDecoder::new(bytes.as_slice())
            .take(MAX_BYTES + 1)
            .read_to_end(&mut inside)
            .map_err(SourceError::Gzip)?;
        bytes = inside;
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SourceError::TooLarge);
    }
    if let Some((what, advice)) = other(&bytes) {
        return Err(SourceError::Other { what, advice });
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What the bytes are if they are not Liberty, and what would do.
fn other(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = bytes.trim_ascii_start();
    if text.is_empty() {
        return Some(("an empty file", GIVE_LIBERTY));
    }
    let known = KINDS
        .iter()
        .find(|(magic, ..)| bytes.starts_with(magic) || text.starts_with(magic));
    if let Some((_, what, advice)) = known {
        return Some((what, advice));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", UNPACK));
    }
    let head = &bytes[..bytes.len().min(4096)];
    head.contains(&0).then_some(("binary data", COMPILED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn loaded(bytes: &[u8]) -> Result<String, SourceError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        load(file.path())
    }

    #[test]
    fn gzip_is_unpacked_whatever_the_name() {
        let text = "library(x) {}\n";
        assert_eq!(loaded(text.as_bytes()).unwrap(), text);
        assert_eq!(loaded(&gz(text.as_bytes())).unwrap(), text);
        let two = [gz(b"library(x) "), gz(b"{}\n")].concat();
        assert_eq!(loaded(&two).unwrap(), text);
        let packed = gz(text.as_bytes());
        let cut = loaded(&packed[..packed.len() - 9]).unwrap_err().to_string();
        assert!(
            cut.starts_with("gzip: ") && cut.ends_with("fetch the file again"),
            "{cut}"
        );
    }

    #[test]
    fn what_is_not_liberty_is_named() {
        let mut tar = vec![b'x'; 257];
        tar.extend(b"ustar\0");
        let packed = gz(&gz(b"library(x) {}"));
        for (bytes, what) in [
            (b"\xfd7zXZ\0\0\x04".as_slice(), "an xz archive"),
            (b"PK\x03\x04\x14\0", "a zip archive"),
            (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
            (b"BZh91AY", "a bzip2 archive"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "a git-lfs pointer",
            ),
            (b"\n<!DOCTYPE html>", "an HTML or XML page"),
            (b"\xff\xfel\0i\0", "UTF-16 text"),
            (b"\0\x02db\0\0", "binary data"),
            (b"", "an empty file"),
            (b" \r\n", "an empty file"),
            (&tar, "a tar archive"),
            (&packed, "gzip within gzip"),
        ] {
            let error = loaded(bytes).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("{what}, not Liberty text; ")),
                "{error}"
            );
            assert_eq!(error.lines().count(), 1);
        }
    }
}
