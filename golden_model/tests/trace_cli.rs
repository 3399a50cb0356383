//! `golden_model trace convert` and `generate` as a user meets them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use golden_model::trace::SplitMix64;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("writable");
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("there");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("there")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// Runs `golden_model trace` in the folder.
    fn trace(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_golden_model"))
            .arg("trace")
            .args(args)
            .current_dir(self.0.path())
            .output()
            .expect("runs")
    }

    fn works(&self, args: &[&str]) -> String {
        let output = self.trace(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && errors.is_empty(),
            "{args:?}: {errors}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn refused(&self, args: &[&str]) -> String {
        let output = self.trace(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    }

    fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.works(args)).expect("one document")
    }
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(path).expect("there")
}

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

#[test]
fn generated_traces() {
    let folder = Folder::new();
    folder.works(&[
        "generate",
        "--preset",
        "rm1",
        "--queries",
        "2048",
        "-o",
        "rm1.lkb",
    ]);
    let stats = folder.json(&["stats", "rm1.lkb", "--json"]);
    assert_eq!(stats["lookups"], 41 * 2048);
    let both = stats["mem_both"].as_f64().expect("a number");
    assert!((5.0..6.2).contains(&both), "{both}");

    let command = [
        "generate",
        "--tables",
        "1000,300000,7",
        "--queries",
        "50",
        "--seed",
        "5",
    ];
    folder.works(&[&command[..], &["-o", "a.lk"]].concat());
    folder.works(&[&command[..], &["-o", "b.lk"]].concat());
    folder.works(&[&command[..], &["-o", "c.lk", "--exponent", "0,0.5,1"]].concat());
    assert_eq!(read(folder.path("a.lk")), read(folder.path("b.lk")));
    assert_ne!(read(folder.path("a.lk")), read(folder.path("c.lk")));

    // The header holds all parameters.
    let text = String::from_utf8(read(folder.path("c.lk"))).expect("text");
    let header = text.lines().next().expect("a header");
    let json = header
        .strip_prefix("# golden_model trace generate ")
        .expect("parameters");
    folder.file("c.json", json);
    folder.works(&[
        "generate",
        "--config",
        "c.json",
        "--queries",
        "50",
        "-o",
        "d.lk",
    ]);
    assert_eq!(read(folder.path("c.lk")), read(folder.path("d.lk")));
}

#[test]
fn impossible_generators() {
    let folder = Folder::new();
    folder.file("bad.json", r#"{"tables": [5], "exponnt": 1.0}"#);
    let out = ["--queries", "5", "-o", "a.lk"];
    for (args, message) in [
        (
            &["--tables", "5", "--exponent", "9"][..],
            "error: `exponent` of the generator is 9, but must be 0 to 8\n",
        ),
        (
            &["--tables", "5,6,7", "--exponent", "1,1"],
            "error: `exponents` of the generator is for 2 tables, but must be for all 3 tables, or \
             empty\n",
        ),
        (
            &["--tables", "300000000"],
            "error: `tables` of the generator is 300000000 rows, but must be 1 to 268435456 rows \
             each\n",
        ),
        (
            &["--tables", "5", "--drift", "2"],
            "error: `drift` of the generator is 2, but must be 0 to 1\n",
        ),
    ] {
        assert_eq!(
            folder.refused(&[&["generate"], args, &out].concat()),
            message
        );
    }
    let message = folder.refused(&[&["generate", "--config", "bad.json"][..], &out].concat());
    assert!(
        message.contains("`bad.json` has no parameters of the generator: unknown field `exponnt`")
    );
    let message = folder.refused(&[&["generate", "--config", "no.json"][..], &out].concat());
    assert!(message.contains("cannot read the parameters `no.json`"));
    for args in [
        &[][..],
        &["--preset", "rm5"],
        &["--preset", "rm1", "--tables", "5"],
    ] {
        let output = folder.trace(&[&["generate"], args, &out].concat());
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(folder.names(), ["bad.json"]);
}

#[test]
fn drift_moves_the_top_rows() {
    let folder = Folder::new();
    let stays = |drift: &str, name: &str| {
        let base = [
            "generate",
            "--tables",
            "5000",
            "--co-occurrence",
            "0",
            "--exponent",
            "1.2",
        ];
        let more = [
            "--queries",
            "80000",
            "--drift-queries",
            "80000",
            "--drift",
            drift,
            "-o",
            name,
        ];
        folder.works(&[&base[..], &more].concat());
        let stats = folder.json(&["stats", name, "--json"]);
        stats["top1_overlap"].as_f64().expect("a number")
    };
    let (still, slow, fast) = (
        stays("0", "a.lkb"),
        stays("0.002", "b.lkb"),
        stays("0.1", "c.lkb"),
    );
    assert!(
        still > 0.8 && (0.2..0.7).contains(&slow) && fast < 0.1,
        "{still} {slow} {fast}"
    );
}

#[test]
fn a_fitted_generator_imitates_its_trace() {
    let folder = Folder::new();
    let tables = "20000,3000,400,50,9,20000,3000,400,50,9";
    let base = [
        "generate",
        "--tables",
        tables,
        "--exponent",
        "0.8",
        "--templates",
        "1024",
    ];
    let more = ["--co-occurrence", "0.6", "--queries", "4096", "-o", "a.lkb"];
    folder.works(&[&base[..], &more].concat());
    let fit = ["fit", "a.lkb", "--batch", "512"];
    let fitted = folder.json(&[&fit[..], &["--json", "-o", "fit.json"]].concat());
    for figure in ["mem_both", "comp_all"] {
        let [trace, generator] =
            ["trace", "generator"].map(|side| fitted[side][figure].as_f64().expect("a number"));
        assert!(
            (generator / trace - 1.0).abs() < 0.03,
            "{figure} {trace} {generator}"
        );
    }
    let written: serde_json::Value =
        serde_json::from_slice(&read(folder.path("fit.json"))).expect("one document");
    assert_eq!(written, fitted["config"]);
    folder.works(&[
        "generate",
        "--config",
        "fit.json",
        "--queries",
        "512",
        "-o",
        "b.lkb",
    ]);
    let message = folder.refused(&[&fit[..], &["-o", "fit.json"]].concat());
    assert_eq!(
        message,
        "error: `fit.json` exists; give another name, or --force to replace it\n"
    );
}

#[test]
fn a_trace_without_look_ups_can_be_fitted() {
    let folder = Folder::new();
    folder.file("a.lk", "#\n;\n;3\n");
    let text = folder.works(&["fit", "a.lk"]);
    assert!(text.contains("\"bags\":[[0,0],[0,1]]"), "{text}");
    folder.file("b.lk", "#\n;\n;\n");
    assert!(
        folder
            .works(&["fit", "b.lk"])
            .contains("memory, both directions              -")
    );
}

#[test]
fn reuse_histograms() {
    let folder = Folder::new();
    let steps = [
        (0, 1, 0.5),
        (1, 2, 0.2),
        (2, 4, 0.1),
        (4, 8, 0.1),
        (8, 16, 0.05),
        (16, 32, 0.05),
    ];
    let steps = steps
        .map(|(from, to, part)| format!("({from}, {to}]: {part}\n"))
        .concat();
    let text = format!(
        "x_t10_bs1000.pt\nAvg # of indices: 100000\nAvg # of unique cols: 20000\nHistogram of col sizes:\n{steps}"
    );
    folder.file("reuse.txt", text);
    let fitted = folder.json(&["fit-reuse", "reuse.txt", "--tables", "3", "--json"]);
    let once = fitted["steps"][0][2].as_f64().expect("a number");
    assert!((once - 0.5).abs() < 0.01, "{once}");
    folder.file("fit.json", fitted["config"].to_string());
    folder.works(&[
        "generate",
        "--config",
        "fit.json",
        "--queries",
        "100",
        "-o",
        "a.lkb",
    ]);
    assert_eq!(
        folder.refused(&["fit-reuse", "reuse.txt", "--part", "2"]),
        "error: --part 2: `reuse.txt` has parts 1 to 1\n"
    );
    folder.file("bad.txt", "what\n");
    let message = folder.refused(&["fit-reuse", "bad.txt"]);
    assert!(
        message.starts_with("error: bad.txt: no line ends in .pt (expected are"),
        "{message}"
    );
}
