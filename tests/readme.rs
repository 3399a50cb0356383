//! Every command of the README is one that works.

mod common;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{OwnBlock, ROOT, folder, trace, two_tables};

/// The README's name for a log of the reader's own, which the test replaces by one of its own.
const LOG: &str = "criteo_kaggle_7200.lk";

/// The indented lines of the README that are commands, without their comments.
fn commands() -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| {
            ["make ", "cargo ", "cd "]
                .iter()
                .any(|word| line.starts_with(word))
        })
        .map(|line| {
            line.split(" #")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn commands_work() {
    let dir = folder("readme");
    std::fs::rename(trace(&dir, 40, two_tables), dir.join(LOG)).unwrap();
    // A raw log in Criteo's format.
    let line = |query: u32| {
        format!(
            "0{}{}\n",
            "\t1".repeat(13),
            format!("\t{query:08x}").repeat(26)
        )
    };
    std::fs::write(dir.join("train.txt"), (0..9).map(line).collect::<String>()).unwrap();

    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    let mut root = true;
    for command in &commands {
        let mut run = match command.split_once(' ') {
            // The targets themselves are what runs this test, or take minutes: they must exist.
            Some(("make", target)) => {
                let mut make = Command::new("make");
                make.args(["--dry-run", "--directory", ROOT, target]);
                make
            }
            Some(("cd", below)) => {
                assert_eq!(below, "examples/own_block");
                root = false;
                continue;
            }
            Some((_, rest)) => {
                let (cargo, arguments) = rest.split_once("-- ").expect("a program's arguments");
                let mut run = Command::new(match root {
                    true => built(cargo),
                    false => OwnBlock::built().program.clone(),
                });
                run.args(arguments.split_whitespace().map(|word| inside(&dir, word)));
                run
            }
            None => unreachable!("commands have arguments"),
        };
        let output = run.current_dir(&dir).output().unwrap();
        assert!(
            output.status.success(),
            "{command}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(dir.join("generated/paper/pe.sv").exists());
}

/// The program that these words after `cargo` run; a test of the workspace has built them all.
fn built(cargo: &str) -> PathBuf {
    let name = cargo
        .split_once("-p ")
        .map_or("embertl", |(_, package)| package.trim());
    let path = Path::new(env!("CARGO_BIN_EXE_embertl")).with_file_name(name);
    assert!(
        path.exists(),
        "{name} is not built: test the whole workspace"
    );
    path
}

/// Folders elsewhere become folders of the test, files of the repository are found from there.
fn inside(dir: &Path, word: &str) -> String {
    match word.strip_prefix("/tmp/") {
        Some(name) => dir.join(name).display().to_string(),
        None if word.starts_with("golden_model/") => {
            Path::new(ROOT).join(word).display().to_string()
        }
        None => word.to_owned(),
    }
}

/// What the README shows of the example is in it, line for line.
#[test]
fn excerpts_are_real() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let example = Path::new(ROOT).join("examples/own_block");
    let files = [
        "src/config.rs",
        "src/model.rs",
        "src/main.rs",
        "templates/pool.sv",
    ];
    let sources = files.map(|file| std::fs::read_to_string(example.join(file)).unwrap());
    let known: HashSet<&str> = sources
        .iter()
        .flat_map(|s| s.lines())
        .map(str::trim)
        .collect();
    let mut shown = 0;
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```rust" | "```systemverilog" => inside = true,
            "```" => inside = false,
            line if inside => {
                shown += 1;
                assert!(known.contains(line.trim()), "not in the example: {line}");
            }
            _ => {}
        }
    }
    assert!(shown > 10, "{shown} lines");
}
