//! The binary cache: what is written is read, and nothing else is.

use proptest::prelude::*;
use traces::lkb::{LkbError, Reader, Writer};
use traces::{Options, Query, Source, Target};

fn write(queries: &[Query]) -> Vec<u8> {
    let tables = queries.first().map_or(1, Query::tables);
    let mut writer = Writer::new(Vec::new(), "# header", tables).expect("memory");
    for query in queries {
        writer.write(query).expect("memory");
    }
    writer.finish().expect("memory")
}

fn read(bytes: &[u8]) -> Result<Vec<Query>, LkbError> {
    let mut reader = Reader::new("a.lkb", bytes)?;
    let mut queries = Vec::new();
    let mut query = Query::new();
    while reader.read(&mut query)? {
        queries.push(query.clone());
    }
    Ok(queries)
}

fn any_queries() -> impl Strategy<Value = Vec<Query>> {
    (1usize..5).prop_flat_map(|tables| {
        let id = prop_oneof![3 => 0..9u32, 1 => any::<u32>()];
        let bag = prop_oneof![
            prop::collection::vec(id.clone(), 1),
            prop::collection::vec(id, 0..4)
        ];
        let query = prop::collection::vec(bag, tables).prop_map(|bags| bags.iter().collect());
        prop::collection::vec(query, 1..20)
    })
}

fn example() -> Vec<Query> {
    let bags = [vec![vec![1, 2], vec![]], vec![vec![300, 3], vec![]]];
    bags.iter().map(|query| query.iter().collect()).collect()
}

#[test]
fn many_blocks() {
    let queries: Vec<Query> = (0..200_000u32)
        .map(|id| [[id], [7]].iter().collect())
        .collect();
    let bytes = write(&queries);
    assert!(bytes.len() > 3 * (1 << 18));
    assert_eq!(read(&bytes).expect("well-formed"), queries);
}

#[test]
fn messages() {
    let good = write(&example());
    let message = |bytes: &[u8]| read(bytes).expect_err("malformed").to_string();
    assert_eq!(
        message(b"# text\n1\n"),
        "`a.lkb` is not a binary trace: it does not begin with the bytes 89 4c 4b 42; make one with \
         `golden_model trace convert`"
    );
    let mut other = good.clone();
    other[7] = 2;
    assert_eq!(
        message(&other),
        "the binary trace `a.lkb` has version 2, but this program reads version 1; convert its log \
         again"
    );
    assert_eq!(
        message(&good[..good.len() - 1]),
        "the binary trace `a.lkb` is cut off after 2 queries; fetch it or convert its log again"
    );
    let mut other = good.clone();
    // An id of the first query.
    other[7 + 1 + 4 + 4 + 8 + 8 + 3] ^= 8;
    assert_eq!(
        message(&other),
        "the binary trace `a.lkb` is damaged: its checksum is wrong; fetch it or convert its log again"
    );
    assert_eq!(
        message(&[&good[..], b"more"].concat()),
        "the binary trace `a.lkb` is damaged: bytes follow its end; fetch it or convert its log again"
    );
    assert_eq!(
        message(&write(&[])),
        "the binary trace `a.lkb` is damaged: it has no queries; fetch it or convert its log again"
    );
    let mut writer = Writer::new(Vec::new(), "#", 3).expect("memory");
    let error = writer.write(&example()[0]).expect_err("two tables");
    assert_eq!(error.to_string(), "a query of 2 tables in a trace of 3");
}

/// Copies a trace to a file of another format, as `trace convert` does.
fn convert(from: &std::path::Path, to: &std::path::Path) {
    let mut source = Source::open(from, &Options::default()).expect("a trace");
    let mut query = Query::new();
    assert!(source.read(&mut query).expect("well-formed"));
    let target = Target::new(to, false).expect("not there");
    let mut writer = target
        .create(source.header(), query.tables())
        .expect("writable");
    loop {
        writer.write(&query).expect("writable");
        if !source.read(&mut query).expect("well-formed") {
            break;
        }
    }
    writer.finish().expect("writable");
}

proptest! {
    #[test]
    fn written_queries_read_back(queries in any_queries()) {
        prop_assert_eq!(read(&write(&queries)).expect("well-formed"), queries);
    }

    #[test]
    fn text_to_binary_and_back(queries in any_queries()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [text, binary, again] = ["a.lk", "b.lkb", "c.lk"].map(|name| folder.path().join(name));
        let lines = queries.iter().map(|query| format!("{query}\n"));
        let content: String = std::iter::once("# a header | x\n".to_owned()).chain(lines).collect();
        std::fs::write(&text, &content).expect("writable");
        convert(&text, &binary);
        convert(&binary, &again);
        prop_assert_eq!(std::fs::read_to_string(&again).expect("there"), content);
    }

    #[test]
    fn cuts_and_flipped_bits_are_refused(
        queries in any_queries(), at in any::<prop::sample::Index>(), bit in 0..8u32
    ) {
        let good = write(&queries);
        let at = at.index(good.len());
        prop_assert!(read(&good[..at]).is_err());
        let mut flipped = good;
        flipped[at] ^= 1 << bit;
        prop_assert!(read(&flipped).is_err());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), keep in 0..60usize) {
        let mut start = write(&example());
        start.truncate(keep);
        start.extend(bytes);
        let _ = read(&start);
    }
}
