//! Every bad input has one line: file, line, key, and what would do.

use asymflow::machine::Machine;
use asymflow::queries::{Distribution, batches};
use asymflow::workload::{Table, Workload};

const PRESET: &str = include_str!("../machines/ascend910.toml");

fn machine(from: &str, to: &str) -> String {
    assert!(PRESET.contains(from));
    Machine::parse("m.toml", &PRESET.replace(from, to)).unwrap_err()
}

#[test]
fn machines() {
    assert_eq!(
        machine("cores = { value = 32", "cores = { value = 0"),
        "m.toml: line 4: cores is 0, use a whole number above 0"
    );
    assert_eq!(
        machine("ub_bytes = { value = 131072", "ub_bytes = { value = 0"),
        "m.toml: line 10: ub_bytes is 0, use a whole number above 0"
    );
    let unknown = machine("t_add", "t_plus");
    assert!(
        unknown.starts_with("m.toml: line 50: unknown field `t_plus`"),
        "{unknown}"
    );
    assert!(machine(", source = \"ours\"", "").contains("missing field `source`"));
    assert!(
        Machine::load("ascend")
            .unwrap_err()
            .contains("ascend910, ascend310p, ascend910b")
    );
    assert!(!Machine::load("no/such.toml").unwrap_err().contains('\n'));
}

#[test]
fn tables() {
    let parse = |text: &str| Workload::parse("w.toml", text).unwrap_err();
    let with = |rows: &str, dim: &str, lookups: &str| {
        parse(&format!(
            "[[table]]\nrows = {rows}\ndim = {dim}\nlookups = {lookups}\n"
        ))
    };
    assert_eq!(
        with("0", "16", "1"),
        "w.toml: line 2: rows is 0, use 1 to 2147483647"
    );
    assert_eq!(
        with("2147483648", "16", "1"),
        "w.toml: line 2: rows is 2147483648, use 1 to 2147483647"
    );
    assert_eq!(
        with("9", "12", "1"),
        "w.toml: line 3: dim is 12, use a multiple of 8 from 8 to 4096"
    );
    assert_eq!(
        with("9", "16", "0"),
        "w.toml: line 4: lookups is 0, use a number above 0, at most 65536"
    );
    let unknown = parse("[[table]]\nrows = 9\ndim = 16\ncolour = 1\n");
    assert!(
        unknown.starts_with("w.toml: line 4: unknown field `colour`"),
        "{unknown}"
    );
    assert!(
        Workload::load("kagle")
            .unwrap_err()
            .contains("kaggle, avazu")
    );
}

#[test]
fn traces() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.lk");
    std::fs::write(&path, "# two tables\n1;0\n5;1\n2;0\n").unwrap();
    let of = Distribution::Real(&path);
    let fault = |tables: &[Table], queries| batches(&of, tables, queries, 1).unwrap_err();
    let table = |rows| Table::new(rows, 16, 1.0);
    assert!(fault(&[table(9)], 1).contains("2 tables, but the workload has 1"));
    assert!(
        fault(&[table(5), table(9)], 1)
            .contains("query 2, table 0: id 5, but the table has 5 rows")
    );
    assert!(fault(&[table(6), table(9)], 2).contains("use --batch 1 or less"));
    assert!(batches(&of, &[table(6), table(9)], 1, 1).is_ok());
}
