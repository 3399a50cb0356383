//! The `golden_model screc tt` commands as a user meets them.

mod files;
mod layouts;

use std::fs::File;
use std::path::Path;

use npyz::WriterBuilder;
use screc::write_cores;

use files::{Files, cores, document, refused, refused_with, tt};

#[test]
fn from_a_table_to_its_rows() {
    let files = Files::new();
    let out = files.text("cores.npz");
    let table = files.text("table.npy");
    let decompose = |args: &[&str]| {
        tt(&[
            &["decompose", "--p", "6,7,8", "--q", "2,4,2", "--json"],
            args,
        ]
        .concat())
    };
    let random = [
        "--random-rank",
        "5",
        "--rows",
        "336",
        "--dim",
        "16",
        "--seed",
        "4",
    ];
    let json = document(&decompose(&[&random[..], &["--out", &out]].concat()));
    assert_eq!(json["shape"]["r"], serde_json::json!([1, 5, 5, 1]));
    assert_eq!((&json["seed"], &json["rows"]), (&4.into(), &336.into()));
    let error = json["error"]["relative"].as_f64().expect("a number");
    assert!(error < 1e-6);
    assert!(json["seconds"].as_f64().expect("a number") > 0.0);

    // All rows as a table, decomposed again, checked against it.
    let all: Vec<String> = (0..336).map(|row| row.to_string()).collect();
    let json = document(&tt(&[
        "reconstruct",
        &out,
        "--rows",
        &all.join(","),
        "--out",
        &table,
        "--json",
    ]));
    assert_eq!(json["rows"], 336);
    assert_eq!(json["prefix_products"], 42);
    assert_eq!(json["results"].as_array().expect("rows").len(), 336);
    let again = files.text("again.npz");
    let json = document(&decompose(&[
        "--table",
        &table,
        "--ranks",
        "5",
        "--max-error",
        "1e-5",
        "--out",
        &again,
    ]));
    assert!(json["seed"].is_null());
    let (trace, lk) = (files.text("a.lk"), "#\n1;5,335\n2;\n3;4,5\n");
    std::fs::write(&trace, lk).expect("writable");
    for (element, most) in [("fp32", 1e-6), ("bf16", 2e-2), ("int8", 2e-1)] {
        let args = [
            "--trace",
            &trace,
            "--trace-table",
            "1",
            "--batch",
            "2",
            "--element",
            element,
        ];
        let json = document(&tt(&[
            &["reconstruct", &again, "--check", &table, "--json"],
            &args[..],
        ]
        .concat()));
        assert_eq!((&json["rows"], &json["batches"]), (&4.into(), &2.into()));
        assert_eq!(json["prefix_products"], 3);
        let error = json["check"]["relative_error"].as_f64().expect("a number");
        assert!(error < most, "{element}: {error}");
    }

    let json = document(&tt(&["inspect", &again, "--json"]));
    assert_eq!(json["layout"], "embertl");
    assert_eq!(json["parameters"], 60 + 700 + 80);
    assert_eq!(json["bytes"]["bf16"], 2 * 840);
    assert_eq!(json["quantisation"].as_array().expect("a list").len(), 3);
    let table = tt(&["inspect", &again, "--element", "int8", "--sample", "10"]);
    let text = String::from_utf8_lossy(&table.stdout);
    assert!(text.starts_with("336 rows of 16, layout embertl\np 6,7,8, q 2,4,2, ranks 1,5,5,1\n"));
    assert!(text.contains("10  seed 1  x "), "{text}");
}

#[test]
fn tables_in_text() {
    let text = |args: &[&str]| {
        let output = tt(args);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };
    let random = [
        "decompose",
        "--random-rank",
        "2",
        "--rows",
        "100",
        "--dim",
        "6",
        "--cores",
        "2",
    ];
    let decomposed = text(&random);
    assert!(decomposed.starts_with("table random of TT rank 2, seed 1: 100 rows of 6\ncores of p 10,10, q 2,3, ranks 1,2,1: 100 parameters, compression 6.0x\nrelative error "), "{decomposed}");
    let bench = text(&[
        "bench", "--p", "5,6,7", "--q", "2,2,2", "--ranks", "4", "--batch", "100",
    ]);
    assert!(
        bench.contains("uniform, unsorted") && bench.contains("\ngemm "),
        "{bench}"
    );
    let files = Files::new();
    write_cores(&files.path("c.npz"), &cores()).expect("writable");
    let rows = text(&["reconstruct", &files.text("c.npz"), "--rows", "56,0"]);
    assert!(
        rows.starts_with("row 56: ") && rows.contains("\nrow 0: "),
        "{rows}"
    );
    assert!(
        rows.ends_with("2 rows in fp32, 1 batches, 2 prefix products, 1.000 rows for each\n"),
        "{rows}"
    );
}

#[test]
fn what_is_not_compressible() {
    let files = Files::new();
    let out = files.text("none.npz");
    let full = [
        "decompose",
        "--random-full",
        "--rows",
        "1000",
        "--dim",
        "16",
        "--out",
        &out,
    ];
    let output = tt(&full);
    refused_with(
        1,
        &output,
        "not compressible: the table of 1000 x 16 takes ",
    );
    refused_with(1, &output, "more than --max-share 0.5; rank 1 is ");
    let output = tt(&[&full[..], &["--ranks", "2", "--max-error", "0.1"]].concat());
    refused_with(
        1,
        &output,
        "within the ranks given, more than --max-error 1e-1; rank 1 is 2 of 20 (",
    );
    assert!(!files.path("none.npz").exists());
    // Ranks alone are taken, and the error is said.
    let json = document(&tt(&[&full[..], &["--ranks", "2", "--json"]].concat()));
    assert!(json["error"]["relative"].as_f64().expect("a number") > 0.5);
}

#[test]
fn tables_that_can_not_be_decomposed() {
    let files = Files::new();
    let decompose = |args: &[&str]| tt(&[&["decompose"], args].concat());
    refused(
        &decompose(&["--table", "no/such.npy"]),
        "cannot open `no/such.npy`",
    );
    let line = files.npy("line.npy", &[6], &[1.0; 6]);
    refused(
        &decompose(&["--table", &line]),
        "its shape is [6]; a table has two axes, (rows, columns)",
    );
    let mut bad = vec![1.0; 24];
    bad[13] = f32::NAN;
    let bad = files.npy("bad.npy", &[6, 4], &bad);
    refused(
        &decompose(&["--table", &bad]),
        "element = NaN: in row 3, column 1 of the table",
    );
    let text = files.text("text.npy");
    std::fs::write(&text, "no array").expect("writable");
    refused(&decompose(&["--table", &text]), "cannot read `");
    let path = files.path("int.npy");
    let options = npyz::WriteOptions::new().default_dtype().shape(&[2, 2]);
    let mut writer = options
        .writer(File::create(&path).expect("writable"))
        .begin_nd()
        .expect("writable");
    writer.extend([1_i32; 4]).expect("writable");
    writer.finish().expect("writable");
    refused(
        &tt(&["decompose", "--table", &files.text("int.npy")]),
        "its type is `<i4`; store float16, float32 or float64, little-endian",
    );
    let random = |args: &[&str]| {
        decompose(&[&["--random-rank", "2", "--rows", "60", "--dim", "12"], args].concat())
    };
    refused(
        &random(&["--q", "2,2,2"]),
        "q = 2,2,2: the product must be the number of columns, 12",
    );
    refused(
        &random(&["--p", "3,4,4"]),
        "rows = 60: p = 3,4,4 addresses 48 rows; enlarge p",
    );
    refused(
        &random(&["--p", "60", "--q", "12"]),
        "p = 60: give 2 to 4 numbers",
    );
    refused(
        &random(&["--ranks", "2,2,2"]),
        "ranks = 2,2,2: give one rank between two cores, 2 of them",
    );
    refused(
        &random(&["--ranks", "50"]),
        "ranks = 50,50: rank 1 can be at most ",
    );
    refused(
        &random(&["--max-error", "1e-8"]),
        "max-error = 1e-8: give 1e-7 to 1: ",
    );
    refused(
        &random(&["--max-share", "2"]),
        "max-share = 2: give a number above 0, at most 1",
    );
    refused(
        &random(&["--out", "no/such/folder/c.npz"]),
        "cannot write `no/such/folder/c.npz`",
    );
    refused(
        &decompose(&["--random-rank", "2", "--rows", "0", "--dim", "4"]),
        "rows = 0: ",
    );
    for args in [
        &["--random-rank", "2"][..],
        &["--rows", "3"],
        &["--table", "a.npy", "--random-full"],
        &[
            "--random-rank",
            "2",
            "--rows",
            "4",
            "--dim",
            "4",
            "--p",
            "4,x",
        ],
        &[
            "--random-rank",
            "2",
            "--rows",
            "4",
            "--dim",
            "4",
            "--cores",
            "5",
        ],
    ] {
        let output = decompose(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"error: "));
    }
}

#[test]
fn rows_that_can_not_be_reconstructed() {
    let files = Files::new();
    let path = files.text("c.npz");
    write_cores(Path::new(&path), &cores()).expect("writable");
    let reconstruct = |args: &[&str]| tt(&[&["reconstruct", &path], args].concat());
    refused(
        &reconstruct(&["--rows", "3,57"]),
        "row = 57: the table has rows 0 to 56",
    );
    refused(
        &reconstruct(&["--trace", "no/such.lk"]),
        "cannot open the trace `no/such.lk`",
    );
    let trace = files.text("a.lk");
    std::fs::write(&trace, "#\n1;2\n").expect("writable");
    refused(
        &reconstruct(&["--trace", &trace, "--trace-table", "2"]),
        "trace-table = 2: the trace `",
    );
    std::fs::write(&trace, "#\n1;2\nx;\n").expect("writable");
    refused(
        &reconstruct(&["--trace", &trace]),
        "a.lk:3: `x` is not an id",
    );
    let table = files.npy("t.npy", &[56, 12], &[0.0; 672]);
    refused(
        &reconstruct(&["--rows", "1", "--check", &table]),
        "t.npy: it has 56 rows of 12, the cores make 57 of 12",
    );
    refused(
        &reconstruct(&["--rows", "1", "--out", "no/such/r.npy"]),
        "cannot write `no/such/r.npy`",
    );
    for args in [
        &["--rows", "-1"][..],
        &["--rows", "1", "--trace", "a.lk"],
        &[],
        &["--rows", "1", "--element", "fp8"],
    ] {
        let output = reconstruct(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"error: "));
    }
}

/// A million rows of 64 of known TT rank, and as many of full rank.
#[test]
#[ignore = "takes a minute and 2 GB; part of `make nightly`"]
fn a_million_rows() {
    let files = Files::new();
    let out = files.text("big.npz");
    let size = ["--rows", "1000000", "--dim", "64"];
    let json = document(&tt(&[
        &["decompose", "--random-rank", "16", "--json", "--out", &out],
        &size[..],
    ]
    .concat()));
    println!("{json:#}");
    assert_eq!(json["shape"]["r"], serde_json::json!([1, 16, 16, 1]));
    assert!(json["error"]["relative"].as_f64().expect("a number") < 1e-5);
    let full = tt(&[&["decompose", "--random-full"], &size[..]].concat());
    println!("{}", String::from_utf8_lossy(&full.stderr));
    refused_with(
        1,
        &full,
        "not compressible: the table of 1000000 x 64 takes 64160000 parameters",
    );
}
