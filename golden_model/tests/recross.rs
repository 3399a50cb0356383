//! The `golden_model recross` commands as a user meets them.

use std::process::{Command, Output};

use serde_json::{Value, json};

/// Six queries over two tables of 3 and 32 rows; the last three are served.
const TRACE: &str = "# two tables\n0;30\n0;30,31\n1;30\n0;30,31\n2;30,30\n;\n";

fn golden_model(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(args)
        .output()
        .expect("runs")
}

/// `recross adc` on a trace of this text.
fn adc(text: &str, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.lk");
    std::fs::write(&path, text).expect("writable");
    let path = path.to_str().expect("UTF-8");
    golden_model(&[&["recross", "adc", "--trace", path], args].concat())
}

fn document(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// One line on standard error, exit 2, nothing on standard output.
fn refused(output: &Output, why: &str) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1 && message.contains(why),
        "{message}"
    );
}

/// By frequency joint rows 33 (id 30 of the second table), 0, 1 and 34 come first, then 2: all on
/// one tile.
#[test]
fn adc_by_frequency() {
    let json = document(&adc(TRACE, &["--config", "tiny", "--json"]));
    assert_eq!(json["counted"], 3);
    assert_eq!(json["queries"], 3);
    assert_eq!(json["lookups"], 6);
    // Rows 0, 33, 34 at once; rows 2, 33, then 33 again; nothing.
    assert_eq!(json["activations"], json!({"skip": 1, "read": 1, "mac": 2}));
    assert_eq!(json["histogram"], json!({"0": 1, "1": 1, "2": 1, "3": 1}));
    // 8 columns; 3 steps need 2 bits, 6 need 3, 9 need 4.
    assert_eq!(json["conversions"], 24);
    assert_eq!(json["conversions_by_mode"], json!({"read": 8, "mac": 16}));
    let by_resolution = json!({"2": 8, "3": 8, "4": 8});
    assert_eq!(json["conversions_by_resolution"], by_resolution);
    let near = |value: &Value, to: f64| {
        let value = value.as_f64().expect("a number");
        assert!((value / to - 1.0).abs() < 1e-9, "{value}, not {to}");
    };
    near(&json["adc_energy_pj"], 8.0 * (0.4 + 0.6 + 0.79));
    near(&json["adc_energy_fixed_pj"], 24.0 * 0.79);
    near(&json["ratio"], 3.0 * 0.79 / 1.79);
    near(&json["energy"]["flash"]["pj"], 8.0 * 0.0151 * 25.0);
    near(
        &json["energy"]["flash"]["fixed_pj_a_query"],
        8.0 * 0.0151 * 15.0,
    );
    // 3 accesses of 10 cycles; 4 columns of 2, 3 and 4 cycles.
    assert_eq!(json["array_cycles"], 30);
    assert_eq!(json["conversion_cycles"], 36);
    assert_eq!(json["access_cycles"], 10 + 12 + 16);
    let cycles = json["cycles"].as_u64().expect("a count");
    assert!(cycles > 36 && json["cycles_fixed"].as_u64().expect("a count") > cycles);
}

/// By id, row 33 is on the third tile.
#[test]
fn adc_in_plain_order() {
    let output = adc(TRACE, &["--config", "tiny", "--order", "plain", "--json"]);
    let json = document(&output);
    assert_eq!(json["order"], "plain");
    assert_eq!(json["histogram"], json!({"0": 1, "1": 4, "2": 1}));
    // The order of the work changes nothing but how accesses follow one another.
    let one = document(&adc(
        TRACE,
        &[
            "--config", "tiny", "--order", "plain", "--batch", "1", "--json",
        ],
    ));
    assert_eq!(one["histogram"], json["histogram"]);
    assert_eq!(one["adc_energy_pj"], json["adc_energy_pj"]);
}

/// A long run is as fast as its array or its conversions, whichever is slower, for either kind of
/// ADC; without switching nothing is saved. (In `tiny` some accesses are bound by one and some by the
/// other, so it is slower than either sum.)
#[test]
fn adc_in_steady_state() {
    let mut text = "#\n".to_owned();
    for query in 0..200 {
        text += &format!(
            "{},{};{}\n",
            query % 60,
            (query * 7 + 1) % 60,
            query * query % 50
        );
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sar64.toml");
    std::fs::write(&path, sar64()).expect("writable");
    for config in ["paper64", "isaac128", path.to_str().expect("UTF-8")] {
        let json = document(&adc(&text, &["--config", config, "--json"]));
        let slowdown = json["cycles_to_bound"].as_f64().expect("a number");
        assert!((1.0..1.05).contains(&slowdown), "{config}: {slowdown}");
    }
    let json = document(&adc(&text, &["--config", "fixed", "--json"]));
    assert_eq!(json["ratio"], 1.0);
    assert_eq!(json["cycles"], json["cycles_fixed"]);
}

/// `paper64` with SAR ADCs.
fn sar64() -> String {
    use contract::BlockConfig;
    let named = blocks::adc_switch::AdcSwitchConfig::named();
    let config = blocks::adc_switch::AdcSwitchConfig {
        adc: blocks::adc_switch::AdcKind::Sar,
        ..named[0].1.clone()
    };
    serde_json::to_value(config)
        .expect("a document")
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect()
}

#[test]
fn adc_table() {
    let output = adc(TRACE, &["--config", "tiny"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "configuration tiny: 16 x 8 cells of 2 bits, rows by frequency on the first 3 queries",
        "skip 1, read 1, mac 2: 1.00 activations with rows a query",
        "flash 1.0 1.8 1.80x",
        "default, not ReCross's",
        "FORMS",
        "ISAAC",
        "to be at most 1.05",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn a_single_query_without_rows() {
    let json = document(&adc("#\n;\n", &["--json"]));
    assert_eq!(json["activations"], json!({"skip": 1, "read": 0, "mac": 0}));
    assert_eq!(json["conversions"], 0);
    assert_eq!(json["ratio"], 1.0);
}

#[test]
fn traces_that_can_not_be_read() {
    let trace = |path: &str| golden_model(&["recross", "adc", "--trace", path]);
    refused(&trace("no/such/file.lk"), "no/such/file.lk");
    refused(&trace("."), "not a regular file");
    refused(&adc("#\n0\nx\n", &[]), "a.lk:3: `x` is not an id");
    refused(&adc("#\n", &[]), "a.lk");
}

#[test]
fn configurations_that_do_not_exist() {
    refused(&adc(TRACE, &["--config", "tinny"]), "tinny");
    refused(&adc(TRACE, &["--config", "no/such.toml"]), "no/such.toml");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("c.toml");
    let config = |text: &str| {
        std::fs::write(&path, text).expect("writable");
        adc(TRACE, &["--config", path.to_str().expect("UTF-8")])
    };
    refused(&config("rows = \"many\"\n"), "c.toml");
    let odd = sar64().replace("rows = 64", "rows = 65");
    refused(&config(&odd), "65");
    assert!(config(&sar64()).status.success());
}

/// Copies of one row are all on one tile, and a sum of `tiny` holds 64.
#[test]
fn queries_that_overflow() {
    let query = |rows: usize| vec!["0"; rows].join(",");
    let trace = |rows| format!("#\n0\n0\n0\n{}\n", query(rows));
    let why = "query 4 wants 65 rows of one tile, but accumulators of 10 bits hold 64";
    refused(&adc(&trace(65), &["--config", "tiny"]), why);
    assert!(adc(&trace(64), &["--config", "tiny"]).status.success());
}

#[test]
fn arguments_that_mean_nothing() {
    for args in [
        &["--order", "random"][..],
        &["--batch", "0"],
        &["--trace"],
        &["--ordr", "plain"],
    ] {
        let output = adc(TRACE, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"error: "));
    }
    assert_eq!(golden_model(&["recross", "adc"]).status.code(), Some(2));
}

#[test]
fn errors_in_a_table_and_a_plot() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("e.svg");
    let plot = path.to_str().expect("UTF-8");
    let run = |args: &[&str]| {
        let common = ["recross", "error", "--config", "tiny", "--plot", plot];
        golden_model(&[&common[..], args].concat())
    };
    let json = document(&run(&["--json", "--seed", "5"]));
    assert_eq!(
        (&json["config"], &json["seed"]),
        (&"tiny".into(), &5.into())
    );
    let points = json["points"].as_array().expect("a list");
    // Two causes, three numbers of rows, six sigmas.
    assert_eq!(points.len(), 36);
    let exact = json!({"rms": 0.0, "worst": 0.0});
    for point in points {
        let ideal = point["sigma"] == 0.0;
        assert_eq!(point["switched"] == exact && ideal, ideal, "{point}");
    }
    assert_eq!(document(&run(&["--json", "--seed", "5"])), json);
    assert_ne!(document(&run(&["--json", "--seed", "6"])), json);

    let svg = std::fs::read_to_string(&path).expect("a plot");
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("conductance spread") && svg.contains("16 active rows"));
    let table = run(&[]);
    let table = String::from_utf8_lossy(&table.stdout);
    assert!(table.starts_with("configuration tiny, seed 1: 8 devices, 64 queries on each\n"));
    assert_eq!(table.lines().count(), 4 + 36);
}

#[test]
fn errors_that_can_not_be_shown() {
    let error = |args: &[&str]| golden_model(&[&["recross", "error"], args].concat());
    refused(&error(&["--config", "tinny"]), "tinny");
    let plot = ["--config", "tiny", "--plot", "no/such/folder/e.svg"];
    refused(&error(&plot), "cannot draw no/such/folder/e.svg");
    for args in [&["--seed", "x"][..], &["--seed", "-1"]] {
        assert_eq!(error(args).status.code(), Some(2));
    }
}
