//! `recross map`, `system`, `also` and `drift` as a user meets them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn golden_model(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(args)
        .output()
        .expect("runs")
}

/// One table, 200 rows, 240 queries with four rows each that recur together, one of them empty.
fn trace(folder: &Path) -> PathBuf {
    let mut text = String::from("# made for a test\n");
    for query in 0..240_u32 {
        let base = query * 7 % 50 * 4;
        let rows: Vec<String> = (base..base + 4).map(|row| row.to_string()).collect();
        text += &rows.join(",");
        text += "\n";
    }
    text += "\n";
    let path = folder.join("t.lk");
    std::fs::write(&path, text).expect("writable");
    path
}

fn recross(args: &[&str], trace: &Path) -> Output {
    let trace = trace.to_str().expect("UTF-8");
    golden_model(&[&["recross"], args, &["--trace", trace]].concat())
}

fn document(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("one document")
}

fn refused(output: &Output, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    assert!(message.starts_with("error: "), "{message}");
    for word in words {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn every_system_is_in_the_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = trace(folder.path());
    let run = || recross(&["system", "--json", "--batch", "64"], &trace);
    let (first, again) = (run(), run());
    assert_eq!(first.stdout, again.stdout, "same seed, same bytes");
    let json = document(&first);
    for key in [
        "train_split",
        "seed",
        "budget",
        "batch",
        "config",
        "chosen",
        "sources",
    ] {
        assert!(!json[key].is_null(), "{key}");
    }
    assert_eq!(json["empty_queries"], 1);
    let systems = json["systems"].as_array().expect("a list");
    let system = |name: &str| {
        let found = systems.iter().find(|system| system["name"] == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    for name in [
        "ours best paper_recipe nmars_matched_copies nmars_matched nmars_fixed naive_plain_fixed",
        "naive_hashed_fixed frequency_fixed aam aam_copies cpu no_grouping no_copies no_switching",
    ]
    .iter()
    .flat_map(|names| names.split(' '))
    {
        assert!(
            system(name)["ns_a_query"]
                .as_f64()
                .is_some_and(|ns| ns > 0.0)
        );
        assert!(
            system(name)["pj_a_query"]
                .as_f64()
                .is_some_and(|pj| pj > 0.0)
        );
        assert_eq!(system(name)["act_a_query"].is_null(), name == "cpu");
    }
    // Four rows that always come together: one activation, but for the empty query.
    let act = &system("no_copies")["act_a_query"];
    assert!(act.as_f64().is_some_and(|act| act < 1.2), "{act}");
    assert!(system("nmars_matched")["act_a_query"].as_f64() > Some(3.9));
}

#[test]
fn the_page_and_the_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = trace(folder.path());
    let pages = folder.path().join("pages");
    let pages = pages.to_str().expect("UTF-8");
    let output = recross(&["system", "--report", pages], &trace);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("split half, seed 1") && text.contains("3.97x in time"),
        "{text}"
    );
    let page = std::fs::read_to_string(folder.path().join("pages/recross.html")).expect("written");
    assert!(page.contains("<svg") && page.contains("nmars_matched_copies"));
}

/// A saved mapping is loaded as it was; what is wrong with one is said by file and row.
#[test]
fn saved_mappings() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = trace(folder.path());
    let path = folder.path().join("m.json");
    let file = path.to_str().expect("UTF-8");
    let map = document(&recross(&["map", "--json", "--save", file], &trace));
    assert_eq!(map["tiles"], 4);
    let no_copies = ["system", "--json", "--budget", "0"];
    let made = document(&recross(&no_copies, &trace));
    let loaded = document(&recross(
        &[&no_copies[..], &["--load", file]].concat(),
        &trace,
    ));
    assert_eq!(made["systems"][0], loaded["systems"][0]);
    let good: Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect("there")).expect("JSON");
    let broken = |change: &dyn Fn(&mut Value), words: &[&str]| {
        let mut json = good.clone();
        change(&mut json);
        std::fs::write(&path, json.to_string()).expect("writable");
        let output = recross(&["system", "--load", file], &trace);
        refused(&output, &[&["m.json"], words].concat());
    };
    let first = good["tiles"][0][0].clone();
    let row = format!("row {first}");
    broken(
        &|json| {
            json["tiles"][0].as_array_mut().expect("rows").remove(0);
        },
        &[&row, "on no tile"],
    );
    broken(
        &|json| json["tiles"][3][0] = first.clone(),
        &[&row, "again on tile 3"],
    );
    broken(&|json| json["hash"] = "0".into(), &["another trace"]);
    broken(
        &|json| {
            let tiles = json["tiles"].as_array_mut().expect("tiles");
            let more = tiles.remove(1);
            let more = more.as_array().expect("rows").clone();
            tiles[0].as_array_mut().expect("rows").extend(more);
        },
        &["row 65 of tile 0", "holds 64"],
    );
}

#[test]
fn derived_traces_and_windows() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = trace(folder.path());
    let derived = folder.path().join("also.lk");
    let file = derived.to_str().expect("UTF-8");
    let output = recross(&["also", "--output", file, "--queries", "50"], &trace);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = std::fs::read_to_string(&derived).expect("written");
    assert_eq!(text.lines().count(), 51);
    // With each row come the other three of its four.
    assert!(
        text.lines()
            .skip(1)
            .all(|line| line.split(',').count() == 3)
    );
    let json = document(&recross(&["drift", "--windows", "4", "--json"], &trace));
    assert_eq!(json["windows"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_cannot_be_done_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = trace(folder.path());
    for (args, words) in [
        (&["system", "--budget", "-1"][..], ["--budget", "0 to 4"]),
        (&["system", "--budget", "5"][..], ["--budget", "0 to 4"]),
        (&["system", "--batch", "0"][..], ["--batch", "0"]),
        (&["system", "--row-share", "2"][..], ["--row-share", "auto"]),
        (&["map", "--rows", "48"][..], ["--rows", "power of two"]),
        (&["drift", "--windows", "1"][..], ["--windows", "1"]),
        (&["drift", "--windows", "900"][..], ["--windows", "241"]),
    ] {
        refused(&recross(args, &trace), &words);
    }
    let short = folder.path().join("short.lk");
    std::fs::write(&short, "# one query\n0\n").expect("writable");
    refused(&recross(&["map"], &short), &["1 query", "at least 2"]);
}
