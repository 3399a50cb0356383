//! Files as they are shipped: packed, marked, or of a format that is not read.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::folder::Folder;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

/// Every command that takes a trace names what it is given, and writes nothing.
#[test]
fn other_formats_are_named() {
    let folder = Folder::new();
    let npz = [&b"PK\x03\x04"[..], &[0; 22], &[9, 0, 0, 0], b"X_int.npy"].concat();
    let tar = [&[b'a'; 257][..], b"ustar\0"].concat();
    for (bytes, what, remedy) in [
        (
            b"PAR1\x15".to_vec(),
            "a Parquet table",
            "load it with pandas.read_parquet and save it",
        ),
        (
            npz,
            "a NumPy archive (.npz)",
            "load it with numpy.load and save it as text",
        ),
        (
            b"\x93NUMPY\x01".to_vec(),
            "a NumPy array (.npy)",
            "load it with numpy.load and",
        ),
        (
            b"\x89HDF\r\n\x1a\n".to_vec(),
            "an HDF5 file",
            "load it with h5py.File and",
        ),
        (
            b"\x80\x02\x8a\n".to_vec(),
            "a Python pickle",
            "load it with torch.load",
        ),
        (
            b"\xfd7zXZ\0".to_vec(),
            "xz-packed",
            "unpack it with `xz -d`",
        ),
        (
            b"\x28\xb5\x2f\xfd".to_vec(),
            "zstd-packed",
            "unpack it with `zstd -d`",
        ),
        (
            b"BZh91AY&SY".to_vec(),
            "bzip2-packed",
            "unpack it with `bzip2 -d`",
        ),
        (
            gzip(&tar),
            "a tar archive",
            "take the file out of it with `tar -xf`",
        ),
        (
            b"\xff\xfe#\0\n\0".to_vec(),
            "UTF-16 text",
            "iconv -f UTF-16 -t UTF-8",
        ),
        (
            b"# a\r1;2\r3;4\r".to_vec(),
            "text whose lines end in a carriage return",
            "tr '\\r' '\\n'",
        ),
        (
            b"<!DOCTYPE html>\n".to_vec(),
            "an HTML or XML page",
            "download the file itself",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\n".to_vec(),
            "a Git LFS",
            "`git lfs pull`",
        ),
    ] {
        for name in ["a.lk", "train.txt", "train.csv", "a"] {
            let path = folder.file(name, &bytes);
            for args in [
                &["stats", name][..],
                &["convert", name, "-o", "b.lk"],
                &["fit", name, "-o", "b.json"],
            ] {
                let message = folder.refused(args);
                let front = format!("error: {name}: {what}");
                assert!(
                    message.starts_with(&front) && message.contains(remedy),
                    "{message}"
                );
            }
            std::fs::remove_file(path).expect("there");
        }
    }
    assert!(folder.names().is_empty());
}

#[test]
fn packing_marks_and_line_ends_change_nothing() {
    let folder = Folder::new();
    folder.file("plain.lk", "# a\n1;2\n;3\n");
    let expected = folder.json(&["stats", "plain.lk", "--json"]);
    for bytes in [
        b"\xef\xbb\xbf# a\r\n1;2 \r\n;3\r\n\r\n".to_vec(),
        gzip(b"\xef\xbb\xbf# a\n1;2\n;3\n"),
        [gzip(b"# a\n1;"), gzip(b"2\n;3\r")].concat(),
    ] {
        folder.file("shipped", &bytes);
        assert_eq!(folder.json(&["stats", "shipped", "--json"]), expected);
    }
    let whole = gzip(b"# a\n1;2\n;3\n");
    folder.file("cut.lk.gz", &whole[..whole.len() - 9]);
    let message = folder.refused(&["stats", "cut.lk.gz"]);
    assert!(
        message.ends_with("the gzip data are cut off; fetch the file again\n"),
        "{message}"
    );
}

#[test]
fn parameters_and_histograms_are_unpacked() {
    let folder = Folder::new();
    let generate = |config: &str| {
        folder.works(&[
            "generate",
            "--config",
            config,
            "--queries",
            "9",
            "-o",
            "a.lk",
            "--force",
        ])
    };
    let parameters = b"{\"tables\": [50, 9], \"seed\": 7}";
    folder.file("a.json", parameters);
    folder.file("b.json", gzip(&[&b"\xef\xbb\xbf"[..], parameters].concat()));
    assert_eq!(generate("a.json"), generate("b.json"));
    folder.file("c.json", "PAR1");
    let refused = |file: &str| {
        folder.refused(&["generate", "--config", file, "--queries", "9", "-o", "c.lk"])
    };
    assert!(refused("c.json").starts_with(
        "error: c.json: a Parquet table, not parameters of the generator; give a JSON file"
    ));
    folder.file("c.json", "\n");
    assert!(refused("c.json").starts_with("error: c.json: empty, not parameters"));

    let steps = [(0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 32)];
    let steps = steps
        .map(|(from, to)| format!("({from}, {to}]: 0.1\n"))
        .concat();
    let text = format!(
        "x_t10_bs1000.pt\nAvg # of indices: 100000\nAvg # of unique cols: 20000\nHistogram of col \
         sizes:\n{steps}"
    );
    folder.file("a.txt", &text);
    folder.file("b.txt", gzip(text.replace('\n', "\r\n").as_bytes()));
    assert_eq!(
        folder.works(&["fit-reuse", "a.txt"]),
        folder.works(&["fit-reuse", "b.txt"])
    );
    folder.file("c.txt", b"\x80\x04\x95");
    let message = folder.refused(&["fit-reuse", "c.txt"]);
    assert!(
        message.starts_with("error: c.txt: a Python pickle"),
        "{message}"
    );
}
