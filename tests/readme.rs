//! Every command of the README and of the guide is one that works.

mod common;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{OwnBlock, ROOT, folder, trace, two_tables};

/// The pages' name for a log of the reader's own, which the test replaces by one of its own.
const LOG: &str = "criteo_kaggle_7200.lk";

/// A page that shows commands: its path from the root, and its text.
type Page = (String, String);

/// The README and the pages of the guide, the README first.
fn pages() -> Vec<Page> {
    let guide = Path::new(ROOT).join("docs/guide");
    let mut names: Vec<String> = std::fs::read_dir(guide)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md"))
        .map(|name| format!("docs/guide/{name}"))
        .collect();
    names.sort();
    names.insert(0, "README.md".to_owned());
    names
        .into_iter()
        .map(|name| {
            let text = std::fs::read_to_string(Path::new(ROOT).join(&name)).unwrap();
            (name, text)
        })
        .collect()
}

/// The commands of a page, without their comments: its indented lines that are commands, and what
/// its tables quote as one.
fn commands(page: &str) -> Vec<String> {
    let quoted = |line: &'_ str| -> Vec<String> {
        let cells = line.split('`').skip(1).step_by(2);
        cells.map(str::to_owned).collect()
    };
    page.lines()
        .flat_map(|line| match line.strip_prefix("    ") {
            Some(command) => vec![command.split(" #").next().unwrap_or_default().to_owned()],
            None if line.starts_with('|') => quoted(line),
            None => Vec::new(),
        })
        .filter(|line| {
            ["make ", "cargo ", "cd "]
                .iter()
                .any(|word| line.starts_with(word))
        })
        .map(|line| line.trim().to_owned())
        .collect()
}

/// The targets of the links of a page, less those that lead out of the repository.
fn links(page: &str) -> Vec<&str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn the_readme_is_short_and_leads_to_every_page() {
    let pages = pages();
    let (_, readme) = &pages[0];
    assert!(readme.lines().count() < 150, "{}", readme.lines().count());
    for (name, text) in &pages {
        let folder = Path::new(ROOT).join(name).parent().unwrap().to_owned();
        for target in links(text) {
            assert!(folder.join(target).exists(), "{name}: no file {target}");
        }
    }
    for (name, _) in &pages[1..] {
        assert!(links(readme).contains(&name.as_str()), "no link to {name}");
    }
}

#[test]
fn commands_are_found() {
    let page = "text\n    make lint   # all\n    other\n| x | `cargo run -- lint` | `--rtl` |\n";
    assert_eq!(commands(page), ["make lint", "cargo run -- lint"]);
    for (name, text) in pages() {
        assert!(!commands(&text).is_empty(), "{name} shows no command");
    }
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

    // Each command runs once, in the order in which a reader of the pages comes to it.
    let mut seen = HashSet::new();
    for (page, text) in pages() {
        let mut root = true;
        for command in commands(&text) {
            if command == "cd examples/own_block" {
                root = false;
            } else if seen.insert((root, command.clone())) {
                runs(&dir, &page, &command, root);
            }
        }
    }
    assert!(seen.len() >= 30, "{seen:?}");
    assert!(dir.join("generated/paper/pe.sv").exists());
}

/// Runs a command of a page: from the root of the workspace, or in the example.
fn runs(dir: &Path, page: &str, command: &str, root: bool) {
    let mut run = match command.split_once(' ') {
        // The targets themselves are what runs this test, or take minutes: they must exist.
        Some(("make", target)) => {
            let mut make = Command::new("make");
            make.args(["--dry-run", "--directory", ROOT, target]);
            make
        }
        Some(("cargo", rest)) => {
            let (cargo, arguments) = rest.split_once("-- ").expect("a program's arguments");
            let mut run = Command::new(match root {
                true => built(cargo),
                false => OwnBlock::built().program.clone(),
            });
            run.args(arguments.split_whitespace().map(|word| inside(dir, word)));
            run
        }
        _ => panic!("{page}: {command}"),
    };
    let output = run.current_dir(dir).output().unwrap();
    assert!(
        output.status.success(),
        "{page}: {command}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
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

/// What the guide shows of the example is in it, line for line.
#[test]
fn excerpts_are_real() {
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
    let pages = pages();
    for line in pages.iter().flat_map(|(_, text)| text.lines()) {
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
