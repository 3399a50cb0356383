//! The `lockstep` command as its users see it: exit codes, the JSON document, every mistake's
//! message.

mod common;

use std::process::{Command, Output};

use blocks::pe::PeConfig;
use serde_json::Value;
use tempfile::TempDir;

use common::{trace, two_tables};

fn embertl(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_embertl"));
    command.args(args).env(
        "EMBERTL_CACHE",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"),
    );
    command.output().unwrap()
}

#[test]
fn a_tool_that_is_missing_is_named() {
    let run = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_embertl"));
        command
            .args(["lockstep", "pe", "--config", "tiny", "--cycles", "10"])
            .env(name, value);
        let out = command.output().unwrap();
        assert_eq!(out.status.code(), Some(2));
        String::from_utf8(out.stderr).unwrap()
    };
    let text = run("VERILATOR", "/nowhere/verilator");
    assert!(
        text.contains("Verilator was not found as `/nowhere/verilator`"),
        "{text}"
    );
    assert!(text.contains("apt install verilator"), "{text}");
    let text = run("CXX", "/nowhere/g++");
    assert!(
        text.contains("C++ compiler `/nowhere/g++` can't be run"),
        "{text}"
    );
}

#[test]
fn a_trace_gives_one_json_document() {
    let dir = TempDir::new().unwrap();
    let good = trace(dir.path(), 30, two_tables);
    let out = embertl(&[
        "lockstep", "pe", "--trace", &good, "--mode", "all", "--json",
    ]);
    assert_eq!(
        out.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&document),
        ["block", "config", "seed", "cycles_per_second", "runs"]
    );
    let runs = document["runs"].as_array().unwrap();
    let modes: Vec<&str> = runs
        .iter()
        .map(|run| run["mode"].as_str().unwrap())
        .collect();
    assert_eq!(modes, ["forward", "backward", "update"]);
    for run in runs {
        assert_eq!(
            keys(run),
            [
                "mode",
                "batch",
                "tiles",
                "cycles",
                "divergences",
                "additions",
                "shares",
                "binding_cycles",
                "first_divergence"
            ]
        );
        assert_eq!(run["divergences"], 0);
        assert_eq!(run["first_divergence"], Value::Null);
        assert!(run["cycles"].as_u64() >= run["binding_cycles"].as_u64());
    }
    // 30 queries of two look-ups; the 21 different pairs share all but one addition each.
    assert_eq!(runs[0]["additions"], 21);
}

/// 30 queries of two look-ups on 10 rows: all on one tile, in one access each.
#[test]
fn a_trace_drives_the_adc_switch_controller() {
    let dir = TempDir::new().unwrap();
    let good = trace(dir.path(), 30, two_tables);
    let out = embertl(&[
        "lockstep",
        "adc_switch",
        "--config",
        "tiny",
        "--trace",
        &good,
        "--json",
    ]);
    let text = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{text}");
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let runs = document["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    for (run, mode) in runs.iter().zip(["plain", "frequency"]) {
        assert_eq!(run["mode"], mode);
        assert_eq!((&run["tiles"], &run["divergences"]), (&1.into(), &0.into()));
        assert_eq!(run["mac_activations"], 30);
        assert_eq!(run["read_activations"], 0);
        // Two rows need 3 of 4 bits of each of 8 columns.
        assert_eq!(run["accesses"], 30);
        assert_eq!(run["conversion_work"], 30 * 8 * 3);
        assert_eq!(run["conversion_work_full"], 30 * 8 * 4);
    }
}

/// 30 queries of two look-ups on 10 rows, of which four share a prefix.
#[test]
fn a_trace_drives_the_tensor_train_core() {
    let dir = TempDir::new().unwrap();
    let good = trace(dir.path(), 30, two_tables);
    let out = embertl(&[
        "lockstep", "tt_core", "--config", "tiny", "--trace", &good, "--json",
    ]);
    let text = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{text}");
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let runs = document["runs"].as_array().unwrap();
    let modes: Vec<&Value> = runs.iter().map(|run| &run["mode"]).collect();
    assert_eq!(
        modes,
        ["rows", "rows-scattered", "pooled", "pooled-scattered"]
    );
    for run in runs {
        assert_eq!((&run["rows"], &run["divergences"]), (&60.into(), &0.into()));
        // A last stage of 4 steps, and a first one of as many for each product.
        let products = run["prefix_products"].as_u64().unwrap();
        assert_eq!(run["hits"], 60 - products);
        assert_eq!(run["stage_cycles"], serde_json::json!([4 * products, 240]));
        assert_eq!(run["binding_cycles"], 240);
        let cycles = run["cycles"].as_u64().unwrap() as f64;
        let near = |name: &str, value: f64| (run[name].as_f64().unwrap() - value).abs() < 1e-9;
        assert!(near("ratio", cycles / 240.0), "{run}");
        assert!(near("mac_utilisation", 240.0 / cycles), "{run}");
        assert_eq!(run["load_cycles"], 27);
    }
    assert_eq!(
        (&runs[0]["tiles"], &runs[2]["tiles"]),
        (&1.into(), &8.into())
    );
    assert_eq!(runs[0]["prefix_products"], 3);
    for run in &runs[..2] {
        assert_eq!(run["prefix_products"], run["distinct_prefixes"]);
    }
}

#[test]
fn a_divergence_exits_with_1_and_can_be_replayed() {
    let dir = TempDir::new().unwrap();
    let rtl = dir.path().join("rtl");
    std::fs::create_dir(&rtl).unwrap();
    let request = contract::ConfigSpec {
        config: Some("tiny".to_owned()),
        ..Default::default()
    };
    let named = contract::load::<PeConfig>(&request).unwrap();
    for file in hdl_gen::emit(&named.name, &named.config).unwrap().sources() {
        std::fs::write(rtl.join(&file.path), &file.text).unwrap();
    }
    let file = rtl.join("pe_control.sv");
    let text = std::fs::read_to_string(&file).unwrap();
    let broken = text.replacen(
        "assign busy_o      = state_q != StIdle;",
        "assign busy_o      = run_o;",
        1,
    );
    assert_ne!(text, broken);
    std::fs::write(&file, broken).unwrap();
    let rtl = rtl.display().to_string();
    let common = [
        "lockstep", "pe", "--config", "tiny", "--rtl", &rtl, "--json",
    ];
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_embertl"));
        command.args(common).args(more).current_dir(dir.path());
        command.env(
            "EMBERTL_CACHE",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"),
        );
        let out = command.output().unwrap();
        assert_eq!(
            out.status.code(),
            Some(1),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        let document: Value = serde_json::from_slice(&out.stdout).unwrap();
        (document, String::from_utf8(out.stderr).unwrap())
    };
    let (document, report) = run(&["--cycles", "5000"]);
    let divergence = &document["runs"][0]["first_divergence"];
    assert_eq!(divergence["cycle"], 0);
    assert_eq!(divergence["port"], "busy_o");
    assert_eq!(
        (&divergence["rtl"], &divergence["model"]),
        (&"0x0".into(), &"0x1".into())
    );
    assert!(
        report.starts_with("FAIL pe/random  config=tiny  seed=0x1"),
        "{report}"
    );
    assert!(report.lines().count() <= 25, "{report}");
    let replay = report.split("--replay ").nth(1).unwrap().trim();
    assert!(dir.path().join(replay).is_file(), "{replay}");
    let (document, _) = run(&["--replay", replay]);
    assert_eq!(document["runs"][0]["first_divergence"]["port"], "busy_o");
}
