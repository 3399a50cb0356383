//! The `golden_model screc tt` commands as a user meets them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use golden_model::screc::{
    Layout, Selection, TtCores, TtShape, random_cores, read_cores, write_cores,
};
use npyz::WriterBuilder;
use serde_json::Value;
use tempfile::TempDir;

fn tt(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(["screc", "tt"])
        .args(args)
        .output()
        .expect("runs")
}

fn document(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// One line on standard error, this exit code, nothing on standard output.
fn refused_with(code: i32, output: &Output, why: &str) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(output.stdout.is_empty());
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1 && message.contains(why),
        "{message}"
    );
}

fn refused(output: &Output, why: &str) {
    refused_with(2, output, why);
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    /// An .npz of arrays of float32.
    fn npz(&self, name: &str, arrays: &[(&str, &[u64], Vec<f32>)]) -> String {
        let mut archive = zip::ZipWriter::new(File::create(self.path(name)).expect("writable"));
        for (key, shape, data) in arrays {
            let options = zip::write::SimpleFileOptions::default();
            archive
                .start_file(format!("{key}.npy"), options)
                .expect("writable");
            npy(&mut archive, shape, data);
        }
        archive.finish().expect("writable");
        self.text(name)
    }

    fn npy(&self, name: &str, shape: &[u64], data: &[f32]) -> String {
        npy(
            File::create(self.path(name)).expect("writable"),
            shape,
            data,
        );
        self.text(name)
    }
}

fn npy(file: impl Write, shape: &[u64], data: &[f32]) {
    let options = npyz::WriteOptions::new().default_dtype().shape(shape);
    let mut writer = options.writer(file).begin_nd().expect("writable");
    writer.extend(data.iter().copied()).expect("writable");
    writer.finish().expect("writable");
}

fn cores() -> TtCores {
    let shape = TtShape::new(&[3, 4, 5], &[2, 3, 2], &[4, 2]).expect("valid");
    random_cores(shape, 57, 3).expect("fits")
}

/// Core `k` with its axes (left, p, q, right) in another order.
fn axes(k: usize, order: [usize; 4]) -> Vec<f32> {
    let cores = cores();
    let shape = cores.shape();
    let lens = [shape.r()[k], shape.p()[k], shape.q()[k], shape.r()[k + 1]];
    let mut data = Vec::new();
    let lens_of = order.map(|axis| lens[axis]);
    for a in 0..lens_of[0] {
        for b in 0..lens_of[1] {
            for c in 0..lens_of[2] {
                for d in 0..lens_of[3] {
                    let mut at = [0; 4];
                    for (axis, index) in order.into_iter().zip([a, b, c, d]) {
                        at[axis] = index;
                    }
                    let at = ((at[0] * lens[1] + at[1]) * lens[2] + at[2]) * lens[3] + at[3];
                    data.push(cores.cores()[k][at]);
                }
            }
        }
    }
    data
}

const OURS: [usize; 4] = [0, 1, 2, 3];

/// The cores under keys of this form, axes as ours.
fn plain(files: &Files, name: &str, stem: &str) -> String {
    let (a, b, c) = (format!("{stem}0"), format!("{stem}1"), format!("{stem}2"));
    files.npz(
        name,
        &[
            (&c, &[2, 5, 2, 1], axes(2, OURS)),
            (&a, &[1, 3, 2, 4], axes(0, OURS)),
            (&b, &[4, 4, 3, 2], axes(1, OURS)),
        ],
    )
}

fn fbtt(files: &Files, name: &str, tables: u64) -> String {
    let order = [1, 0, 2, 3];
    let core = |k: usize| {
        let one = axes(k, order);
        let mut all = vec![9.0; one.len() * (tables as usize - 1)];
        all.extend(one);
        all
    };
    files.npz(
        name,
        &[
            ("emb.tt_cores.0", &[tables, 3, 8], core(0)),
            ("emb.tt_cores.1", &[tables, 4, 24], core(1)),
            ("emb.tt_cores.2", &[tables, 5, 4], core(2)),
            ("emb.L", &[3], vec![20.0, 5.0, 1.0]),
        ],
    )
}

fn tednet(files: &Files, name: &str) -> String {
    let order = [1, 2, 0, 3];
    files.npz(
        name,
        &[
            ("node0", &[3, 2, 4], axes(0, order)),
            ("node1", &[4, 3, 4, 2], axes(1, order)),
            ("node2", &[5, 2, 2], axes(2, order)),
        ],
    )
}

fn read(path: &str, selection: &Selection) -> (TtCores, Layout) {
    read_cores(&[path.into()], selection).expect("cores")
}

#[test]
fn every_layout_is_read() {
    let files = Files::new();
    let q = Selection {
        q: Some(vec![2, 3, 2]),
        ..Selection::default()
    };
    let second = Selection {
        table: Some(1),
        ..q.clone()
    };
    let any = Selection::default();
    for (path, selection, layout) in [
        (plain(&files, "a.npz", "core_"), &any, Layout::Embertl),
        (
            plain(&files, "b.npz", "emb.parameters."),
            &any,
            Layout::T3nsor,
        ),
        (
            plain(&files, "c.npz", "weight.factors.factor_"),
            &any,
            Layout::Tltorch,
        ),
        (plain(&files, "d.npz", "arr_"), &any, Layout::Tensorly),
        (tednet(&files, "e.npz"), &any, Layout::Tednet),
        (fbtt(&files, "f.npz", 1), &q, Layout::Fbtt),
        (fbtt(&files, "g.npz", 2), &second, Layout::Fbtt),
    ] {
        let (found, detected) = read(&path, selection);
        assert_eq!(detected, layout);
        // The file doesn't say how many rows there are.
        assert_eq!(found.rows(), 60);
        assert_eq!(found.cores(), cores().cores(), "{layout:?}");
    }
}

#[test]
fn our_own_file_comes_back() {
    let files = Files::new();
    let path = files.path("own.npz");
    write_cores(&path, &cores()).expect("writable");
    assert_eq!(
        read(&files.text("own.npz"), &Selection::default()),
        (cores(), Layout::Embertl)
    );
    let left: Vec<_> = files.0.path().read_dir().expect("readable").collect();
    assert_eq!(left.len(), 1, "nothing else is left");
}

#[test]
fn folders_and_lists_of_arrays() {
    let files = Files::new();
    let names: Vec<String> = (0..3)
        .map(|k| {
            let shape = cores().shape().clone();
            let lens = [shape.r()[k], shape.p()[k], shape.q()[k], shape.r()[k + 1]];
            files.npy(
                &format!("part{k}x.npy"),
                &lens.map(|len| len as u64),
                &axes(k, OURS),
            )
        })
        .collect();
    let paths: Vec<&Path> = names.iter().map(Path::new).collect();
    let forced = Selection {
        layout: Some(Layout::Embertl),
        rows: Some(57),
        ..Selection::default()
    };
    let list: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    assert_eq!(read_cores(&list, &forced).expect("cores").0, cores());
    let folder = files.0.path().to_path_buf();
    assert_eq!(read_cores(&[folder], &forced).expect("cores").0, cores());
    let output = tt(&["inspect", &names[0], &names[1], &names[2]]);
    refused(
        &output,
        "keys are `part0x`, `part1x`, `part2x`; name cores `core_0`, `core_1`, ... or give --layout (embertl, fbtt,",
    );
}

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
fn cores_that_can_not_be_read() {
    let files = Files::new();
    let inspect = |args: &[&str]| tt(&[&["inspect"], args].concat());
    refused(&inspect(&["no/such.npz"]), "cannot open `no/such.npz`");
    let text = files.text("text.npz");
    std::fs::write(&text, "no archive").expect("writable");
    refused(&inspect(&[&text]), "an .npz is a zip archive of .npy files");
    let one = files.npy("one.npy", &[1, 3, 2, 1], &[0.0; 6]);
    refused(
        &inspect(&[&one]),
        "one file of cores must be an .npz; name a folder or several .npy files",
    );
    let empty = tempfile::tempdir().expect("a folder");
    refused(
        &inspect(&[empty.path().to_str().expect("UTF-8")]),
        "it has no .npy files",
    );

    let zeros = |shape: &[u64]| vec![0.0; shape.iter().product::<u64>() as usize];
    let npz = |name: &str, arrays: &[(&str, &[u64])]| {
        let arrays: Vec<_> = arrays
            .iter()
            .map(|&(key, shape)| (key, shape, zeros(shape)))
            .collect();
        files.npz(name, &arrays)
    };
    let chain = npz(
        "chain.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_1", &[5, 4, 3, 1])],
    );
    refused(
        &inspect(&[&chain]),
        "as embertl of shapes [1, 3, 2, 4] [5, 4, 3, 1], core `core_1`: its left rank is 5, but the core before has right rank 4",
    );
    let first = npz(
        "first.npz",
        &[("core_0", &[2, 3, 2, 4]), ("core_1", &[4, 4, 3, 1])],
    );
    refused(
        &inspect(&[&first]),
        "core `core_0`: its left rank is 2, but the first one must be 1",
    );
    let last = npz(
        "last.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_1", &[4, 4, 3, 2])],
    );
    refused(
        &inspect(&[&last]),
        "core `core_1`: its right rank is 2, but the last one must be 1",
    );
    let flat = npz(
        "flat.npz",
        &[("core_0", &[3, 2, 4]), ("core_1", &[4, 3, 4])],
    );
    refused(
        &inspect(&[&flat]),
        "core `core_0`: must have axes (left rank, p, q, right rank) (they would chain as --layout tednet)",
    );
    assert!(inspect(&[&flat, "--layout", "tednet"]).status.success());
    let gap = npz(
        "gap.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_2", &[4, 4, 3, 1])],
    );
    refused(&inspect(&[&gap]), "core `core_1` is missing");
    let single = npz("single.npz", &[("core_0", &[1, 3, 2, 1])]);
    refused(
        &inspect(&[&single]),
        "as embertl it has 1 cores; 2 to 4 are supported",
    );
    let two = npz(
        "two.npz",
        &[
            ("a.factors.factor_0", &[1, 3, 2, 4]),
            ("a.factors.factor_1", &[4, 4, 3, 1]),
            ("b.factors.factor_0", &[1, 3, 2, 4]),
            ("b.factors.factor_1", &[4, 4, 3, 1]),
        ],
    );
    refused(
        &inspect(&[&two]),
        "both `a.factors.factor_*` and `b.factors.factor_*` are cores; choose with --prefix or --layout",
    );
    assert!(inspect(&[&two, "--prefix", "b."]).status.success());
    let other = npz("other.npz", &[("weight", &[4, 4]), ("bias", &[4])]);
    refused(
        &inspect(&[&other]),
        "keys are `weight`, `bias`; name cores `core_0`",
    );

    let path = fbtt(&files, "fbtt.npz", 2);
    refused(
        &inspect(&[&path]),
        "core `emb.tt_cores.0`: holds r q r in one axis; say what the columns' radices are, as in --q 4,4,4",
    );
    refused(
        &inspect(&[&path, "--q", "2,3,2"]),
        "it has tables 0 to 1; choose one with --table-index",
    );
    refused(
        &inspect(&[&path, "--q", "2,3,2", "--table-index", "2"]),
        "it has tables 0 to 1",
    );
    refused(
        &inspect(&[&path, "--q", "3,2,2"]),
        "core `emb.tt_cores.0`: its last axis is no multiple of r q = 1 x 3; check --q",
    );
    let ours = plain(&files, "ours.npz", "core_");
    refused(
        &inspect(&[&ours, "--q", "3,2,2"]),
        "q = 3,2,2: the cores have 2,3,2",
    );
    refused(
        &inspect(&[&ours, "--table-rows", "61"]),
        "rows = 61: p = 3,4,5 addresses 60 rows",
    );

    let nan = files.npz(
        "nan.npz",
        &[
            ("core_0", &[1, 2, 1, 2], vec![1.0; 4]),
            (
                "core_1",
                &[2, 2, 1, 1],
                vec![1.0, 1.0, f32::NEG_INFINITY, 1.0],
            ),
        ],
    );
    refused(
        &inspect(&[&nan]),
        "element = -inf: at [1, 0, 0, 0] of core 1, axes (left rank, row digit,",
    );

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
