//! RTL to a loaded design: Verilator, the compiler, the cache.

use std::path::Path;

use contract::{Port, PortLayout};

use super::compile::{Effort, Toolchain, UNITS, recipe, write};
use super::key::Key;
use super::rtl::is_source;
use super::{Cache, Options, Rtl, header, shim, tools};
use crate::Error;
use crate::ffi::Design;

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
pub(super) struct Translated {
    pub name: String,
    /// Sources of what runs in every cycle, and of what runs once.
    pub fast: Vec<String>,
    pub slow: Vec<String>,
}

impl Translated {
    /// Writes the model's [`UNITS`] beside the sources.
    pub fn write_units(&self, effort: Effort, ports: &[Port], cpp: &Path) -> Result<(), Error> {
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
pub(super) fn translate(
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
    key.add(&recipe());
    key.add(shim::RUNTIME_HEADER);
    for port in ports {
        key.add(&format!("{} {:?} {}", port.name, port.dir, port.width));
    }
    rtl.add_to(&mut key);
    key.finish()
}
