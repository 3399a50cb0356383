//! Verilates the default designs and links them into the program: no C++ compiler is needed to run
//! it on them, and a design that doesn't build stops the build.

use std::error::Error;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use blocks::adc_switch::AdcSwitchConfig;
use blocks::pe::PeConfig;
use cosim::verilate::{Export, export};
use hdl_gen::Block;

pub fn link() {
    for variable in ["VERILATOR", "CXX", "LIBCLANG_PATH"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    println!("cargo::rerun-if-changed=build/linked.rs");
    if let Err(error) = build() {
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    // The tensor-train core is not here: compiling it takes longer than everything else.
    let designs = [design::<PeConfig>(&out)?, design::<AdcSwitchConfig>(&out)?];
    let mut text = String::new();
    for Design {
        name,
        rtl,
        exported,
    } in &designs
    {
        compile(name, exported)?;
        writeln!(text, "{}", module(name, rtl, exported)?)?;
    }
    // Behind the models: linkers resolve symbols from left to right.
    let exported = &designs[0].exported;
    objects(exported, 3)
        .files(&exported.runtime)
        .try_compile("verilated")?;
    println!("cargo::rustc-link-lib=atomic");
    std::fs::write(out.join("designs.rs"), text)?;
    Ok(())
}

/// A verilated design.
struct Design {
    name: String,
    /// Hash of its RTL.
    rtl: String,
    exported: Export,
}

/// Verilates a block's default configuration.
fn design<B: Block>(out: &Path) -> Result<Design, Box<dyn Error>> {
    let (name, config) = B::named().remove(0);
    let emitted = hdl_gen::emit(name, &config)?;
    let files = emitted
        .sources()
        .map(|file| (file.path.as_str(), file.text.as_str()));
    let rtl = cosim::Rtl::emitted(B::TOP, files);
    let name = format!("{}_{name}", B::BLOCK);
    let exported = export(&rtl, &config.ports(), &name, &out.join(&name))?;
    Ok(Design {
        name,
        rtl: rtl.hash(),
        exported,
    })
}

/// Compiles a model into a static library.
fn compile(design: &str, exported: &Export) -> Result<(), cc::Error> {
    // Programs that are built for debugging are built often.
    let optimised = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let (fast, slow) = if optimised { (3, 1) } else { (1, 0) };
    objects(exported, fast)
        .file(&exported.fast)
        .try_compile(design)?;
    objects(exported, slow)
        .file(&exported.slow)
        .try_compile(&format!("{design}_slow"))
}

fn objects(exported: &Export, level: u32) -> cc::Build {
    let mut build = cc::Build::new();
    build
        .cpp(true)
        .opt_level(level)
        .debug(false)
        .warnings(false)
        .includes(&exported.includes);
    for flag in &exported.flags {
        build.flag(flag);
    }
    build
}

/// The Rust side of a design: its ports, its entry function, and what RTL it is.
fn module(design: &str, hash: &str, exported: &Export) -> Result<String, Box<dyn Error>> {
    let bindings = bindings(&exported.header)?;
    let frames = &exported.frames;
    Ok(format!(
        "pub mod {design} {{\npub const RTL: &str = \"{hash}\";\n{bindings}\n{frames}\
         pub use {design}_inputs as Inputs;\npub use {design}_outputs as Outputs;\n\
         pub use embertl_{design} as entry;\n}}"
    ))
}

fn bindings(header: &Path) -> Result<String, Box<dyn Error>> {
    let builder = bindgen::Builder::default()
        .header(header.to_string_lossy())
        .blocklist_type("embertl_table")
        .raw_line("use cosim::ffi::Table as embertl_table;")
        .derive_default(true)
        .derive_eq(true)
        .layout_tests(false)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .formatter(bindgen::Formatter::None);
    // bindgen panics if it can't load libclang; its own words would drown in the trace.
    std::panic::set_hook(Box::new(|_| {}));
    let generated = catch_unwind(AssertUnwindSafe(|| builder.generate()));
    drop(std::panic::take_hook());
    match generated {
        Ok(bindings) => Ok(bindings?.to_string()),
        Err(_) => Err(
            "libclang was not found; install it (Debian: apt install libclang-dev) or set \
                       LIBCLANG_PATH to the folder of libclang.so"
                .into(),
        ),
    }
}
