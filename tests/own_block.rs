//! `examples/own_block` as its author would use it: a project outside the workspace, small, with
//! emission, lint, lock-step and area.

mod common;

use std::path::Path;

use common::{OwnBlock, folder};
use serde_json::Value;

/// Most lines of Rust and template together.
const LINES: usize = 200;
/// Cycles of lock-step of each configuration.
const CYCLES: &str = "100000";

/// The lines of all files below a folder.
fn lines(dir: &Path) -> usize {
    let entries = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => lines(&path),
            false => std::fs::read_to_string(&path).unwrap().lines().count(),
        })
        .sum()
}

#[test]
fn it_is_small() {
    let root = Path::new(common::ROOT).join("examples/own_block");
    let lines = lines(&root.join("src")) + lines(&root.join("templates"));
    println!("{lines} lines of Rust and template");
    assert!(lines <= LINES, "{lines} lines");
}

#[test]
fn it_has_every_command() {
    let (own, dir) = (OwnBlock::built(), folder("own_block/commands"));
    let text = own.succeeds(&dir, &["emit", "--config", "wide", "--out", "rtl"]);
    assert!(
        text.starts_with("rtl: 8 files of block pool, configuration wide"),
        "{text}"
    );
    assert!(dir.join("rtl/pool.core").exists());

    let found: Value = serde_json::from_str(&own.succeeds(&dir, &["lint", "--json"])).unwrap();
    assert_eq!(found["findings"], Value::Array(Vec::new()));
    assert_eq!(found["configs"].as_object().unwrap().len(), 4);

    let played = own.succeeds(&dir, &["lockstep", "--cycles", CYCLES, "--json"]);
    let played: Value = serde_json::from_str(&played).unwrap();
    let played = played.as_array().unwrap();
    assert_eq!(played.len(), 2);
    for document in played {
        let run = &document["runs"][0];
        assert_eq!(
            (&run["divergences"], run["cycles"].to_string().as_str()),
            (&0.into(), CYCLES)
        );
    }

    let area: Value = serde_json::from_str(&own.succeeds(&dir, &["area", "--json"])).unwrap();
    // A sum of four bytes and a bit.
    assert_eq!(
        (&area["block"], &area["flat"]["flops"]),
        (&"pool".into(), &33.into())
    );
    assert!(area["area_um2_45nm"].as_f64() > Some(100.0));
}

/// Saturation to the wrong side, in RTL edited by hand.
#[test]
fn a_seeded_bug_is_caught_shown_and_replayed() {
    let (own, dir) = (OwnBlock::built(), folder("own_block/bug"));
    own.succeeds(&dir, &["emit", "--out", "rtl"]);
    let file = dir.join("rtl/pool.sv");
    let text = std::fs::read_to_string(&file).unwrap();
    let edited = text.replace("{wide[Bits], {", "{wide[Bits-1], {");
    assert_ne!(text, edited);
    std::fs::write(&file, edited).unwrap();

    let run = |more: &[&str]| {
        let args = [&["lockstep", "pool", "--rtl", "rtl", "--json"], more].concat();
        let output = own.run(&dir, &args);
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{report}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let divergence = &document["runs"][0]["first_divergence"];
        assert_eq!(divergence["port"], "sum_data_o", "{report}");
        report
    };
    let report = run(&["--cycles", CYCLES]);
    assert!(
        report.starts_with("FAIL pool/random  config=small  seed=0x1"),
        "{report}"
    );
    assert!(report.contains("beats in, 1 beats out"), "{report}");
    let replay = report.split("--replay ").nth(1).unwrap().trim();
    run(&["--replay", replay]);
}

#[test]
fn mistakes_have_one_clear_line() {
    let (own, dir) = (OwnBlock::built(), folder("own_block/mistakes"));
    std::fs::write(dir.join("short.toml"), "lanes = 4\n").unwrap();
    std::fs::write(dir.join("odd.toml"), "lanes = 4\nbits = 8\nrows = 1\n").unwrap();
    for (args, expected) in [
        (
            &["emit", "--pool-lanes", "65"][..],
            "lanes = 65: too large; use 1 to 64",
        ),
        (
            &["emit", "--pool-bits", "1"],
            "bits = 1: too small; use 2 to 32",
        ),
        (
            &["emit", "--pool-bits", "x"],
            "bits = x: not a whole number; use 2 to 32",
        ),
        (
            &["emit", "--block", "pe"],
            "there is no block `pe`; use pool",
        ),
        (
            &["emit", "--frob"],
            "unexpected argument '--frob' found; see --help",
        ),
        (
            &["lint", "--block", "pe"],
            "there is no block `pe`; use pool",
        ),
        (
            &["area", "--block", "pe"],
            "there is no block `pe`; use pool",
        ),
        (&["bench", "pe"], "there is no block `pe`; use pool"),
        (&["lockstep", "pe"], "there is no block `pe`; use pool"),
        (
            &["lockstep", "pool", "--config", "short.toml"],
            "short.toml: `bits` is missing",
        ),
        (
            &["lockstep", "pool", "--config", "odd.toml"],
            "odd.toml: rows = 1: block pool has no",
        ),
        (
            &["lockstep", "pool", "--trace", "log.lk"],
            "unexpected argument '--trace' found; see --help",
        ),
    ] {
        let output = own.run(&dir, args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        let told = text.strip_prefix("error: ").unwrap_or_default();
        assert!(told.starts_with(expected), "{args:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{args:?}: {text}");
    }
}
