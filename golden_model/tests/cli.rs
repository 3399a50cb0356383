//! The `golden_model` command as a user meets it.

use std::path::PathBuf;
use std::process::{Command, Output};

const EXAMPLE: &str = "# worked example of the REFREE paper\n0,2,5\n2,5,6,1\n0,5,6\n2,5,6,3\n";

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.lk");
    std::fs::write(&path, text).expect("writable");
    (folder, path)
}

fn stats(text: &str, args: &[&str]) -> Output {
    let (_folder, path) = file(text);
    golden_model(&[&["trace", "stats", path.to_str().expect("UTF-8")], args].concat())
}

fn golden_model(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(args)
        .output()
        .expect("runs")
}

#[test]
fn json() {
    let output = stats(EXAMPLE, &["--json"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let direction = |reads, reads_unique, additions, additions_shared| {
        serde_json::json!({
            "reads": reads,
            "reads_unique": reads_unique,
            "additions": additions,
            "additions_shared": additions_shared,
        })
    };
    assert_eq!(
        json,
        serde_json::json!({
            "queries": 4,
            "lookups": 14,
            "batches": 1,
            "forward": direction(14, 6, 10, 7),
            "backward": direction(14, 4, 8, 5),
            "distinct_rows": 6,
            "unique_fraction": 6.0 / 14.0,
            "top1_share": 4.0 / 14.0,
            "top10_share": 4.0 / 14.0,
            "zipf_exponent": 0.672236,
            "top1_overlap": 0.0,
            "mem_forward": 14.0 / 6.0,
            "mem_both": 2.8,
            "comp_forward": 10.0 / 7.0,
            "comp_backward": 8.0 / 5.0,
            "comp_all": 1.5,
        })
    );
}

#[test]
fn table() {
    let output = stats(EXAMPLE, &[]);
    let expected = "\
1 batches of 4 queries: 4 queries, 14 look-ups

          reads  unique   ratio  additions  shared   ratio
forward      14       6  2.333x         10       7  1.429x
backward     14       4  3.500x          8       5  1.600x
both         28      10  2.800x         18      12  1.500x

distinct rows                6
unique rows of a batch  42.9 %  of its look-ups
on the top 1 %          28.6 %  of all look-ups
on the top 10 %         28.6 %  of all look-ups
Zipf exponent            0.672  most likely
top 1 % that stays       0.0 %  from the first to the last quarter
";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn full_batches_only() {
    let output = stats(EXAMPLE, &["--json", "--batch", "3"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(
        (&json["queries"], &json["lookups"], &json["batches"]),
        (&3.into(), &10.into(), &1.into())
    );
}

#[test]
fn a_batch_without_look_ups() {
    let output = stats("#\n;\n;\n", &[]);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout);
    let forward = text.lines().find(|line| line.starts_with("forward"));
    let words: Vec<&str> = forward.unwrap_or("").split_whitespace().collect();
    assert_eq!(words, ["forward", "0", "0", "-", "0", "0", "-"], "{text}");
}

#[test]
fn mistakes_exit_with_two_and_one_line() {
    let output = stats("#\n0;1\n0;x\n", &["--json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1,
        "{message}"
    );
    assert!(message.contains("a.lk:3: `x` is not an id"), "{message}");

    let output = golden_model(&["trace", "stats", "no/such/file.lk"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());

    for args in [
        &["--bath", "7"][..],
        &["--batch", "0"],
        &["--batch", "-1"],
        &["--batch", "many"],
    ] {
        let output = stats(EXAMPLE, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            output.stdout.is_empty() && output.stderr.starts_with(b"error: "),
            "{args:?}"
        );
    }
}
