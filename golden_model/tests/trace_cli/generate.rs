//! `generate`, `fit` and `fit-reuse`.

use crate::folder::{Folder, read};

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
    let text = folder.works(&["fit", "b.lk"]);
    let memory = text.lines().find(|line| line.starts_with("memory, both"));
    let words: Vec<&str> = memory.unwrap_or("").split_whitespace().collect();
    assert_eq!(words, ["memory,", "both", "directions", "-", "-"], "{text}");
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
