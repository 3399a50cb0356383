//! The `lockstep` command on folders of RTL, as a user runs it, for the tests of the checker itself.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use contract::BlockConfig;
use hdl_gen::{Block, emit};
use serde_json::Value;

/// Root of the workspace.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Threads of a test: building and playing models takes about one processor each.
const THREADS: usize = 2;

/// The named configuration.
pub fn named<B: BlockConfig>(name: &str) -> B {
    let mut all = B::named().into_iter();
    all.find(|(known, _)| *known == name)
        .expect("a named configuration")
        .1
}

/// An empty folder below cargo's folder for the files of tests.
pub fn folder(path: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(path);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("the folder can be made");
    dir
}

/// The emitted modules of a configuration, by file name.
pub fn sources<B: Block>(config: &B) -> Vec<(String, String)> {
    let emitted = emit("test", config).expect("the configuration can be built");
    emitted
        .sources()
        .map(|file| (file.path.clone(), file.text.clone()))
        .collect()
}

/// Writes files into a folder.
pub fn write(dir: &Path, files: &[(String, String)]) {
    for (name, text) in files {
        std::fs::write(dir.join(name), text).expect("the file can be written");
    }
}

/// Writes a `.lk` file, its lines made by `line` for each query, and returns its path as text.
pub fn trace(dir: &Path, queries: usize, line: impl Fn(usize) -> String) -> String {
    let lines = (0..queries).map(|query| line(query) + "\n");
    let text: String = std::iter::once("# queries\n".to_owned())
        .chain(lines)
        .collect();
    let path = dir.join("trace.lk");
    std::fs::write(&path, text).expect("the file can be written");
    path.display().to_string()
}

/// A query of two tables with one look-up each, 7 rows and 3.
pub fn two_tables(query: usize) -> String {
    format!("{};{}", query % 7, query % 3)
}

/// What `lockstep` says about a folder of RTL.
pub struct Verdict {
    pub code: Option<i32>,
    /// Cycles played.
    pub cycles: u64,
    /// `{cycle port rtl model}` of the first divergence, or null.
    pub divergence: Value,
    /// What it prints for the reader.
    pub report: String,
}

impl Verdict {
    pub fn diverged(&self) -> bool {
        self.code == Some(1)
    }

    /// One field of the divergence as text, without quotes.
    pub fn field(&self, name: &str) -> String {
        match &self.divergence[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// Runs `lockstep BLOCK --config CONFIG --rtl DIR` and more arguments. Waves and replay files go to
/// `dir` too.
pub fn lockstep(block: &str, dir: &Path, config: &str, more: &[&str]) -> Verdict {
    let rtl = dir.to_str().expect("the path is text");
    let mut args = vec![
        "lockstep", block, "--config", config, "--rtl", rtl, "--json",
    ];
    args.extend(more);
    let Output {
        status,
        stdout,
        stderr,
    } = embertl(dir, &args);
    let document: Value = serde_json::from_slice(&stdout).unwrap_or_default();
    Verdict {
        code: status.code(),
        cycles: document["runs"][0]["cycles"].as_u64().unwrap_or(0),
        divergence: document["runs"][0]["first_divergence"].clone(),
        report: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Runs the command in a folder, with the cache that all programs of this build share.
pub fn embertl(dir: &Path, args: &[&str]) -> Output {
    run(Path::new(env!("CARGO_BIN_EXE_embertl")), dir, args)
}

fn run(program: &Path, dir: &Path, args: &[&str]) -> Output {
    let cache = std::env::var_os("EMBERTL_CACHE").unwrap_or(target().join("embertl-cache").into());
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(dir)
        .env("EMBERTL_CACHE", cache);
    command.output().expect("the command can be run")
}

/// Cargo's target folder.
fn target() -> &'static Path {
    let inside = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inside.parent().expect("it is inside target")
}

/// The program of `examples/own_block`.
pub struct OwnBlock {
    pub program: PathBuf,
}

impl OwnBlock {
    /// Built as its author would, but in the workspace's target folder and with its lock file, so
    /// that most of what it depends on is there already.
    pub fn built() -> &'static Self {
        static BUILT: OnceLock<OwnBlock> = OnceLock::new();
        BUILT.get_or_init(|| {
            let example = Path::new(ROOT).join("examples/own_block");
            let lock = |dir: &Path| dir.join("Cargo.lock");
            std::fs::copy(lock(Path::new(ROOT)), lock(&example)).expect("the file can be copied");
            let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
            let mut build = Command::new(cargo);
            build.args(["build", "--release"]).current_dir(&example);
            build.env("CARGO_TARGET_DIR", target());
            let output = build.output().expect("cargo can be run");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            Self {
                program: target().join("release/own_block"),
            }
        })
    }

    /// Runs the program in a folder.
    pub fn run(&self, dir: &Path, args: &[&str]) -> Output {
        run(&self.program, dir, args)
    }

    /// What it prints when all is well.
    pub fn succeeds(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.run(dir, args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// Results of `work` on all items and their numbers, in order, by a few threads.
pub fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((at, item)) = items
            .iter()
            .enumerate()
            .nth(next.fetch_add(1, Ordering::Relaxed))
        {
            done.push((at, work(at, item)));
        }
        done
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no worker panics"))
            .collect()
    });
    results.sort_by_key(|&(at, _)| at);
    results.into_iter().map(|(_, result)| result).collect()
}
