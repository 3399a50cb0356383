//! The FuseSoC core says all that Edalize must know to run its targets, and where FuseSoC is
//! installed they are run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use contract::ConfigSpec;
use hdl_gen::{AnyBlock, Emitted, blocks, write};

fn emitted(block: &dyn AnyBlock, name: &str) -> Emitted {
    let request = ConfigSpec {
        config: Some(name.to_owned()),
        ..ConfigSpec::default()
    };
    block.load(&request).unwrap().emit().unwrap()
}

fn all() -> impl Iterator<Item = Emitted> {
    blocks().into_iter().flat_map(|block| {
        let names = block.config_names();
        names.into_iter().map(move |name| emitted(block, name))
    })
}

/// The core as path -> values, e.g. `targets/sim/toplevel` -> `pe_tb`. Reads as much of YAML as a
/// core uses: mappings by indentation, lists of one line or of one entry a line.
fn read(core: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    let mut path: Vec<(usize, &str)> = Vec::new();
    for line in core.lines().skip(1) {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        while path.last().is_some_and(|&(outer, _)| outer >= indent) {
            path.pop();
        }
        let keys: Vec<&str> = path.iter().map(|&(_, key)| key).collect();
        if let Some(entry) = text.strip_prefix("- ") {
            let values = found.entry(keys.join("/")).or_default();
            values.push(entry.to_owned());
            continue;
        }
        let (key, value) = text.split_once(':').expect("a key");
        let list = value.trim().trim_matches(['[', ']']);
        let values = list.split(", ").filter(|v| !v.is_empty());
        let at = [&keys[..], &[key]].concat().join("/");
        found.insert(at, values.map(str::to_owned).collect());
        path.push((indent, key));
    }
    found
}

#[test]
fn every_target_says_what_its_flow_needs() {
    for emitted in all() {
        let core = emitted.file(&format!("{}.core", emitted.top)).unwrap();
        let core = read(core);
        let one = |path: &str| match core.get(path).map(Vec::as_slice) {
            Some([value]) => value.as_str(),
            other => panic!("{}: {path} is {other:?}", emitted.config),
        };
        for (target, flow, tool, top) in [
            ("lint", "lint", "verilator", emitted.top.clone()),
            ("sim", "sim", "icarus", format!("{}_tb", emitted.top)),
            ("synth", "generic", "yosys", emitted.top.clone()),
        ] {
            let at = |key: &str| format!("targets/{target}/{key}");
            let inherits = core.contains_key(&at("<<"));
            let from = if inherits { "default" } else { target };
            assert_eq!(one(&at("flow")), flow);
            assert_eq!(one(&at("flow_options/tool")), tool);
            assert_eq!(one(&format!("targets/{from}/toplevel")), top);
            assert!(!core.contains_key(&at("default_tool")), "both interfaces");

            let mut given = BTreeSet::new();
            for set in &core[&format!("targets/{from}/filesets")] {
                let files = core.get(&format!("filesets/{set}/files"));
                let files = files.unwrap_or_else(|| panic!("{target}: no fileset {set}"));
                let path = |file: &String| file.split(": ").next().unwrap().to_owned();
                given.extend(files.iter().map(path));
            }
            for path in &given {
                assert!(emitted.file(path).is_some(), "{target}: {path}");
            }
            let module = format!("{top}.sv");
            assert!(given.iter().any(|path| path.ends_with(&module)), "{module}");
            // Each module once: a memory is either a model or a black box.
            let names: BTreeSet<_> = given.iter().map(|p| p.rsplit('/').next()).collect();
            assert_eq!(names.len(), given.len(), "{given:?}");
        }
        // What Edalize's Yosys refuses to run without.
        let arch = one("targets/synth/flow_options/arch");
        assert!(["xilinx", "ice40", "ecp5"].contains(&arch), "{arch}");
        let script = one("targets/synth/flow_options/yosys_template");
        let placed = &core["filesets/synth_script/files"];
        let copied = format!("synth/synth.tcl: {{copyto: {script}}}");
        assert_eq!(*placed, [copied]);
    }
}

/// The testbench drives every input and looks at every output.
#[test]
fn the_testbench_knows_every_port() {
    for block in blocks() {
        for name in block.config_names() {
            let emitted = emitted(block, name);
            let path = format!("sim/{}_tb.sv", emitted.top);
            let text = emitted.file(&path).unwrap();
            assert!(!emitted.sources().any(|file| file.path == path));
            let request = ConfigSpec {
                config: Some(name.to_owned()),
                ..ConfigSpec::default()
            };
            for port in block.load(&request).unwrap().ports() {
                let name = &port.name;
                let used = match port.dir {
                    contract::Dir::Input => format!(" {name} = "),
                    contract::Dir::Output => format!("^{name} === 1'bx"),
                };
                assert!(text.contains(&used), "{path}: {used}");
            }
        }
    }
}

fn run(program: &str, dir: &Path, args: &[&str]) -> Option<(bool, String)> {
    let out = Command::new(program).args(args).current_dir(dir).output();
    let out = out.ok()?;
    let text = [out.stdout, out.stderr].concat();
    Some((
        out.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}

#[test]
fn fusesoc_runs_every_target_where_it_is_installed() {
    let dir = tempfile::tempdir().unwrap();
    let tools = ["fusesoc", "verilator", "iverilog", "yosys"];
    let absent = |tool: &&str| run(tool, dir.path(), &["--help"]).is_none();
    if let Some(tool) = tools.iter().find(|tool| absent(tool)) {
        eprintln!("{tool} is not installed: nothing run");
        return;
    }
    for block in blocks() {
        let emitted = emitted(block, "tiny");
        write(&emitted, &dir.path().join("cores").join(emitted.block)).unwrap();
        let core = format!("embertl:{0}:{1}_tiny", emitted.block, emitted.top);
        for target in ["lint", "sim", "synth"] {
            let target = format!("--target={target}");
            let args = ["--cores-root", "cores", "run", &target, &core];
            let (success, log) = run("fusesoc", dir.path(), &args).unwrap();
            assert!(success, "{core} {target}\n{log}");
            let passed = log.contains(&format!("PASS {}", emitted.top));
            assert_eq!(passed, target == "--target=sim", "{log}");
        }
    }
}
