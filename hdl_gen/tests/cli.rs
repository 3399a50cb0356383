//! The command line: what it prints, what it refuses and with which words.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs `hdl_gen` in the folder `dir`.
fn run(dir: &Path, args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_hdl_gen"))
        .current_dir(dir)
        .args(args)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs what must work, and returns standard output.
fn good(dir: &Path, args: &[&str]) -> String {
    let run = run(dir, args);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{args:?}");
    run.out
}

/// Runs what must be refused: exit code 2, one line on standard error, nothing on standard output
/// and nothing new in the folder. Returns the message without `error: `.
fn bad(dir: &Path, args: &[&str]) -> String {
    let before = names(dir);
    let run = run(dir, args);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
    assert_eq!(names(dir), before, "{args:?} left something behind");
    assert_eq!(run.err.lines().count(), 1, "{args:?}: {}", run.err);
    let message = run
        .err
        .strip_prefix("error: ")
        .and_then(|m| m.strip_suffix('\n'));
    message
        .unwrap_or_else(|| panic!("{args:?}: {}", run.err))
        .to_owned()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The paper's configuration as a file with one change.
fn config_file(dir: &Path, change: impl FnOnce(String) -> String) {
    let text = change(good(dir, &["--print-config"]));
    std::fs::write(dir.join("my.toml"), text).unwrap();
}

const WIDTHS: &str = "use a power of two from 32 to 1024";

#[test]
fn lists_are_bare_names() {
    let dir = folder();
    assert_eq!(
        good(dir.path(), &["--list-blocks"]),
        "pe\nadc_switch\ntt_core\n"
    );
    let configs = good(dir.path(), &["--block", "pe", "--list-configs"]);
    assert!(
        configs.starts_with("paper\ntiny\nwide\nbf16\nint8\n"),
        "{configs}"
    );
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_printed_configuration_can_be_loaded() {
    let dir = folder();
    for name in good(dir.path(), &["--list-configs"]).lines() {
        let text = good(dir.path(), &["--config", name, "--print-config"]);
        std::fs::write(dir.path().join("my.toml"), &text).unwrap();
        assert_eq!(
            good(dir.path(), &["--config", "my.toml", "--print-config"]),
            text
        );
    }
    let changed = good(
        dir.path(),
        &[
            "--pe-width",
            "256",
            "--pe-add-stages",
            "6",
            "--print-config",
        ],
    );
    assert!(changed.contains("\nwidth = 256\n") && changed.contains("\nadd_stages = 6\n"));
}

#[test]
fn a_slice_follows_the_width_unless_given() {
    let dir = folder();
    let slice = |args: &[&str]| {
        let text = good(dir.path(), &[args, &["--print-config"]].concat());
        let line = text.lines().find(|l| l.starts_with("slice_bytes")).unwrap();
        line.to_owned()
    };
    assert_eq!(slice(&["--pe-width", "1024"]), "slice_bytes = 128");
    assert_eq!(slice(&["--pe-width", "512"]), "slice_bytes = 64");
    assert_eq!(slice(&["--config", "tiny"]), "slice_bytes = 8");
    assert_eq!(
        slice(&["--pe-width", "64", "--pe-slice-bytes", "32"]),
        "slice_bytes = 32"
    );
}

#[test]
fn configurations_are_named_after_what_they_are() {
    let dir = folder();
    let line = good(dir.path(), &["--pe-width", "128"]);
    assert!(line.starts_with("generated/paper: "), "{line}");
    good(dir.path(), &["--pe-width", "256"]);
    good(
        dir.path(),
        &["--config", "tiny", "--pe-id-bits", "9", "--name", "mine"],
    );
    config_file(dir.path(), |text| {
        text.replace("id_bits = 32", "id_bits = 31")
    });
    good(dir.path(), &["--config", "my.toml"]);
    std::fs::rename(dir.path().join("my.toml"), dir.path().join("wide.toml")).unwrap();
    // As editors and mail ship it: with a byte-order mark and other line ends, or packed.
    let plain = std::fs::read_to_string(dir.path().join("wide.toml")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    std::io::Write::write_all(&mut packed, plain.as_bytes()).unwrap();
    std::fs::write(dir.path().join("wide.toml.gz"), packed.finish().unwrap()).unwrap();
    std::fs::write(
        dir.path().join("win.toml"),
        format!("\u{feff}{}", plain.replace('\n', "\r\n")),
    )
    .unwrap();
    std::fs::write(dir.path().join("mac.toml"), plain.replace('\n', "\r")).unwrap();
    let print = |file: &str| good(dir.path(), &["--config", file, "--print-config"]);
    for file in ["wide.toml.gz", "win.toml", "mac.toml"] {
        assert_eq!(print(file), print("wide.toml"), "{file}");
    }
    good(dir.path(), &["--config", "wide.toml.gz"]);
    good(dir.path(), &["--config", "wide.toml"]);
    good(dir.path(), &["--config", "wide.toml", "--pe-id-bits", "32"]);
    let made = names(&dir.path().join("generated"));
    assert_eq!(made.len(), 5, "{made:?}");
    for (name, start) in made.iter().zip(["mine", "my", "paper", "paper-", "wide-"]) {
        let hash = if start.ends_with('-') { 8 } else { 0 };
        assert!(
            name.starts_with(start) && name.len() == start.len() + hash,
            "{made:?}"
        );
    }
    let long = "x".repeat(65);
    for name in ["a b", "", "../up", "-x", long.as_str()] {
        assert_eq!(
            bad(dir.path(), &[&format!("--name={name}")]),
            format!(
                "configuration name `{name}`: only letters, digits, `_` and `-` are allowed, at \
                 most 64; choose one with --name"
            )
        );
    }
}

#[test]
fn refuses_wrong_flags() {
    let dir = folder();
    let bad = |args: &[&str]| bad(dir.path(), args);
    assert_eq!(
        bad(&["--pe-widht", "128"]),
        "unexpected argument '--pe-widht' found; a similar argument exists: '--pe-width'"
    );
    assert_eq!(
        bad(&["--frobnicate"]),
        "unexpected argument '--frobnicate' found; see --help"
    );
    assert_eq!(
        bad(&["paper"]),
        "unexpected argument 'paper' found; see --help"
    );
    assert_eq!(
        bad(&["--pe-width"]),
        "a value is required for '--pe-width <VALUE>' but none was supplied; see --help"
    );
    assert_eq!(
        bad(&["--pe-width", "64", "--pe-width", "128"]),
        "the argument '--pe-width <VALUE>' cannot be used multiple times; see --help"
    );
    assert_eq!(
        bad(&["--list-configs", "--print-config"]),
        "the argument '--list-configs' cannot be used with '--print-config'; see --help"
    );
    assert_eq!(
        bad(&["--block", "cpu"]),
        "there is no block `cpu`; use pe, adc_switch, tt_core"
    );
    assert!(
        bad(&["--config", "papre"])
            .starts_with("there is no configuration `papre` of block pe; use paper, tiny, ")
    );
}

#[test]
fn refuses_wrong_values() {
    let dir = folder();
    let bad = |args: &[&str]| bad(dir.path(), args);
    for (value, why) in [
        ("0", "too small"),
        ("-5", "out of range"),
        ("100", "not a multiple of the 32-bit lane"),
        ("96", "not a power of two"),
        ("4096", "too large"),
        ("4294967296", "out of range"),
        ("99999999999999999999999", "out of range"),
        ("abc", "not a whole number"),
        ("12.5", "not a whole number"),
        ("", "not a whole number"),
        ("0x80", "not a whole number"),
    ] {
        assert_eq!(
            bad(&["--pe-width", value]),
            format!("width = {value}: {why}; {WIDTHS}")
        );
    }
    assert_eq!(
        bad(&["--pe-element", "fp64"]),
        "element = fp64: not one of its values; use fp32, bf16, int8 or int32"
    );
    assert_eq!(
        bad(&["--config", "int8", "--pe-modes", "gnr_update"]),
        "modes = gnr_update: integer rows have no learning rate to be updated with; use gnr, or \
         element fp32 or bf16"
    );
    assert_eq!(
        bad(&["--pe-input-buffer-bytes", "32"]),
        "input_buffer_bytes = 32: too small; use a power of two from 64 to 1048576 (at least one \
         slice and 4 beats: 4 beats of 128 bits)"
    );
}

#[test]
fn refuses_files_that_are_no_configuration() {
    let dir = folder();
    let path = dir.path();
    let bad = || bad(path, &["--config", "my.toml"]);
    assert_eq!(bad(), "my.toml: No such file or directory (os error 2)");
    config_file(path, |text| text.replace("slots = 2048", "slots = 100"));
    assert_eq!(
        bad(),
        "my.toml: slots = 100: not a power of two; use a power of two from 4 to 65536"
    );
    config_file(path, |text| text.replace("slots = 2048", "slots = -1"));
    assert_eq!(
        bad(),
        "my.toml: slots = -1: out of range; use a power of two from 4 to 65536"
    );
    config_file(path, |text| {
        text.replace("slots = 2048", "slots = \"many\"")
    });
    assert_eq!(
        bad(),
        "my.toml: slots = many: not a whole number; use a power of two from 4 to 65536"
    );
    config_file(path, |text| {
        text.replace("element = \"fp32\"", "element = 32")
    });
    assert_eq!(
        bad(),
        "my.toml: element = 32: not a word in quotes; use fp32, bf16, int8 or int32"
    );
    config_file(path, |text| text.replace("slots = 2048\n", ""));
    assert_eq!(
        bad(),
        "my.toml: `slots` is missing: a configuration gives every parameter; add e.g. `slots = \
         2048`"
    );
    config_file(path, |text| text + "colour = \"red\"\n");
    assert!(bad().starts_with(
        "my.toml: colour = red: block pe has no such parameter; its parameters are width, "
    ));
    config_file(path, |text| text.replace("width = 128", "width = = 128"));
    assert!(bad().starts_with("my.toml: line 2: "), "{}", bad());
    config_file(path, |text| text + "width = 64\n");
    assert!(bad().contains("duplicate key"), "{}", bad());
    std::fs::write(path.join("my.toml"), [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(
        bad(),
        "my.toml: UTF-16 text, not a configuration; convert it with `iconv -f UTF-16 -t UTF-8`"
    );
    std::fs::write(path.join("my.toml"), " ".repeat((1 << 20) + 1)).unwrap();
    assert_eq!(bad(), "my.toml: too large for a configuration");
    std::fs::remove_file(path.join("my.toml")).unwrap();
    std::fs::create_dir(path.join("my.toml")).unwrap();
    assert_eq!(bad(), "my.toml: a folder, not a configuration; name a file");
}

/// Emits `tiny` into `out` below the folder.
const TINY: [&str; 4] = ["--config", "tiny", "--out", "out"];

#[test]
fn replaces_what_it_made_and_nothing_else() {
    let dir = folder();
    let out = dir.path().join("out");
    let refused = "choose another --out or move it away";

    // Anew, over an empty folder, over its own, and over its own of another configuration.
    good(dir.path(), &TINY);
    let made = names(&out);
    assert!(made.contains(&"pe.sv".to_owned()) && made.contains(&"synth".to_owned()));
    good(dir.path(), &TINY);
    assert_eq!(names(&out), made);
    good(dir.path(), &["--config", "wide", "--out", "out"]);
    assert!(
        std::fs::read_to_string(out.join("manifest.json"))
            .unwrap()
            .contains("\"wide\"")
    );
    assert_eq!(names(dir.path()), ["out"], "no work folder stays behind");
    std::fs::create_dir(dir.path().join("empty")).unwrap();
    good(dir.path(), &["--out", "empty"]);
    // A file that went missing is no reason to refuse.
    good(dir.path(), &TINY);
    std::fs::remove_file(out.join("pe.core")).unwrap();
    good(dir.path(), &TINY);

    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    assert_eq!(
        bad(dir.path(), &TINY),
        format!("`out` is not replaced: hdl_gen did not make `notes.txt` in it; {refused}")
    );
    std::fs::remove_file(out.join("notes.txt")).unwrap();
    std::fs::create_dir(out.join("synth/old")).unwrap();
    assert_eq!(
        bad(dir.path(), &TINY),
        format!("`out` is not replaced: hdl_gen did not make `synth/old` in it; {refused}")
    );
    std::fs::remove_dir(out.join("synth/old")).unwrap();
    std::fs::write(out.join("pe.sv"), "module pe; endmodule\n").unwrap();
    assert_eq!(
        bad(dir.path(), &TINY),
        format!("`out` is not replaced: `pe.sv` was edited since hdl_gen made it; {refused}")
    );
    assert_eq!(
        std::fs::read_to_string(out.join("pe.sv")).unwrap(),
        "module pe; endmodule\n"
    );
}

#[test]
fn never_replaces_a_folder_of_somebody_else() {
    let dir = folder();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let message = "`out` is not replaced: hdl_gen did not make `a.txt` in it; choose another --out or move \
         it away";
    std::fs::write(out.join("a.txt"), "mine").unwrap();
    assert_eq!(bad(dir.path(), &TINY), message);
    // A manifest of another tool, or one that is none, changes nothing.
    for manifest in [
        "{\"generator\": \"other\"}",
        "{\"generator\": \"hdl_gen\"}",
        "x",
    ] {
        std::fs::write(out.join("manifest.json"), manifest).unwrap();
        assert_eq!(bad(dir.path(), &TINY), message);
    }
    std::fs::write(
        out.join("manifest.json"),
        "{\"generator\": \"hdl_gen\", \"block\": \"cpu\", \"files\": []}",
    )
    .unwrap();
    assert_eq!(bad(dir.path(), &TINY), message);
    std::fs::remove_file(out.join("a.txt")).unwrap();
    assert_eq!(
        bad(dir.path(), &TINY),
        "`out` is not replaced: it holds block cpu, not pe; choose another --out"
    );
}

#[test]
fn refuses_places_that_cannot_be_written() {
    let dir = folder();
    std::fs::write(dir.path().join("out"), "a file").unwrap();
    assert_eq!(
        bad(dir.path(), &TINY),
        "cannot write `out`: not a directory"
    );
    assert_eq!(
        bad(dir.path(), &["--out", "out/below"]),
        "cannot write `out/below`: Not a directory (os error 20)"
    );
    assert_eq!(
        std::fs::read_to_string(dir.path().join("out")).unwrap(),
        "a file"
    );
}
