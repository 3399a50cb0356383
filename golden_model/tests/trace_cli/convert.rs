//! `convert`, and raw logs and binary files in `stats`.

use contract::SplitMix64;

use crate::folder::{Folder, read};

/// A log in Criteo's format: skewed values, some of them missing.
fn criteo(lines: u32) -> String {
    let mut rng = SplitMix64::new(1);
    let mut text = String::new();
    for _ in 0..lines {
        text += "0\t1\t\t-1";
        text += &"\t7".repeat(10);
        for table in 0..26 {
            let rows = 10u64 << (table % 16);
            let value = rng.below(rows).min(rng.below(rows)).min(rng.below(rows));
            text += &match value {
                3 => "\t".to_owned(),
                _ => format!("\t{:08x}", (value as u32 + 1).wrapping_mul(2_654_435_761)),
            };
        }
        text += "\n";
    }
    text
}

#[test]
fn a_large_raw_log() {
    let folder = Folder::new();
    folder.file("train.txt", criteo(100_000));
    let output = folder.works(&["convert", "train.txt", "-o", "a.lkb"]);
    assert!(
        output.starts_with("a.lkb: 100000 queries, 26 tables, 2600000 look-ups, "),
        "{output}"
    );
    folder.works(&["convert", "a.lkb", "-o", "a.lk"]);
    folder.works(&["convert", "a.lk", "-o", "b.lkb"]);
    assert_eq!(read(folder.path("a.lkb")), read(folder.path("b.lkb")));
    let stats = ["train.txt", "a.lkb", "a.lk"].map(|name| folder.json(&["stats", name, "--json"]));
    assert!(stats.iter().all(|one| *one == stats[0]));
    assert_eq!(stats[0]["batches"], 48);
    assert_eq!(folder.names(), ["a.lk", "a.lkb", "b.lkb", "train.txt"]);
}

#[test]
fn bad_lines_are_refused_or_left_out() {
    let folder = Folder::new();
    let mut lines: Vec<String> = criteo(30).lines().map(str::to_owned).collect();
    lines[4] = "what".to_owned();
    let at = lines[9].rfind('\t').expect("columns");
    lines[9].replace_range(at.., "\txyz");
    let short = lines[20].len() - 12;
    lines[20].truncate(short);
    folder.file("a.tsv", lines.join("\n"));

    assert_eq!(
        folder.refused(&["convert", "a.tsv", "-o", "a.lk"]),
        "error: a.tsv:5: `what` has 1 columns, but a line has 40 separated by tabs (label, 13 integer \
         features, 26 categorical features); mend or delete it, or leave such lines out with \
         --on-error skip\n"
    );
    assert_eq!(folder.names(), ["a.tsv"], "nothing half-written");

    let warning = "warning: a.tsv: 3 lines left out: 2 with a wrong number of columns (first: line \
                   5), 1 with a field that is not hexadecimal (first: line 10)\n";
    for args in [
        &["convert", "a.tsv", "-o", "a.lk", "--on-error", "skip"][..],
        &["stats", "a.tsv", "--on-error", "skip", "--json"],
    ] {
        let output = folder.trace(args);
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), warning);
    }
    assert_eq!(folder.json(&["stats", "a.lk", "--json"])["queries"], 27);
    let message = folder.refused(&["stats", "a.lk", "--format", "criteo"]);
    assert!(message.contains("a.lk:1: `# Criteo"), "{message}");
}

#[test]
fn files_are_not_replaced_by_accident() {
    let folder = Folder::new();
    folder.file("a.lk", "# old\n1;2\n");
    folder.file("b.lkb", "precious");
    let exists = "error: `b.lkb` exists; give another name, or --force to replace it\n";
    assert_eq!(folder.refused(&["convert", "a.lk", "-o", "b.lkb"]), exists);
    let generate = ["generate", "--tables", "9", "--queries", "3", "-o", "b.lkb"];
    assert_eq!(folder.refused(&generate), exists);
    assert_eq!(read(folder.path("b.lkb")), b"precious");

    // A fault in the input leaves the old file.
    folder.file("bad.lk", "# new\n1;2\n3\n");
    folder.refused(&["convert", "bad.lk", "-o", "b.lkb", "--force"]);
    assert_eq!(read(folder.path("b.lkb")), b"precious");
    folder.works(&["convert", "a.lk", "-o", "b.lkb", "--force"]);
    // Onto itself.
    folder.works(&["convert", "b.lkb", "-o", "a.lk", "--force"]);
    assert_eq!(read(folder.path("a.lk")), b"# old\n1;2\n");

    assert_eq!(
        folder.refused(&["convert", "a.lk", "-o", "a.csv"]),
        "error: cannot tell the format of `a.csv`: the file to write must end in .lk (text) or .lkb \
         (binary)\n"
    );
    assert_eq!(
        folder
            .refused(&["convert", "a.lk", "-o", "no/such/a.lkb"])
            .split(": ")
            .nth(1),
        Some("cannot write the trace `no/such/a.lkb`")
    );
    assert!(
        folder
            .refused(&["convert", "none", "-o", "c.lk"])
            .contains("cannot open the trace `none`")
    );
    assert_eq!(folder.names(), ["a.lk", "b.lkb", "bad.lk"]);
}

#[test]
fn a_cut_binary_file_is_refused() {
    let folder = Folder::new();
    folder.works(&[
        "generate",
        "--tables",
        "50,9",
        "--queries",
        "500",
        "-o",
        "a.lkb",
    ]);
    let bytes = read(folder.path("a.lkb"));
    folder.file("cut.lkb", &bytes[..bytes.len() / 2]);
    for command in [
        &["stats", "cut.lkb"][..],
        &["convert", "cut.lkb", "-o", "c.lk"],
    ] {
        assert_eq!(
            folder.refused(command),
            "error: the binary trace `cut.lkb` is cut off after 0 queries; fetch it or convert its log \
             again\n"
        );
    }
    assert_eq!(folder.names(), ["a.lkb", "cut.lkb"]);
}
