//! C++ to shared objects: the runtime once, each model as one translation unit.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::cache::Cache;
use super::key::Key;
use super::shim;
use super::tools::{Compiler, Verilator, run};
use crate::Error;

/// How hard the C++ compiler tries.
///
/// Measured on a PE with 1.6 MB of C++ that runs in every cycle (g++ 12, processor time, without
/// reading headers): `-O0` 0.7 s, `-O1` 1.3 s, `-O3` 2.6 s; `-O0` runs 12 times slower than `-O3`,
/// `-O1` 1.2 times. Two translation units instead of one cost no speed that can be measured, and
/// halve the time where there are two processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// `-O1`, two units at a time: soon ready, for a model that is built to be run once.
    Quick,
    /// `-O3` in one unit: for long runs.
    Full,
}

impl Effort {
    /// Options for the [`UNITS`].
    fn levels(self) -> [&'static str; 3] {
        match self {
            Self::Quick => ["-O1", "-O1", "-O0"],
            Self::Full => ["-O3", "-O3", "-O1"],
        }
    }

    /// Units that what runs in every cycle is spread over.
    pub(crate) fn fast_units(self) -> usize {
        match self {
            Self::Quick => 2,
            Self::Full => 1,
        }
    }
}

/// The compiler with everything that goes into a model beside its sources.
pub(crate) struct Toolchain {
    pub verilator: Verilator,
    pub compiler: Compiler,
}

impl Toolchain {
    pub fn find() -> Result<Self, Error> {
        Ok(Self {
            verilator: Verilator::find()?,
            compiler: Compiler::find()?,
        })
    }

    /// One line that names all tools: part of every cache key.
    pub fn identity(&self) -> String {
        let Self {
            verilator,
            compiler,
        } = self;
        let (tool, version) = (&verilator.include, verilator.version);
        let machine = std::env::consts::ARCH;
        let tool = tool.display();
        format!("{tool} {version} | {} | {machine}", compiler.version)
    }

    fn flags(&self, level: &str, trace: bool) -> Vec<String> {
        let include = self.verilator.include.display();
        let trace = u8::from(trace);
        let mut flags: Vec<String> = CODEGEN.iter().map(|&flag| flag.to_owned()).collect();
        flags.extend([
            level.to_owned(),
            self.verilator.standard.clone(),
            format!("-I{include}"),
            format!("-I{include}/vltstd"),
            format!("-DVM_TRACE={trace}"),
            format!("-DVM_TRACE_VCD={trace}"),
        ]);
        flags
    }

    /// The runtime: static library and precompiled header, for one set of flags.
    fn runtime(&self, cache: &Cache, level: &str, trace: bool) -> Result<PathBuf, Error> {
        let flags = self.flags(level, trace);
        // Threads that want the same runtime wait for the first one instead of building it too.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let library = self.runtime_library(cache)?;
        let name = format!("runtime-{}", self.runtime_key(&flags));
        cache.entry(&name, |dir| {
            let trace_header = if trace {
                "#include \"verilated_vcd_c.h\"\n"
            } else {
                ""
            };
            write(
                dir,
                "prefix.h",
                &format!("#include \"verilated.h\"\n{trace_header}"),
            )?;
            write(dir, "embertl_runtime.h", shim::RUNTIME_HEADER)?;
            let what = "the precompiled header of Verilator's runtime";
            let header = ["-x", "c++-header", "prefix.h", "-o", "prefix.h.gch"];
            let args = flags.iter().map(String::as_str).chain(header);
            run(&self.compiler.command, dir, what, args)?;
            let (from, to) = (library.join(LIBRARY), dir.join(LIBRARY));
            std::fs::copy(&from, &to)
                .map(drop)
                .map_err(Error::io("copy", from))
        })
    }

    fn runtime_key(&self, flags: &[String]) -> String {
        let mut key = Key::default();
        key.add(&self.identity());
        key.add(shim::RUNTIME);
        key.add(shim::RUNTIME_HEADER);
        flags.iter().for_each(|flag| key.add(flag));
        key.finish()
    }

    /// The compiled sources of the runtime, shared by all sets of flags.
    fn runtime_library(&self, cache: &Cache) -> Result<PathBuf, Error> {
        let flags = self.flags("-O3", false);
        let name = format!("library-{}", self.runtime_key(&flags));
        cache.entry(&name, |dir| {
            write(dir, "embertl_runtime.h", shim::RUNTIME_HEADER)?;
            write(dir, "embertl_runtime.cc", shim::RUNTIME)?;
            let what = "Verilator's runtime";
            let mut objects = Vec::new();
            for source in runtime_sources(dir, &self.verilator.include) {
                let name = source.file_stem().unwrap_or_default().to_string_lossy();
                let object = format!("{name}.o");
                let mut args = flags.clone();
                args.extend(RUNTIME_DEFINES.map(str::to_owned));
                args.extend(["-c".into(), source.display().to_string(), "-o".into()]);
                args.push(object.clone());
                run(&self.compiler.command, dir, what, &args)?;
                objects.push(object);
            }
            let args = ["rcs", LIBRARY]
                .into_iter()
                .chain(objects.iter().map(String::as_str));
            run("ar", dir, what, args)
        })
    }

    /// Compiles the units in `cpp` into the shared object `output`.
    pub fn shared_object(
        &self,
        cache: &Cache,
        cpp: &Path,
        effort: Effort,
        trace: bool,
        output: &Path,
    ) -> Result<(), Error> {
        let levels = effort.levels();
        let what = "the verilated model";
        let compile = &|unit: usize| {
            let runtime = self.runtime(cache, levels[unit], trace)?;
            let mut args = self.flags(levels[unit], trace);
            args.extend([
                "-include".into(),
                runtime.join("prefix.h").display().to_string(),
            ]);
            args.extend([format!("-I{}", runtime.display()), "-I.".into()]);
            args.extend(["-c", UNITS[unit], "-o", OBJECTS[unit]].map(str::to_owned));
            run(&self.compiler.command, cpp, what, args).map(|()| runtime)
        };
        let units = (0..UNITS.len()).filter(|&unit| cpp.join(UNITS[unit]).is_file());
        let units: Vec<usize> = units.collect();
        let runtimes: Vec<_> = std::thread::scope(|scope| {
            let jobs: Vec<_> = units
                .iter()
                .map(|&unit| scope.spawn(move || compile(unit)))
                .collect();
            let done = jobs.into_iter().map(|job| job.join());
            done.map(|job| job.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let runtimes = runtimes
            .into_iter()
            .collect::<Result<Vec<PathBuf>, Error>>()?;
        let mut args: Vec<String> = ["-shared", "-o"].map(str::to_owned).into();
        args.push(output.display().to_string());
        args.extend(units.iter().map(|&unit| OBJECTS[unit].to_owned()));
        args.push(runtimes[0].join(LIBRARY).display().to_string());
        args.extend(["-pthread".into(), "-latomic".into()]);
        run(&self.compiler.command, cpp, what, args)
    }
}

/// The translation units of a model, in the folder of its generated sources: what runs in every
/// cycle, perhaps in two, and what runs once.
pub(crate) const UNITS: [&str; 3] = ["fast.cc", "fast2.cc", "slow.cc"];
const OBJECTS: [&str; 3] = ["fast.o", "fast2.o", "slow.o"];
/// Name of the runtime's static library.
const LIBRARY: &str = "libverilated.a";

/// Code generation options that models and runtime share. Without interposition and with hidden
/// symbols, position independent code costs nothing: Verilator's many small functions can be
/// inlined. Unique symbols would tie shared objects of different models together.
///
/// What the RTL prints goes to standard error: standard output is the program's own.
pub(crate) const CODEGEN: [&str; 7] = [
    "-fPIC",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-fno-semantic-interposition",
    "-fno-gnu-unique",
    "-w",
    "-DVL_PRINTF(...)=fprintf(stderr, __VA_ARGS__)",
];

/// The runtime's functions that [`shim::RUNTIME`] replaces.
pub(crate) const RUNTIME_DEFINES: [&str; 3] =
    ["-DVL_USER_FINISH", "-DVL_USER_STOP", "-DVL_USER_FATAL"];

/// Sources of the runtime: our own part in `own`, the others where Verilator has them.
pub(crate) fn runtime_sources(own: &Path, include: &Path) -> Vec<PathBuf> {
    let names = [
        "verilated.cpp",
        "verilated_threads.cpp",
        "verilated_vcd_c.cpp",
    ];
    let mut sources = vec![own.join("embertl_runtime.cc")];
    sources.extend(names.map(|name| include.join(name)));
    sources
}

/// Everything that decides how a model is compiled, as a text: part of its key.
pub(crate) fn recipe() -> String {
    let levels = [Effort::Quick, Effort::Full].map(Effort::levels);
    format!("{CODEGEN:?} {levels:?} {}", shim::unit("", "", &[], &[]))
}

pub(crate) fn write(dir: &Path, name: &str, text: &str) -> Result<(), Error> {
    let path = dir.join(name);
    std::fs::write(&path, text).map_err(Error::io("write", path))
}
