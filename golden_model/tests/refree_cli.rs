//! `golden_model refree` as a user meets it.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golden_model"));
    command.arg("refree").args(args);
    command
}

fn refree(args: &[&str]) -> Output {
    command(args).output().expect("runs")
}

/// Two tables, 64 queries.
fn log(dir: &Path) -> String {
    let queries = (0..64).map(|q| format!("{};{},{}\n", q % 9, q % 4, q % 5));
    let text = std::iter::once("# log\n".to_owned()).chain(queries);
    let path = dir.join("log.lk");
    std::fs::write(&path, text.collect::<String>()).expect("writable");
    path.display().to_string()
}

#[test]
fn a_trace_gives_all_figures_as_json_and_as_a_page() {
    let dir = tempfile::tempdir().expect("a folder");
    let (log, page) = (log(dir.path()), dir.path().join("report"));
    let page_name = page.display().to_string();
    let args = ["--models", "", "--trace", &log, "--batch", "32", "--json"];
    let output = refree(&[&args[..], &["--report", &page_name]].concat());
    assert!(output.status.success(), "{output:?}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let figures = &json["workloads"][0];
    assert_eq!(figures["batches"], 2);
    assert_eq!(figures["systems"].as_array().map(Vec::len), Some(8));
    let names: Vec<_> = json["tables"]
        .as_array()
        .expect("tables")
        .iter()
        .map(|table| table["figure"].as_str().unwrap_or(""))
        .collect();
    for figure in ["figure 6", "figure 7", "figure 8", "figure 9"] {
        assert!(names.contains(&figure), "{names:?}");
    }
    let html = std::fs::read_to_string(page.join("refree.html")).expect("a page");
    assert!(html.contains("<svg") && html.ends_with("</html>\n"));
    for part in ["section 5.4", "beyond the paper, log"] {
        assert!(html.contains(part), "{part}");
    }
}

/// Small PEs, too, can be made as wide as the sweep makes them.
#[test]
fn any_pe_can_be_swept() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = log(dir.path());
    let args = [
        "--models",
        "",
        "--trace",
        &log,
        "--batch",
        "8",
        "--batches",
        "1",
    ];
    let output = refree(&[&args[..], &["--dim", "64", "--pe", "tiny", "--sweep"]].concat());
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1024 bits"));
}

#[test]
fn mistakes_are_told_in_one_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = log(dir.path());
    let empty = dir.path().join("empty.lk");
    std::fs::write(&empty, "# log\n;\n;\n").expect("writable");
    let empty = empty.display().to_string();
    let area = dir.path().join("area.json");
    std::fs::write(&area, "{\"block\": \"pe\"}").expect("writable");
    let area = area.display().to_string();
    for (args, told) in [
        (
            vec!["--models", "5"],
            "--models: 5 is not a model; use some of 1,2,3,4",
        ),
        (
            vec!["--models", ""],
            "nothing to run: name some of --models",
        ),
        (
            vec!["--trace", &log, "--dim", "20"],
            "--dim is 20, but a row must be whole lines",
        ),
        (
            vec!["--pe", "int8"],
            "configuration int8: a training step needs update hardware",
        ),
        (vec!["--pe", "match"], "tracker = rename"),
        (vec!["--area", &area], "missing field"),
        (vec!["--trace", "no.lk"], "no.lk"),
        (
            vec!["--models", "", "--trace", &empty],
            "its queries look nothing up",
        ),
        (vec!["--models", "1", "--batches", "0"], "--batches"),
        (vec!["--models", "1", "--batches", "1001"], "1 to 1000"),
        (
            vec!["--models", "1", "--batch", "4294967295"],
            "1 to 1048576",
        ),
        (vec!["--models", "1", "--ratio", "1000000"], "1 to 1000"),
        (
            vec!["--models", "", "--trace", &log, "--report", &log],
            "--report",
        ),
    ] {
        let output = refree(&args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?} {text}");
        assert!(text.contains(told), "{args:?} {text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_run_that_is_killed_leaves_no_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let name = dir.path().display().to_string();
    let mut child = command(&["--batches", "64", "--report", &name])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    std::thread::sleep(Duration::from_millis(300));
    child.kill().expect("still runs");
    child.wait().expect("ends");
    assert_eq!(std::fs::read_dir(dir.path()).expect("there").count(), 0);
}
