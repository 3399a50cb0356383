//! Sources of a model for a build script, which links it into a program.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use contract::{Dir, Port, Role};

use super::build::translate;
use super::compile::{CODEGEN, Effort, RUNTIME_DEFINES, Toolchain, UNITS, runtime_sources, write};
use super::{Rtl, shim};
use crate::Error;

/// The C++ of one model and how to compile it.
#[derive(Clone, Debug)]
pub struct Export {
    /// What runs in every cycle, with the shim: wants full optimisation.
    pub fast: PathBuf,
    /// What runs once.
    pub slow: PathBuf,
    /// Sources of the runtime; all models of a program share one.
    pub runtime: Vec<PathBuf>,
    pub includes: Vec<PathBuf>,
    /// Compiler options for all of them.
    pub flags: Vec<String>,
    /// C header with the entry function `embertl_<name>` and the ports as two structs,
    /// `<name>_inputs` and `<name>_outputs`.
    pub header: PathBuf,
    /// Rust that moves those structs into frames and out: two implementations of [`crate::Frame`].
    pub frames: String,
}

/// Verilates `rtl` into the folder `dir` as the model `name` (a C identifier).
///
/// # Errors
/// If a tool is missing, too old or refuses the RTL, or the RTL's ports aren't `ports`.
pub fn export(rtl: &Rtl, ports: &[Port], name: &str, dir: &Path) -> Result<Export, Error> {
    let tools = Toolchain::find()?;
    // Left-overs of another version would become part of the model.
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
    translate(&tools, rtl, ports, name, false, dir)?.write_units(Effort::Full, ports, dir)?;
    write(dir, "embertl_runtime.h", shim::RUNTIME_HEADER)?;
    write(dir, "embertl_runtime.cc", shim::RUNTIME)?;
    write(dir, "ports.h", &header(name, ports))?;
    let include = tools.verilator.include;
    let mut flags = vec![tools.verilator.standard];
    flags.extend(["-DVM_TRACE=0", "-DVM_TRACE_VCD=0"].map(str::to_owned));
    flags.extend(
        CODEGEN
            .iter()
            .chain(&RUNTIME_DEFINES)
            .map(|&flag| flag.to_owned()),
    );
    Ok(Export {
        fast: dir.join(UNITS[0]),
        slow: dir.join(UNITS[2]),
        runtime: runtime_sources(dir, &include),
        includes: vec![dir.to_owned(), include.join("vltstd"), include],
        flags,
        header: dir.join("ports.h"),
        frames: frames(name, ports),
    })
}

/// The data ports of one direction.
fn data(ports: &[Port], dir: Dir) -> impl Iterator<Item = &Port> {
    let is_data = |port: &&Port| !matches!(port.role, Role::Clock | Role::Reset);
    ports
        .iter()
        .filter(is_data)
        .filter(move |port| port.dir == dir)
}

const SIDES: [(Dir, &str); 2] = [(Dir::Input, "inputs"), (Dir::Output, "outputs")];

/// The C header. It includes nothing, so that reading it needs no system headers.
fn header(name: &str, ports: &[Port]) -> String {
    let mut text = format!("/* Ports of `{name}`. Generated; don't edit. */\n#pragma once\n\n");
    for (dir, side) in SIDES {
        let _ = writeln!(text, "typedef struct {name}_{side} {{");
        for port in data(ports, dir) {
            let Port {
                name, width, doc, ..
            } = port;
            let (kind, array) = match width {
                1..=8 => ("unsigned char", String::new()),
                9..=16 => ("unsigned short", String::new()),
                17..=32 => ("unsigned int", String::new()),
                33..=64 => ("unsigned long long", String::new()),
                _ => ("unsigned long long", format!("[{}]", width.div_ceil(64))),
            };
            let s = if *width == 1 { "" } else { "s" };
            let _ = writeln!(
                text,
                "  /** {width} bit{s}. {doc} */\n  {kind} {name}{array};"
            );
        }
        let _ = writeln!(text, "}} {name}_{side};\n");
    }
    let _ = writeln!(text, "struct embertl_table;");
    let _ = writeln!(text, "const struct embertl_table *embertl_{name}(void);");
    text
}

/// The Rust twin of [`header`].
fn frames(name: &str, ports: &[Port]) -> String {
    let mut text = String::new();
    for (dir, side) in SIDES {
        let (mut put, mut get, mut word) = (String::new(), String::new(), 0);
        for port in data(ports, dir) {
            let field = &port.name;
            if port.width <= 64 {
                let _ = writeln!(put, "        frame[{word}] = self.{field} as u64;");
                let _ = writeln!(get, "            {field}: frame[{word}] as _,");
                word += 1;
            } else {
                let end = word + port.width.div_ceil(64);
                let _ = writeln!(
                    put,
                    "        frame[{word}..{end}].copy_from_slice(&self.{field});"
                );
                let words: Vec<String> = (word..end).map(|word| format!("frame[{word}]")).collect();
                let _ = writeln!(get, "            {field}: [{}],", words.join(", "));
                word = end;
            }
        }
        let _ = write!(
            text,
            "impl cosim::Frame for {name}_{side} {{\n    const WORDS: usize = {word};\n    \
             fn put(&self, frame: &mut [u64]) {{\n{put}    }}\n    \
             fn get(frame: &[u64]) -> Self {{\n        Self {{\n{get}        }}\n    }}\n}}\n"
        );
    }
    text
}
