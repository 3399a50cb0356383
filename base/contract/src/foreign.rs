//! What a file is, by how it begins: formats and packings that nothing here reads, so that each is
//! refused by its name and with what to do about it.

use std::fmt;

/// A format that is told by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// gzip within gzip: the first packing is taken off before anybody looks.
    Gzip,
    Xz,
    Zstd,
    Bzip2,
    Lz4,
    Compress,
    SevenZip,
    Rar,
    Tar,
    /// A zip archive that is none of the three below.
    Zip,
    Npz,
    TorchZip,
    Spreadsheet,
    Npy,
    Parquet,
    Arrow,
    Feather1,
    Orc,
    Avro,
    Hdf5,
    Pickle,
    Sqlite,
    Elf,
    Pdf,
    Html,
    Json,
    LfsPointer,
    AnnexPointer,
    Utf16,
    Utf32,
    /// Text whose lines end in a carriage return alone.
    CarriageReturns,
    /// Bytes that no text has.
    Binary,
}

use Foreign as F;

/// Fixed bytes at the beginning.
const MAGIC: [(&[u8], Foreign); 24] = [
    (b"\x1f\x8b", F::Gzip),
    (b"\xfd7zXZ\0", F::Xz),
    (b"\x28\xb5\x2f\xfd", F::Zstd),
    (b"\x04\x22\x4d\x18", F::Lz4),
    (b"\x1f\x9d", F::Compress),
    (b"7z\xbc\xaf\x27\x1c", F::SevenZip),
    (b"Rar!\x1a\x07", F::Rar),
    // A zip archive without entries.
    (b"PK\x05\x06", F::Zip),
    (b"\x93NUMPY", F::Npy),
    (b"PAR1", F::Parquet),
    (b"PARE", F::Parquet),
    (b"ARROW1", F::Arrow),
    // The stream format of Arrow: a continuation mark and the length of a schema.
    (b"\xff\xff\xff\xff", F::Arrow),
    (b"FEA1", F::Feather1),
    (b"ORC", F::Orc),
    (b"Obj\x01", F::Avro),
    (b"\x89HDF\r\n\x1a\n", F::Hdf5),
    (b"SQLite format 3\0", F::Sqlite),
    (b"\x7fELF", F::Elf),
    (b"%PDF-", F::Pdf),
    (b"version https://git-lfs.github.com/", F::LfsPointer),
    (b"version https://hawser.github.com/", F::LfsPointer),
    (b"/annex/objects/", F::AnnexPointer),
    (b"\xef\xbb\xbf{", F::Json),
];

/// What begins so, or None for what may be text. `head` should have 512 bytes, where the file has.
pub fn sniff(head: &[u8]) -> Option<Foreign> {
    if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*found);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(zip(head));
    }
    // "BZh", the block size, and the digits of pi that begin a block.
    if head.starts_with(b"BZh") && head.get(4..7).is_none_or(|pi| pi == b"1AY") {
        return Some(F::Bzip2);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(F::Tar);
    }
    if matches!(head, [0x80, 2..=5, ..]) {
        return Some(F::Pickle);
    }
    if head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") {
        return Some(F::Utf32);
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || every_second_nul(head) {
        return Some(F::Utf16);
    }
    let text = head.trim_ascii_start();
    let begins = |word: &[u8]| {
        text.get(..word.len())
            .is_some_and(|front| front.eq_ignore_ascii_case(word))
    };
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<?xml") {
        return Some(F::Html);
    }
    if head.contains(&0) {
        return Some(F::Binary);
    }
    text.starts_with(b"{").then_some(F::Json)
}

/// Whether lines end in a carriage return alone: one stands within the first line.
pub fn carriage_returns(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.trim_ascii_end().contains(&b'\r')
}

/// Digits and separators as UTF-16 without a byte-order mark.
fn every_second_nul(head: &[u8]) -> bool {
    match head {
        [0, a, 0, b, ..] | [a, 0, b, 0, ..] => {
            [a, b].iter().all(|&&byte| (1..0x80).contains(&byte))
        }
        _ => false,
    }
}

/// By the name of its first entry.
fn zip(head: &[u8]) -> Foreign {
    let length = |at: usize| head.get(at).map_or(0, |&byte| usize::from(byte));
    let end = 30 + length(26) + (length(27) << 8);
    let name = head.get(30..end.min(head.len())).unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    if name.ends_with(".npy") {
        F::Npz
    } else if name.ends_with("data.pkl") || name.ends_with("/.format_version") {
        F::TorchZip
    } else if name == "[Content_Types].xml" || name.starts_with("xl/") {
        F::Spreadsheet
    } else {
        F::Zip
    }
}

impl Foreign {
    /// What to do about it; `save` says in what form its content would do.
    pub fn remedy(self, save: &str) -> String {
        let fixed = match self {
            F::Gzip => "unpack it once with `gzip -d`",
            F::Xz => "unpack it with `xz -d`",
            F::Zstd => "unpack it with `zstd -d`",
            F::Bzip2 => "unpack it with `bzip2 -d`",
            F::Lz4 => "unpack it with `lz4 -d`",
            F::Compress => "unpack it with `uncompress`",
            F::SevenZip => "unpack it with `7z x`",
            F::Rar => "unpack it with `unrar x`",
            F::Tar => "take the file out of it with `tar -xf`",
            F::Zip => "take the file out of it with `unzip`",
            F::Html => "it is likely an error or login page; download the file itself",
            F::LfsPointer => "fetch the file itself with `git lfs pull`",
            F::AnnexPointer => "fetch the file itself with `git annex get`",
            F::Utf16 => "convert it with `iconv -f UTF-16 -t UTF-8`",
            F::Utf32 => "convert it with `iconv -f UTF-32 -t UTF-8`",
            F::CarriageReturns => "convert it with `tr '\\r' '\\n'`",
            _ => "",
        };
        let loader = match self {
            F::Npy | F::Npz => "numpy.load",
            F::TorchZip => "torch.load",
            F::Pickle => "torch.load or pickle.load",
            F::Spreadsheet => "pandas.read_excel",
            F::Parquet => "pandas.read_parquet",
            F::Arrow | F::Feather1 => "pandas.read_feather",
            F::Orc => "pandas.read_orc",
            F::Avro => "fastavro.reader",
            F::Hdf5 => "h5py.File",
            F::Sqlite => "pandas.read_sql",
            _ => "",
        };
        match (fixed, loader) {
            ("", "") => save.to_owned(),
            // What is given as it is, a configuration say, is not in there.
            ("", _) if save.starts_with("give ") => save.to_owned(),
            ("", _) => format!("load it with {loader} and {save}"),
            _ => fixed.to_owned(),
        }
    }
}

/// What it is, with its article.
impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            F::Gzip => "gzip-packed twice",
            F::Xz => "xz-packed",
            F::Zstd => "zstd-packed",
            F::Bzip2 => "bzip2-packed",
            F::Lz4 => "lz4-packed",
            F::Compress => "packed by compress (.Z)",
            F::SevenZip => "a 7z archive",
            F::Rar => "a RAR archive",
            F::Tar => "a tar archive",
            F::Zip => "a zip archive",
            F::Npz => "a NumPy archive (.npz)",
            F::TorchZip => "a PyTorch file",
            F::Spreadsheet => "a spreadsheet",
            F::Npy => "a NumPy array (.npy)",
            F::Parquet => "a Parquet table",
            F::Arrow => "an Arrow or Feather table",
            F::Feather1 => "a Feather table",
            F::Orc => "an ORC table",
            F::Avro => "an Avro file",
            F::Hdf5 => "an HDF5 file",
            F::Pickle => "a Python pickle (.pkl, or a PyTorch .pt)",
            F::Sqlite => "an SQLite database",
            F::Elf => "a program (ELF)",
            F::Pdf => "a PDF document",
            F::Html => "an HTML or XML page",
            F::Json => "JSON text",
            F::LfsPointer => "a Git LFS pointer",
            F::AnnexPointer => "a git-annex pointer",
            F::Utf16 => "UTF-16 text",
            F::Utf32 => "UTF-32 text",
            F::CarriageReturns => "text whose lines end in a carriage return alone",
            F::Binary => "a binary file",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(name: &str) -> Vec<u8> {
        let mut head = b"PK\x03\x04".to_vec();
        head.resize(30, 0);
        head[26] = name.len() as u8;
        head.extend(name.bytes());
        head.extend(b"content");
        head
    }

    #[test]
    fn formats_are_told_by_their_beginning() {
        let tar = [&[b'a'; 257][..], b"ustar\0"].concat();
        let cases: [(&[u8], Foreign); 17] = [
            (b"PAR1\x15\x04", F::Parquet),
            (b"\x93NUMPY\x01\0", F::Npy),
            (&archive("X_int.npy"), F::Npz),
            (&archive("model/data.pkl"), F::TorchZip),
            (&archive("train.txt"), F::Zip),
            (b"BZh91AY&SY", F::Bzip2),
            (&tar, F::Tar),
            (b"\x80\x02\x8a\nl\xfc", F::Pickle),
            (b"\xff\xfe#\0\n\0", F::Utf16),
            (b"#\0\n\0", F::Utf16),
            (b"\0#\0\n", F::Utf16),
            (b"\xff\xfe\0\0#\0\0\0", F::Utf32),
            (b"\n <!DOCTYPE html>", F::Html),
            (
                b"version https://git-lfs.github.com/spec/v1\n",
                F::LfsPointer,
            ),
            (b"/annex/objects/MD5E-s3--1.gz\n", F::AnnexPointer),
            (b" {\"a\": 1}", F::Json),
            (b"abc\0", F::Binary),
        ];
        for (head, kind) in cases {
            assert_eq!(
                sniff(head),
                Some(kind),
                "{:?}",
                head.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn text_is_nothing_foreign() {
        let texts: [&[u8]; 8] = [
            b"",
            b"# header\n1;2\n",
            b"0\t1\t\t2\n",
            b"id,click,hour\n",
            b"LD 0x0\n",
            b"\xef\xbb\xbf# header\r\n",
            b"BZhang,1\n",
            // Any bytes beyond ASCII may be text that is told by line.
            b"# \xff\n",
        ];
        for text in texts {
            assert_eq!(sniff(text), None, "{:?}", text.escape_ascii().to_string());
        }
    }

    #[test]
    fn lines_that_end_in_a_carriage_return_alone() {
        assert!(carriage_returns(b"# a\r1;2\r"));
        assert!(carriage_returns(b"# a\r1;2\n3;4\n"));
        for good in [&b"# a\r\n1\r\n"[..], b"# a\r\r\n1\n", b"# a\n1\r", b"# a\r"] {
            assert!(!carriage_returns(good));
        }
    }
}
