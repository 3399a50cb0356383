//! RTL to a loaded simulation model, with every step cached by content.
//!
//! Verilator's output and a generated C shim are compiled into a shared object, linked with a
//! runtime that is compiled once, and loaded. What runs in every cycle is one translation unit with
//! the shim, so that it can be inlined; what runs once is another, compiled at the same time. The key of the cache is a hash
//! of the RTL, the ports, the options and the versions of the tools; time stamps play no part.

pub mod bare;
mod cache;
mod compile;
mod export;
mod header;
mod seal;
mod shim;
mod tools;

use std::path::Path;

use contract::{Port, PortLayout};

pub use cache::Cache;
pub use compile::Effort;
use compile::{Toolchain, UNITS, write};
pub use export::{Export, export};
pub(crate) use shim::ABI;

use crate::Error;
use crate::ffi::Design;

/// SystemVerilog or Verilog sources and the name of their top module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rtl {
    top: String,
    /// Name without folders and text, packages first.
    files: Vec<(String, String)>,
    /// Written by someone else: Verilator's warnings don't stop the build.
    foreign: bool,
}

impl Rtl {
    /// Emitted RTL: any warning of Verilator's default set is an error.
    pub fn emitted<N, T>(top: &str, files: impl IntoIterator<Item = (N, T)>) -> Self
    where
        N: Into<String>,
        T: Into<String>,
    {
        let files = files
            .into_iter()
            .map(|(name, text)| (name.into(), text.into()))
            .collect();
        Self {
            top: top.to_owned(),
            files,
            foreign: false,
        }
    }

    /// Every .sv and .v file of a folder (and the .svh and .vh files that they include): RTL edited
    /// by hand or written back by a synthesis tool.
    ///
    /// # Errors
    /// If the folder can't be read or has no RTL.
    pub fn from_dir(top: &str, dir: &Path) -> Result<Self, Error> {
        let entries = std::fs::read_dir(dir).map_err(Error::io("read the folder", dir))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::io("read the folder", dir))?.path();
            let known = path
                .extension()
                .is_some_and(|e| KINDS.iter().any(|kind| e == *kind));
            if known && path.is_file() {
                let bytes = std::fs::read(&path).map_err(Error::io("read", &path))?;
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        if !files.iter().any(|(name, _)| is_source(name)) {
            return Err(Error::NoRtl {
                dir: dir.to_owned(),
            });
        }
        let has_package = |text: &str| text.lines().any(|l| l.trim_start().starts_with("package "));
        files.sort_by_cached_key(|(name, text)| (!has_package(text), name.clone()));
        Ok(Self {
            top: top.to_owned(),
            files,
            foreign: true,
        })
    }

    /// Hash of everything in it.
    pub fn hash(&self) -> String {
        let mut key = Key::default();
        self.add_to(&mut key);
        key.finish()
    }

    fn add_to(&self, key: &mut Key) {
        key.add(&self.top);
        key.add(if self.foreign { "foreign" } else { "emitted" });
        for (name, text) in self.files() {
            key.add(name);
            key.add(text);
        }
    }

    /// The sources: name and text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// File name extensions taken from a folder; the first two are compiled, the others included.
const KINDS: [&str; 4] = ["sv", "v", "svh", "vh"];

fn is_source(name: &str) -> bool {
    KINDS[..2]
        .iter()
        .any(|kind| name.ends_with(&format!(".{kind}")))
}

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub effort: Effort,
    /// Compile the code that writes waves; costs a few percent of speed even when none are written.
    pub trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            effort: Effort::Full,
            trace: false,
        }
    }
}

/// Verilates, compiles and loads `rtl`, or loads what an earlier call with the same arguments and
/// tools has built.
///
/// # Errors
/// If a tool is missing, too old or refuses the RTL, or the RTL's ports aren't `ports`.
pub fn verilate(
    rtl: &Rtl,
    ports: &[Port],
    options: Options,
    cache: &Cache,
) -> Result<Design, Error> {
    let tools = Toolchain::find()?;
    let key = format!("model-{}", key(rtl, ports, options, &tools));
    let build = |dir: &Path| {
        let cpp = tempfile::tempdir().map_err(Error::io("create", std::env::temp_dir()))?;
        let sources = translate(&tools, rtl, ports, "dut", options.trace, cpp.path())?;
        sources.write_units(options.effort, ports, cpp.path())?;
        let output = dir.join(OBJECT);
        tools.shared_object(cache, cpp.path(), options.effort, options.trace, &output)
    };
    let load = |entry: &Path| {
        let layout = PortLayout::new(ports.to_vec());
        Design::load(&entry.join(OBJECT), layout)
    };
    match load(&cache.entry(&key, build)?) {
        // Built by another machine that shares the cache, say: once more, here.
        Err(Error::Load { cause, .. }) => load(&cache.rebuilt(&key, cause, build)?),
        result => result,
    }
}

/// Name of the shared object in its cache entry.
const OBJECT: &str = "model.so";

/// What Verilator has made of a design: a class and its sources.
struct Translated {
    name: String,
    /// Sources of what runs in every cycle, and of what runs once.
    fast: Vec<String>,
    slow: Vec<String>,
}

impl Translated {
    /// Writes the model's [`UNITS`] beside the sources.
    fn write_units(&self, effort: Effort, ports: &[Port], cpp: &Path) -> Result<(), Error> {
        let Self { name, fast, slow } = self;
        let (class, entry) = (format!("V{name}"), format!("embertl_{name}"));
        let mut parts = balanced(fast, effort.fast_units(), cpp)?.into_iter();
        let first = parts.next().unwrap_or_default();
        write(cpp, UNITS[0], &shim::unit(&class, &entry, ports, &first))?;
        if let Some(second) = parts.next() {
            write(cpp, UNITS[1], &shim::unity(&second))?;
        }
        write(cpp, UNITS[2], &shim::unity(slow))
    }
}

/// Spreads files over `parts` lists of about the same size in bytes.
fn balanced(files: &[String], parts: usize, dir: &Path) -> Result<Vec<Vec<String>>, Error> {
    let size = |name: &String| {
        let path = dir.join(name);
        let size = std::fs::metadata(&path)
            .map_err(Error::io("read", path))?
            .len();
        Ok((size, name.clone()))
    };
    let mut sized = files.iter().map(size).collect::<Result<Vec<_>, Error>>()?;
    sized.sort_by(|a, b| b.cmp(a));
    let mut lists = vec![(0, Vec::new()); parts];
    for (size, name) in sized {
        if let Some((total, list)) = lists.iter_mut().min_by_key(|(total, _)| *total) {
            *total += size;
            list.push(name);
        }
    }
    Ok(lists.into_iter().map(|(_, list)| list).collect())
}

/// Runs Verilator into `cpp` and checks the ports.
fn translate(
    tools: &Toolchain,
    rtl: &Rtl,
    ports: &[Port],
    name: &str,
    trace: bool,
    cpp: &Path,
) -> Result<Translated, Error> {
    let sources = cpp.join("rtl");
    std::fs::create_dir_all(&sources).map_err(Error::io("create", &sources))?;
    for (name, text) in rtl.files() {
        write(&sources, name, text)?;
    }
    let prefix = format!("V{name}");
    let mut args: Vec<&str> = VERILATOR_FLAGS.to_vec();
    if trace {
        args.push("--trace");
    }
    if rtl.foreign {
        args.extend(FOREIGN_FLAGS);
    }
    args.extend([
        "--prefix",
        &prefix,
        "--top-module",
        &rtl.top,
        "--Mdir",
        "..",
    ]);
    args.extend(
        rtl.files()
            .map(|(name, _)| name)
            .filter(|name| is_source(name)),
    );
    tools::run(
        &tools.verilator.command,
        &sources,
        &format!("module `{}`", rtl.top),
        args,
    )?;

    let class = cpp.join(format!("{prefix}.h"));
    let class = std::fs::read_to_string(&class).map_err(Error::io("read", class))?;
    header::check(&rtl.top, ports, &class)?;
    let (slow, fast) = generated(cpp)?
        .into_iter()
        .partition(|name| name.ends_with("__Slow.cpp"));
    Ok(Translated {
        name: name.to_owned(),
        fast,
        slow,
    })
}

/// The generated C++ sources, by name.
fn generated(cpp: &Path) -> Result<Vec<String>, Error> {
    let entries = std::fs::read_dir(cpp).map_err(Error::io("read the folder", cpp))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".cpp"))
        .collect();
    names.sort();
    Ok(names)
}

/// Random initial values and failing assertions are part of the check.
///
/// Files of moderate size can be compiled at the same time.
const VERILATOR_FLAGS: [&str; 9] = [
    "--cc",
    "-O3",
    "--assert",
    "--x-assign",
    "unique",
    "--x-initial",
    "unique",
    "--output-split",
    "5000",
];

/// For RTL that we didn't write: style is its author's affair, and delays mean nothing here.
const FOREIGN_FLAGS: [&str; 3] = ["-Wno-fatal", "--no-timing", "-I."];

fn key(rtl: &Rtl, ports: &[Port], options: Options, tools: &Toolchain) -> String {
    let mut key = Key::default();
    key.add(&tools.identity());
    key.add(&format!(
        "{VERILATOR_FLAGS:?} {FOREIGN_FLAGS:?} {options:?}"
    ));
    key.add(&compile::recipe());
    key.add(shim::RUNTIME_HEADER);
    for port in ports {
        key.add(&format!("{} {:?} {}", port.name, port.dir, port.width));
    }
    rtl.add_to(&mut key);
    key.finish()
}

/// A hash over parts, each with its length, so that no two lists of parts are the same text.
#[derive(Default)]
struct Key(blake3::Hasher);

impl Key {
    fn add(&mut self, part: &str) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part.as_bytes());
    }

    fn finish(&self) -> String {
        self.0.finalize().to_hex()[..32].to_owned()
    }
}
