//! What users read, as reviewed pairs of command and output: each `tests/transcripts/*.txt` is one
//! session of a shell in an empty folder. A line `$ command` is run, the lines below it are what it
//! must print (standard output and standard error as they come), a last line `[exit N]` its exit code
//! if that is not 0. `UPDATE=1 cargo test --test transcripts` writes them anew, to be reviewed.

mod common;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// What stands for a number that is another one in each run.
const VARIES: &str = "N";
/// What is said behind such a number.
const SPEEDS: [&str; 2] = [" lock-step cycles per second", " queries a second"];
/// The key of such a number.
const KEY: &str = "\"cycles_per_second\":";

/// What is run in `dir`, and what it prints with its exit code.
fn played(dir: &Path, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_embertl"));
    let path = std::env::var("PATH").unwrap_or_default();
    let folder = program.parent().unwrap().display();
    let output = Command::new("bash")
        // One stream, in the order of writing.
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .env("PATH", format!("{folder}:{path}"))
        .env("ROOT", common::ROOT)
        .env_remove("CARGO")
        .env_remove("CARGO_MANIFEST_DIR")
        .current_dir(dir)
        .output()
        .expect("bash runs");
    let mut text = masked(&String::from_utf8_lossy(&output.stdout), dir);
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(text, "[exit {code}]").unwrap(),
        None => writeln!(text, "[killed]").unwrap(),
    }
    text
}

/// Without what differs from run to run or from machine to machine.
fn masked(text: &str, dir: &Path) -> String {
    let text = text
        .replace(&dir.display().to_string(), "DIR")
        .replace(common::ROOT, "ROOT");
    let lines = text.lines().map(|line| {
        let mut line = line.to_owned();
        for speed in SPEEDS {
            if let Some((before, rest)) = line.split_once(speed) {
                let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
                line = format!("{before}{VARIES}{speed}{rest}");
            }
        }
        match line.split_once(KEY) {
            Some((before, _)) => format!("{before}{KEY} {VARIES},\n"),
            None => line.trim_end().to_owned() + "\n",
        }
    });
    lines.collect()
}

/// The session as it is when its commands are run now. Lines before the first command are kept.
fn again(session: &str, dir: &Path) -> String {
    let mut text = String::new();
    let mut begun = false;
    for line in session.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            begun = true;
            write!(text, "{line}\n{}", played(dir, command)).unwrap();
        } else if !begun {
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

#[test]
fn every_session_prints_what_it_says() {
    let folder = Path::new(common::ROOT).join("tests/transcripts");
    let entries = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.collect();
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    let mut wrong = String::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let session = std::fs::read_to_string(&file).unwrap();
        let now = again(&session, &common::folder(&format!("transcripts/{name}")));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &now).unwrap();
        } else if now != session {
            let lines = session.lines().zip(now.lines());
            let at = lines.take_while(|(old, new)| old == new).count();
            let line = |text: &str| text.lines().nth(at).unwrap_or("(its end)").to_owned();
            let (old, new) = (line(&session), line(&now));
            writeln!(wrong, "{name}.txt, line {}:\n- {old}\n+ {new}", at + 1).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
