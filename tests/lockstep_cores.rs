//! A decomposed table in lock-step, end to end: a dense table in a file, its cores, real look-ups.

mod common;

use std::path::Path;
use std::process::Command;

use screc::{
    Target, TtShape, decompose, dense_table, random_cores, read_table, write_cores, write_rows,
};
use serde_json::Value;
use tempfile::TempDir;

use common::{embertl, trace, two_tables};

/// What configuration `tiny` takes.
const P: [usize; 3] = [3, 3, 4];
const Q: [usize; 3] = [2, 2, 2];
const RANKS: [usize; 2] = [2, 2];

/// A dense table of `rows` rows with some noise goes to a file, is read again and decomposed.
fn cores(dir: &Path, p: &[usize], rows: usize) -> String {
    let shape = TtShape::new(p, &Q, &RANKS).unwrap();
    let mut table = dense_table(&random_cores(shape, rows, 3).unwrap());
    for (at, element) in (0_u32..).zip(&mut table) {
        *element += 0.001 * ((at * 37 % 101) as f32 - 50.0) / 50.0;
    }
    let dense = dir.join("table.npy");
    write_rows(&dense, 8, &table).unwrap();
    let (table, rows, columns) = read_table(&dense).unwrap();
    assert_eq!(columns, 8);
    let target = Target {
        ranks: Some(RANKS.to_vec()),
        max_error: Some(0.01),
        max_share: 0.5,
    };
    let found = decompose(&table, rows, p, &Q, &target, |_| ()).unwrap();
    let path = dir.join("cores.npz");
    write_cores(&path, &found.cores).unwrap();
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_decomposed_table_takes_real_and_random_lookups() {
    let dir = TempDir::new().unwrap();
    let (cores, trace) = (cores(dir.path(), &P, 36), trace(dir.path(), 30, two_tables));
    let args = ["lockstep", "tt_core", "--config", "tiny", "--cores", &cores];

    let out = embertl(
        dir.path(),
        &[&args[..], &["--trace", &trace, "--json"]].concat(),
    );
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let runs = document["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 4);
    for run in runs {
        assert_eq!((&run["rows"], &run["divergences"]), (&60.into(), &0.into()));
        let error = run["quantisation_error"].as_f64().unwrap();
        assert!((0.002..0.05).contains(&error), "{error}");
    }

    let out = embertl(dir.path(), &[&args[..], &["--cycles", "20000"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let table = text(&out.stdout);
    let line = table.lines().find(|line| line.starts_with("table 0: "));
    let line = line.expect("what it ran");
    assert!(
        line.contains("36 rows of 8, p = 3,3,4, ranks 2,2 in those of 2,2; as int8 relative error"),
        "{line}"
    );
    assert!(line.ends_with("on 36 rows"), "{line}");
}

#[test]
fn cores_that_do_not_fit_are_refused() {
    let dir = TempDir::new().unwrap();
    let refused = |args: &[&str]| {
        let all = [&["lockstep"], args].concat();
        // No tool is needed to say so: nothing is built.
        let mut command = Command::new(env!("CARGO_BIN_EXE_embertl"));
        let out = command.args(all).env("VERILATOR", "/nowhere").output();
        let out = out.unwrap();
        let told = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        told
    };
    let trace = trace(dir.path(), 30, two_tables);
    let five = cores(dir.path(), &[3, 3, 5], 45);
    let tiny = ["tt_core", "--config", "tiny", "--cores", &five];
    assert_eq!(
        refused(&tiny),
        "error: p = 3,3,5: the cores have this, but the configuration has p = 3,3,4 and takes the \
         same, the first one or less; decompose with --p 3,3,4 --q 2,2,2 --ranks 2,2, or use a \
         configuration file with the cores' p\n"
    );
    let q = refused(&["tt_core", "--config", "fp32", "--cores", &five]);
    assert!(q.contains("p = 3,3,5: "), "{q}");
    let pe = refused(&["pe", "--cores", &five]);
    let none = "--cores: pe has no such option; use it with tt_core";
    assert!(pe.contains(none), "{pe}");
    let none = dir.path().join("none.npz").display().to_string();
    let none = refused(&["tt_core", "--cores", &none]);
    assert!(none.contains("cannot open"), "{none}");

    // Fewer rows than the trace asks for.
    let few = cores(dir.path(), &P, 36);
    let rows = [&tiny[..4], &[&few, "--table-rows", "5", "--trace", &trace]].concat();
    let rows = refused(&rows);
    assert!(
        rows.contains("rows = 5: the cores' table has no row 9"),
        "{rows}"
    );
}
