//! The `.lk` reader: what it reads, and every message it refuses a file with.

use std::io::{self, BufReader, Cursor, Read};
use std::num::NonZeroU32;

use proptest::prelude::*;
use traces::batch::Bags;
use traces::lk::{LkError, MAX_LINE, Reader};
use traces::{JointIds, Query, Trace, TraceError};

fn read(bytes: &[u8]) -> Result<Vec<Query>, LkError> {
    Reader::new("a.lk", bytes)?.collect()
}

fn message(bytes: &[u8]) -> String {
    read(bytes).expect_err("malformed").to_string()
}

fn trace(bytes: &[u8]) -> (tempfile::TempDir, Result<Trace, TraceError>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.lk");
    std::fs::write(&path, bytes).expect("writable");
    let trace = Trace::open(path);
    (folder, trace)
}

fn size(size: u32) -> NonZeroU32 {
    NonZeroU32::new(size).expect("not zero")
}

#[test]
fn bags_tables_and_copies() {
    let queries = read(b"# header\n1,2;;3\r\n;0,0;4294967295\n;;").expect("well-formed");
    let tables: Vec<Vec<&[u32]>> = queries.iter().map(|query| query.iter().collect()).collect();
    assert_eq!(
        tables,
        [
            [&[1, 2][..], &[], &[3]],
            [&[], &[0, 0], &[u32::MAX]],
            [&[], &[], &[]],
        ]
    );
}

#[test]
fn empty_lines_are_queries_of_a_single_table() {
    let queries = read(b"#\n\n5\n\n").expect("well-formed");
    let lookups: Vec<usize> = queries.iter().map(Query::lookups).collect();
    assert_eq!(lookups, [0, 1, 0]);
}

#[test]
fn empty_lines_at_the_end_are_no_queries_of_several_tables() {
    for text in [
        "#\n1;2\n;\n\n",
        "#\r\n1;2 \r\n;\t\r\n\r\n \n",
        "#\n1;2\n;\r",
    ] {
        let queries = read(text.as_bytes()).expect("well-formed");
        let lookups: Vec<usize> = queries.iter().map(Query::lookups).collect();
        assert_eq!(lookups, [2, 0], "{text:?}");
    }
    assert!(
        message(b"#\n1;2\n\n\n3;4\n").starts_with("a.lk:3: empty line, but line 2 has 2 tables")
    );
}

#[test]
fn header_and_position() {
    let mut reader = Reader::new("a.lk", &b"# my log | tables=1\n7\n"[..]).expect("a header");
    assert_eq!(reader.header(), "# my log | tables=1");
    let mut query = Query::new();
    assert!(reader.read(&mut query).expect("a query"));
    assert_eq!((reader.line(), reader.bytes()), (2, 22));
    assert!(!reader.read(&mut query).expect("the end"));
}

#[test]
fn messages() {
    const IDS: &str = "ids are whole numbers from 0 to 4294967295";
    let not_utf8 = "is not UTF-8 text; a trace holds only digits, `,` and `;` (unpack it if it is \
                    compressed)";
    let cases: &[(&[u8], String)] = &[
        (
            b"",
            "a.lk:1: the file is empty; a trace is a header line that begins with `#` and one \
             query a line"
                .into(),
        ),
        (
            b"0;1\n",
            "a.lk:1: found `0;1` where a header line that begins with `#` must be; put one in front"
                .into(),
        ),
        (b"# \xff\n1\n", format!("a.lk:1: `# \u{fffd}` {not_utf8}")),
        (b"#\n1;\xfe2\n", format!("a.lk:2: `1;\u{fffd}2` {not_utf8}")),
        (b"#\n1;x2\n", format!("a.lk:2: `x2` is not an id; {IDS}")),
        (b"#\n1\n+2\n", format!("a.lk:3: `+2` is not an id; {IDS}")),
        (b"#\n1, 2\n", format!("a.lk:2: ` 2` is not an id; {IDS}")),
        (b"#\n1.5\n", format!("a.lk:2: `1.5` is not an id; {IDS}")),
        (b"#\n\x00\x1b[1m\n", format!("a.lk:2: `\\0\\u{{1b}}[1m` is not an id; {IDS}")),
        (b"#\n1,-7\n", format!("a.lk:2: `-7` is a negative id; {IDS}")),
        (
            b"#\n4294967296\n",
            format!(
                "a.lk:2: id `4294967296` is too large; {IDS} (renumber each table by first \
                 appearance)"
            ),
        ),
        (
            b"#\n0;1,,2\n",
            "a.lk:2: an id is missing beside a comma in `1,,2`; write ids as `4,7`, and an empty \
             bag as nothing"
                .into(),
        ),
        (
            b"#\n0;1;2\n0;1\n2;3;4\n",
            "a.lk:3: `0;1` has 2 tables, but line 2 has 3; separate tables by `;` and leave a \
             table without ids empty"
                .into(),
        ),
        (
            b"#\n0;1;2\n\n2;3;4\n",
            "a.lk:3: empty line, but line 2 has 3 tables; delete it, or write 2 times `;` for a \
             query without ids"
                .into(),
        ),
        (
            b"#\n0;1;2\n2;3",
            "a.lk:3: the file looks truncated: its last line, `2;3`, has 2 tables, but line 2 has \
             3, and no newline ends it; fetch the file again or delete that line"
                .into(),
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(&message(bytes), expected);
    }
}

#[test]
fn long_texts_are_cut() {
    let line = format!("#\n{}\n", "ab".repeat(1000));
    assert!(message(line.as_bytes()).starts_with(&format!("a.lk:2: `{}...` is", "ab".repeat(20))));
    let line = format!("#\n{}\n", "\u{e9}".repeat(41));
    assert!(
        message(line.as_bytes())
            .starts_with(&format!("a.lk:2: `{}...` is", "\u{e9}".repeat(20 * 2)))
    );
}

/// An endless line is refused after `MAX_LINE` bytes, not read to its end.
#[test]
fn absurdly_long_line() {
    let endless = Cursor::new(b"#\n0;1\n").chain(io::repeat(b'7'));
    let error = Reader::new("a.lk", BufReader::new(endless))
        .and_then(|reader| reader.collect::<Result<Vec<_>, _>>())
        .expect_err("too long");
    assert_eq!(
        error.to_string(),
        format!(
            "a.lk:3: the line that begins `{}...` is longer than 16 MiB; put one query on a line",
            "7".repeat(40)
        )
    );
    // The longest line that is allowed, newline included.
    let mut bytes = b"#\n".to_vec();
    bytes.extend(std::iter::repeat_n(b';', MAX_LINE - 1));
    bytes.push(b'\n');
    assert_eq!(read(&bytes).expect("just fits")[0].tables(), MAX_LINE);
}

#[test]
fn reading_fails_half_way() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    let input = BufReader::new(Cursor::new(b"#\n0\n").chain(Broken));
    let error = Reader::new("a.lk", input)
        .and_then(|reader| reader.collect::<Result<Vec<_>, _>>())
        .expect_err("broken");
    assert_eq!(
        error.to_string(),
        "cannot read line 3 of the trace `a.lk`: disk on fire"
    );
}

#[test]
fn joint_ids_follow_table_sizes() {
    // Table sizes 4, 1 (never used: 0 would do), 3: known only after the last line.
    let (_folder, trace) = trace(b"#\n0;;2\n3,1;0;0\n;;\n2;;1\n1;;1\n");
    let trace = trace.expect("well-formed");
    assert_eq!(trace.joint_ids().sizes(), [4, 1, 3]);
    assert_eq!((trace.queries(), trace.joint_ids().rows()), (5, 8));
    let batches: Vec<Bags> = trace
        .batches(size(2))
        .expect("still there")
        .collect::<Result<_, _>>()
        .expect("well-formed");
    assert_eq!(
        batches,
        [
            [vec![0, 7], vec![3, 1, 4, 5]].iter().collect::<Bags>(),
            [vec![], vec![2, 6]].iter().collect(),
        ]
    );
    assert_eq!(trace.batch_count(size(2)), 2);
}

#[test]
fn one_short_batch_if_none_is_full() {
    let (_folder, trace) = trace(b"#\n4\n2,2\n");
    let trace = trace.expect("well-formed");
    assert_eq!(trace.batch_count(size(2048)), 1);
    let batches: Vec<_> = trace.batches(size(2048)).expect("still there").collect();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].as_ref().expect("well-formed").lookups(), 3);
}

#[test]
fn joint_id_overflow_names_the_line() {
    let (_folder, trace) = trace(b"#\n0;4294967294\n0;3\n1;0\n");
    let error = trace.expect_err("2^32 + 1 rows").to_string();
    assert!(
        error.ends_with(
            "a.lk:4: the tables together have 4294967297 rows (largest id + 1 each), but joint ids \
             are 32 bits wide and name at most 4294967296; renumber each table by first appearance \
             or leave tables out"
        ),
        "{error}"
    );
}

#[test]
fn the_largest_joint_id() {
    let query: Query = [vec![0], vec![u32::MAX - 1]].iter().collect();
    let mut joint = JointIds::default();
    joint.include(&query).expect("2^32 rows fit");
    assert_eq!(joint.join(&query).collect::<Vec<_>>(), [0, u32::MAX]);
    assert!(JointIds::new([u32::MAX, 1]).is_ok() && JointIds::new([u32::MAX, 2]).is_err());
}

#[test]
fn files_that_are_no_traces() {
    let (folder, only_a_header) = trace(b"# header\n");
    let path = folder.path().join("a.lk").display().to_string();
    assert_eq!(
        only_a_header.expect_err("no queries").to_string(),
        format!("{path}:1: the file ends after its header; one query a line must follow")
    );
    let missing = folder.path().join("b.lk");
    assert_eq!(
        Trace::open(&missing).expect_err("missing").to_string(),
        format!(
            "cannot open the trace `{}`: No such file or directory (os error 2)",
            missing.display()
        )
    );
    assert_eq!(
        Trace::open(folder.path())
            .expect_err("a folder")
            .to_string(),
        format!(
            "the trace `{}` is not a regular file; joint ids take two passes over it, so give the \
             path of a .lk file",
            folder.path().display()
        )
    );
}

#[test]
fn a_file_that_changes_between_passes() {
    for now in ["#\n1\n", "#\n1\n9\n", "#\n1\n0;0\n"] {
        let (folder, trace) = trace(b"#\n1\n0\n");
        let path = folder.path().join("a.lk");
        std::fs::write(&path, now).expect("writable");
        let trace = trace.expect("well-formed");
        let mut batches = trace.batches(size(2)).expect("still there");
        let error = batches
            .next()
            .expect("one batch")
            .expect_err("changed")
            .to_string();
        if now.contains(';') {
            assert!(error.contains("`0;0` has 2 tables"), "{error}");
        } else {
            assert_eq!(
                error,
                format!(
                    "the trace `{}` changed while it was read; start again when it is complete",
                    path.display()
                )
            );
        }
        assert!(batches.next().is_none());
    }
}

proptest! {
    #[test]
    fn written_queries_read_back(
        queries in (1usize..5).prop_flat_map(|tables| {
            let bag = prop::collection::vec(any::<u32>(), 0..4);
            prop::collection::vec(prop::collection::vec(bag, tables), 0..20)
        })
    ) {
        let queries: Vec<Query> = queries.iter().map(|query| query.iter().collect()).collect();
        let mut text = String::from("# generated\n");
        for query in &queries {
            text += &format!("{query}\n");
        }
        prop_assert_eq!(read(text.as_bytes()).expect("well-formed"), queries);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(
        prop_oneof![6 => prop::sample::select(b"0123456789,;\n-".to_vec()), 1 => any::<u8>()], 0..200
    )) {
        let _ = read(&bytes);
        let mut text = b"#\n".to_vec();
        text.extend(bytes);
        let _ = read(&text);
    }
}
