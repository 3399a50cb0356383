//! Raw click logs: which rows they name, and every message they are refused with.

use std::io::{self, BufReader, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use traces::raw::{Cause, OnError, RawError, RawFormat, Reader, Skipped};
use traces::{Format, Options, Query, Trace, TraceError};

const HEADER: &str = "id,click,hour,C1,banner_pos,site_id\n";

fn read(
    bytes: &[u8],
    format: RawFormat,
    on_error: OnError,
) -> Result<(Vec<String>, Skipped), RawError> {
    let mut reader = Reader::new("log", format, on_error, bytes)?;
    let mut queries = Vec::new();
    let mut query = Query::new();
    while reader.read(&mut query)? {
        queries.push(query.to_string());
    }
    Ok((queries, reader.skipped().clone()))
}

/// A Criteo line with these last columns, and 1 in front of them.
fn criteo(last: &[&str]) -> String {
    let dense = ["1"; 14].into_iter();
    let ones = std::iter::repeat_n("1", 26 - last.len());
    let fields: Vec<&str> = dense.chain(ones).chain(last.iter().copied()).collect();
    fields.join("\t") + "\n"
}

#[test]
fn criteo_rows_by_first_appearance() {
    let log = [
        criteo(&["ffffffff", "0a"]),
        criteo(&["a", "0000000A"]),
        criteo(&["", ""]),
        criteo(&["0", "A"]),
        criteo(&["ffffffff", "b"]).replace('\n', "\r\n"),
    ]
    .concat();
    let (queries, skipped) =
        read(log.as_bytes(), RawFormat::Criteo, OnError::Refuse).expect("well-formed");
    let ends: Vec<&str> = queries.iter().map(|query| &query[24 * 2..]).collect();
    // A missing value is the value 0.
    assert_eq!(ends, ["0;0", "1;0", "2;1", "2;0", "0;2"]);
    assert!(
        queries
            .iter()
            .all(|query| query.starts_with(&"0;".repeat(24)))
    );
    assert_eq!(skipped.lines(), 0);
}

#[test]
fn avazu_rows_by_first_appearance() {
    let log = format!(
        "{HEADER}1,0,14102100,1005,0,1fbe01fe\n2,1,14102101,1002,,1fbe01fe\n3,0,1,1005,0,a site with a long name"
    );
    let (queries, _) =
        read(log.as_bytes(), RawFormat::Avazu, OnError::Refuse).expect("well-formed");
    assert_eq!(queries, ["0;0;0;0", "1;1;1;0", "2;0;0;1"]);
}

#[test]
fn messages() {
    const SKIP: &str = "; mend or delete it, or leave such lines out with --on-error skip";
    let good = criteo(&[]);
    let line = |text: String| format!("{good}{text}");
    let bad_bytes = {
        let mut bytes = good.clone().into_bytes();
        bytes.extend(good.as_bytes());
        let at = good.len() + 2 * 15;
        bytes[at] = 0xff;
        bytes
    };
    let cases: Vec<(Vec<u8>, RawFormat, String)> = vec![
        (
            vec![],
            RawFormat::Criteo,
            "log:1: the file is empty; a line of a Criteo log is a label, 13 integer and 26 \
             categorical features, separated by tabs"
                .into(),
        ),
        (
            vec![],
            RawFormat::Avazu,
            "log:1: the file is empty; an Avazu log is a header, id,click,hour,C1,banner_pos,..., \
             and one line a query"
                .into(),
        ),
        (
            line("1\t2\t3\n".into()).into(),
            RawFormat::Criteo,
            format!(
                "log:2: `1\\t2\\t3` has 3 columns, but a line has 40 separated by tabs (label, 13 \
                 integer features, 26 categorical features){SKIP}"
            ),
        ),
        (
            line(format!(" \r\n\n{good}")).into(),
            RawFormat::Criteo,
            format!(
                "log:2: `` has 1 columns, but a line has 40 separated by tabs (label, 13 integer \
                 features, 26 categorical features){SKIP}"
            ),
        ),
        (
            line(criteo(&["5g", "1"])).into(),
            RawFormat::Criteo,
            format!(
                "log:2: column 39 (C25) is `5g`, but a categorical feature is up to 8 hexadecimal \
                 digits, or empty if missing{SKIP}"
            ),
        ),
        (
            line(criteo(&["123456789"])).into(),
            RawFormat::Criteo,
            format!(
                "log:2: column 40 (C26) is `123456789`, but a categorical feature is up to 8 \
                 hexadecimal digits, or empty if missing{SKIP}"
            ),
        ),
        (
            bad_bytes,
            RawFormat::Criteo,
            format!("log:2: column 16 (C2), `\u{fffd}`, is not UTF-8 text{SKIP}"),
        ),
        (
            line("x".repeat(70_000)).into(),
            RawFormat::Criteo,
            format!(
                "log:2: the line that begins `{}...` is longer than 64 KiB{SKIP}",
                "x".repeat(40)
            ),
        ),
        (
            b"1,0,14102100,1005\n".to_vec(),
            RawFormat::Avazu,
            "log:1: found `1,0,14102100,1005` where the header of an Avazu log must be; its first \
             line names the columns: id,click,hour,C1,banner_pos,..."
                .into(),
        ),
        (
            format!("{HEADER}1,0,2,3\n").into(),
            RawFormat::Avazu,
            format!(
                "log:2: `1,0,2,3` has 4 columns, but a line has 6 separated by commas (as its header \
                 says){SKIP}"
            ),
        ),
        (
            [HEADER.as_bytes(), b"1,0,2,3,\xfe,4\n"].concat(),
            RawFormat::Avazu,
            format!("log:2: column 5 (banner_pos), `\u{fffd}`, is not UTF-8 text{SKIP}"),
        ),
        (
            HEADER.into(),
            RawFormat::Avazu,
            "`log` has no query: 0 of its lines were left out; an Avazu log is a header, \
             id,click,hour,C1,banner_pos,..., and one line a query"
                .into(),
        ),
    ];
    for (bytes, format, expected) in cases {
        let error = read(&bytes, format, OnError::Refuse).expect_err("malformed");
        assert_eq!(error.to_string(), expected);
    }
}

/// A header, which is no query, and ends of lines and files as they are shipped.
#[test]
fn headers_blanks_and_empty_last_lines() {
    let ints = (1..=13).map(|at| format!("\tI{at}"));
    let cats = (1..=26).map(|at| format!("\tC{at}"));
    let header: String = std::iter::once("label".to_owned())
        .chain(ints)
        .chain(cats)
        .collect();
    let lines = criteo(&["a"]) + &criteo(&["B"]);
    let count = |text: &str, format| {
        let (queries, skipped) = read(text.as_bytes(), format, OnError::Refuse)?;
        assert_eq!(skipped.lines(), 0);
        Ok::<_, RawError>(queries.len())
    };
    for text in [
        format!("{header}\n{lines}"),
        format!("{lines}\n"),
        format!("{lines}\r\n \n\r"),
        lines.replace('\n', "  \r\n"),
        lines.trim_end().to_owned() + "\r",
    ] {
        assert_eq!(
            count(&text, RawFormat::Criteo).expect("good"),
            2,
            "{text:?}"
        );
        let other = text.replace("\tI", "\tC");
        assert!(other == text || count(&other, RawFormat::Criteo).is_err());
    }
    let avazu = format!("{HEADER}1,0,2,3,4,5 \r\n2,1,2,3,4,5\n\n\r\n");
    let (queries, _) = read(avazu.as_bytes(), RawFormat::Avazu, OnError::Refuse).expect("good");
    assert_eq!(queries, ["0;0;0;0"; 2]);

    let says = |text: &str, format, words: &str| {
        let error = read(text.as_bytes(), format, OnError::Refuse).expect_err("bad");
        assert!(error.to_string().contains(words), "{error}");
    };
    let swapped = header.replace("\tI1\t", "\tday\t") + "\n" + &lines;
    let words = "log:1: a header whose column 2 is `day`, but a Criteo log has label, I1 to I13";
    says(&swapped, RawFormat::Criteo, words);
    let words = "log:3: column 1 (label) is `label`, but a label is 0 or 1;";
    says(&format!("{lines}{header}\n"), RawFormat::Criteo, words);
    let words = "log:3: `id,click,hour,C1,banner_pos,site_id` is the header again;";
    says(
        &format!("{HEADER}1,0,2,3,4,5\n{HEADER}"),
        RawFormat::Avazu,
        words,
    );
    let words = "log:2: column 2 (click) is `x`, but a label is 0 or 1;";
    says(&format!("{HEADER}1,x,2,3,4,5\n"), RawFormat::Avazu, words);
    let shifted = lines.replacen("1\t1\t", "1\t68fd1e64\t", 1);
    let words = "log:1: column 2 (I1) is `68fd1e64`, but an integer feature is a whole number, or \
                 empty if missing;";
    says(&shifted, RawFormat::Criteo, words);

    // Empty lines in between are at fault, each of them, and those behind are not.
    let text = format!("{lines}\n\n{lines}\n");
    let (queries, skipped) =
        read(text.as_bytes(), RawFormat::Criteo, OnError::Skip).expect("four good lines");
    assert_eq!(queries.len(), 4);
    assert_eq!(
        skipped.causes().collect::<Vec<_>>(),
        [(Cause::Columns, 2, 3)]
    );
}

#[test]
fn skipping_counts_by_cause_and_names_the_first_line() {
    let log = [
        criteo(&["z"]),
        criteo(&["7"]),
        "short\n".to_owned(),
        criteo(&["y"]),
        "x".repeat(200_000) + "\n",
        criteo(&["8"]),
        "short\n".to_owned(),
    ]
    .concat();
    let (queries, skipped) =
        read(log.as_bytes(), RawFormat::Criteo, OnError::Skip).expect("two good lines");
    // Lines left out take no rows.
    assert!(queries[0].ends_with(";0") && queries[1].ends_with(";1") && queries.len() == 2);
    assert_eq!(
        skipped.causes().collect::<Vec<_>>(),
        [
            (Cause::Columns, 2, 3),
            (Cause::NotHex, 2, 1),
            (Cause::LongLine, 1, 5)
        ]
    );
    assert_eq!(
        skipped.to_string(),
        "5 lines left out: 2 with a wrong number of columns (first: line 3), 2 with a field that is \
         not hexadecimal (first: line 1), 1 that are too long (first: line 5)"
    );
    let error = read(b"a\nb\n", RawFormat::Criteo, OnError::Skip).expect_err("nothing is left");
    assert!(
        error
            .to_string()
            .starts_with("`log` has no query: 2 of its lines were left out;"),
        "{error}"
    );
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).expect("memory");
    packed.finish().expect("memory")
}

/// Lines that do not repeat, so that a packed file is cut off between them.
fn many_lines(lines: u32) -> String {
    let line = |number: u32| criteo(&[&format!("{:x}", number.wrapping_mul(2_654_435_761))]);
    (0..lines).map(line).collect()
}

fn open(name: &str, bytes: &[u8], options: Options) -> Result<Trace, TraceError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writable");
    Trace::open_as(path, options, |_| ())
}

#[test]
fn gzip_of_several_members() {
    let packed = [gzip(&many_lines(3)), gzip(""), gzip(&many_lines(5))].concat();
    let trace = open("day_0.gz", &packed, Options::default()).expect("well-formed");
    assert_eq!((trace.queries(), trace.joint_ids().sizes()[25]), (8, 5));
}

#[test]
fn gzip_cut_off_or_damaged() {
    let whole = gzip(&many_lines(20_000));
    let skip = Options {
        on_error: OnError::Skip,
        ..Options::default()
    };
    let cut = &whole[..whole.len() / 2];
    let error = open("a.tsv.gz", cut, Options::default())
        .expect_err("cut off")
        .to_string();
    assert!(
        error.contains("the gzip data are cut off here; fetch the file again, or keep the "),
        "{error}"
    );
    assert!(
        error.ends_with(" lines before with --on-error skip"),
        "{error}"
    );
    let trace = open("a.tsv.gz", cut, skip).expect("what is before");
    assert!(
        (5_000..15_000).contains(&trace.queries()),
        "{}",
        trace.queries()
    );
    assert_eq!(
        trace.skipped().causes().collect::<Vec<_>>(),
        [(Cause::Gzip, 1, trace.queries() + 1)]
    );

    // A cut within the trailer loses no line, but says so.
    let trace = open("a.tsv.gz", &whole[..whole.len() - 3], skip).expect("all of it");
    assert_eq!((trace.queries(), trace.skipped().lines()), (20_000, 1));

    let mut damaged = whole.clone();
    for byte in &mut damaged[whole.len() / 2..][..40] {
        *byte ^= 0x55;
    }
    let error = open("a.tsv.gz", &damaged, Options::default())
        .expect_err("damaged")
        .to_string();
    assert!(error.contains("--on-error skip"), "{error}");

    // So short that the cut shows as the first line is looked at.
    let short = gzip(&many_lines(3));
    let error =
        open("a.tsv.gz", &short[..short.len() - 8], Options::default()).expect_err("cut off");
    assert!(
        error
            .to_string()
            .contains(":4: the gzip data are cut off here"),
        "{error}"
    );
}

#[test]
fn formats_are_told_apart() {
    let queries = |name, bytes: &[u8]| {
        let trace = open(name, bytes, Options::default());
        trace.map(|trace| (trace.queries(), trace.joint_ids().sizes().len()))
    };
    let criteo_log = many_lines(2);
    let avazu_log = format!("{HEADER}1,0,2,3,4,5\n");
    for name in ["a", "a.txt", "a.tsv", "train.log"] {
        assert_eq!(
            queries(name, criteo_log.as_bytes()).expect("Criteo"),
            (2, 26)
        );
    }
    for name in ["a", "a.csv", "a.lk"] {
        assert_eq!(queries(name, avazu_log.as_bytes()).expect("Avazu"), (1, 4));
        assert_eq!(queries(name, &gzip(&avazu_log)).expect("Avazu"), (1, 4));
        assert_eq!(queries(name, b"# header\n1;2\n").expect("text"), (1, 2));
    }
    let says = |name, bytes: &[u8], text: &str| {
        let error = queries(name, bytes)
            .expect_err("no such format")
            .to_string();
        assert!(error.contains(text), "{error}");
    };
    says("a.tsv", b"1;2\n", "1 columns, but a line has 40");
    says("a.csv.gz", &gzip("1;2\n"), "the header of an Avazu log");
    says(
        "a.lk",
        criteo_log.as_bytes(),
        "a header line that begins with `#` must be",
    );
    says("a", b"1;2\n", "a header line that begins with `#` must be");
    says("a.tsv", b"", "a line of a Criteo log is");
    says("a", b"", "the file is empty; a trace is a header line");
    let options = Options {
        format: Some(Format::Raw(RawFormat::Criteo)),
        ..Options::default()
    };
    assert!(open("a.lk", criteo_log.as_bytes(), options).is_ok());
}

#[test]
fn both_passes_give_the_same_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.tsv");
    std::fs::write(&path, many_lines(10)).expect("writable");
    let trace = Trace::open(&path).expect("well-formed");
    let size = std::num::NonZeroU32::new(4).expect("not zero");
    let mut batches = trace.batches(size).expect("there");
    let first = batches.next().expect("a batch").expect("well-formed");
    assert_eq!(first.bag(3)[25], 25 + 3);
    let rest = batches.rest().expect("well-formed");
    assert_eq!((rest.len(), rest.bag(1)[25]), (2, 25 + 9));
}

#[test]
fn reading_fails() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    let line = criteo(&[]);
    let input = BufReader::new(line.as_bytes().chain(Broken));
    let mut reader =
        Reader::new("log", RawFormat::Criteo, OnError::Skip, input).expect("a first line");
    let mut query = Query::new();
    assert!(reader.read(&mut query).expect("a query"));
    assert_eq!(
        reader.read(&mut query).expect_err("broken").to_string(),
        "cannot read line 2 of the log `log`: disk on fire"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(
        prop_oneof![9 => prop::sample::select(b"0f\t\t\n,".to_vec()), 1 => any::<u8>()], 0..600
    )) {
        for on_error in [OnError::Refuse, OnError::Skip] {
            let _ = read(&bytes, RawFormat::Criteo, on_error);
            let _ = read(&bytes, RawFormat::Avazu, on_error);
            let _ = read(&[HEADER.as_bytes(), &bytes].concat(), RawFormat::Avazu, on_error);
        }
    }
}
