//! What all these tests use: the command, and files of cores and tables.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

use npyz::WriterBuilder;
use screc::{TtCores, TtShape, random_cores};
use serde_json::Value;
use tempfile::TempDir;

pub fn tt(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(["screc", "tt"])
        .args(args)
        .output()
        .expect("runs")
}

pub fn document(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// One line on standard error, this exit code, nothing on standard output.
pub fn refused_with(code: i32, output: &Output, why: &str) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(output.stdout.is_empty());
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1 && message.contains(why),
        "{message}"
    );
}

pub fn refused(output: &Output, why: &str) {
    refused_with(2, output, why);
}

pub struct Files(pub TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    /// An .npz of arrays of float32.
    pub fn npz(&self, name: &str, arrays: &[(&str, &[u64], Vec<f32>)]) -> String {
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

    pub fn npy(&self, name: &str, shape: &[u64], data: &[f32]) -> String {
        npy(
            File::create(self.path(name)).expect("writable"),
            shape,
            data,
        );
        self.text(name)
    }
}

pub fn npy(file: impl Write, shape: &[u64], data: &[f32]) {
    let options = npyz::WriteOptions::new().default_dtype().shape(shape);
    let mut writer = options.writer(file).begin_nd().expect("writable");
    writer.extend(data.iter().copied()).expect("writable");
    writer.finish().expect("writable");
}

pub fn cores() -> TtCores {
    let shape = TtShape::new(&[3, 4, 5], &[2, 3, 2], &[4, 2]).expect("valid");
    random_cores(shape, 57, 3).expect("fits")
}

/// Core `k` with its axes (left, p, q, right) in another order.
pub fn axes(k: usize, order: [usize; 4]) -> Vec<f32> {
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

pub const OURS: [usize; 4] = [0, 1, 2, 3];

/// The cores under keys of this form, axes as ours.
pub fn plain(files: &Files, name: &str, stem: &str) -> String {
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

pub fn fbtt(files: &Files, name: &str, tables: u64) -> String {
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

pub fn tednet(files: &Files, name: &str) -> String {
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
