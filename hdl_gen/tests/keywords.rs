//! No identifier of the emitted SystemVerilog is a keyword of another language that the files or
//! their netlist may pass through: many front ends have one scanner for all of Verilog, a
//! mixed-language flow writes the names into VHDL, and Verilator writes them into C++.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use contract::ConfigSpec;
use hdl_gen::blocks;

/// A language's reserved words.
struct Language {
    name: &'static str,
    words: BTreeSet<&'static str>,
    any_case: bool,
}

impl Language {
    fn new(name: &'static str, list: &'static str, any_case: bool) -> Self {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        Self {
            name,
            words: lines.flat_map(str::split_whitespace).collect(),
            any_case,
        }
    }

    fn reserves(&self, word: &str) -> bool {
        let lower = word.to_ascii_lowercase();
        self.words
            .contains(if self.any_case { lower.as_str() } else { word })
    }
}

fn system_verilog() -> Language {
    let list = include_str!("keywords/systemverilog.txt");
    Language::new("SystemVerilog", list, false)
}

/// The languages that nothing of an emitted file is written in.
fn others() -> [Language; 3] {
    [
        Language::new(
            "Verilog-AMS",
            include_str!("keywords/verilog_ams.txt"),
            false,
        ),
        Language::new("VHDL", include_str!("keywords/vhdl.txt"), true),
        Language::new("C++", include_str!("keywords/cpp.txt"), false),
    ]
}

/// The keywords that the RTL is written with. Any other keyword of SystemVerilog is taken for a
/// name that only some tool's older standard accepts.
const WRITTEN: [&str; 27] = [
    "always_comb",
    "always_ff",
    "assign",
    "automatic",
    "begin",
    "case",
    "default",
    "else",
    "end",
    "endcase",
    "endfunction",
    "endmodule",
    "endtask",
    "for",
    "function",
    "genvar",
    "if",
    "input",
    "int",
    "localparam",
    "logic",
    "module",
    "negedge",
    "output",
    "parameter",
    "posedge",
    "task",
];

/// Those that only a testbench is written with.
const TESTBENCH: [&str; 4] = ["forever", "initial", "repeat", "while"];

/// Words between operators that are keywords too.
const OPERATORS: [&str; 2] = ["or", "signed"];

/// The words of a source: names and keywords, without comments, texts, numbers, directives
/// (`` `x ``) and system functions (`$x`).
fn words(source: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = source;
    let part = |c: char| c.is_ascii_alphanumeric() || "_$".contains(c);
    while let Some(first) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |at| at + 2)
        } else if part(first) || "'`".contains(first) {
            // A number's base and digits belong together: 8'hff, '0.
            let more = |c| part(c) || (c == '\'' && first.is_ascii_digit());
            let end = rest[1..].find(|c| !more(c)).map_or(rest.len(), |at| at + 1);
            if first.is_ascii_alphabetic() || first == '_' {
                found.insert(&rest[..end]);
            }
            end
        } else {
            first.len_utf8()
        };
        rest = &rest[skip..];
    }
    found
}

/// Words of `source` that a language reserves, with the languages.
fn reserved(source: &str) -> BTreeMap<&str, Vec<&'static str>> {
    let (own, others) = (system_verilog(), others());
    let names = words(source)
        .into_iter()
        .filter(|word| !WRITTEN.contains(word) && !OPERATORS.contains(word));
    names
        .map(|word| {
            let all = std::iter::once(&own).chain(&others);
            let languages = all.filter(|language| language.reserves(word));
            (word, languages.map(|language| language.name).collect())
        })
        .filter(|(_, languages): &(_, Vec<_>)| !languages.is_empty())
        .collect()
}

#[test]
fn no_emitted_name_is_a_keyword_elsewhere() {
    let mut wrong = BTreeSet::new();
    let mut files = 0;
    for emitted in common::all() {
        for file in emitted.files.iter().filter(|f| f.path.ends_with(".sv")) {
            files += 1;
            for (word, languages) in reserved(&file.text) {
                let (block, path) = (emitted.block, &file.path);
                if path.starts_with("sim/") && TESTBENCH.contains(&word) {
                    continue;
                }
                wrong.insert(format!(
                    "{block}/{path}: `{word}` is a keyword of {languages:?}"
                ));
            }
        }
    }
    assert!(files > 100, "{files} files");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Parts of the templates that no named configuration emits, and the example's.
#[test]
fn no_name_in_a_template_is_a_keyword_elsewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["rtl_templates", "examples/own_block/templates"] {
        sources(&root.join(folder), &mut files);
    }
    assert!(files.len() > 30, "{files:?}");
    let mut wrong = BTreeSet::new();
    for path in files {
        let text = plain(&std::fs::read_to_string(&path).unwrap());
        let path = path.display();
        for (word, languages) in reserved(&text) {
            wrong.insert(format!("{path}: `{word}` is a keyword of {languages:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "sv") {
            files.push(path);
        }
    }
}

/// A template without what the template engine reads.
fn plain(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        while let Some(from) = text.find(open) {
            let to = text[from..].find(close).expect("closed") + from + close.len();
            text.replace_range(from..to, "");
        }
    }
    text
}

#[test]
fn keywords_are_found_where_they_are_names() {
    let source = "// inf\nmodule m (input logic signal, output logic [3:0] inf);\n\
                  logic Access, x, int_q, soft; /* body */\n\
                  assign inf = 4'hf + \"group\"; // next\nalways_comb new_q = $clog2(x);\nendmodule";
    let found: Vec<_> = reserved(source).into_iter().collect();
    assert_eq!(
        found,
        [
            ("Access", vec!["VHDL"]),
            ("inf", vec!["Verilog-AMS"]),
            ("signal", vec!["VHDL"]),
            ("soft", vec!["SystemVerilog"]),
        ]
    );
    let spelt = words("a.b 8'hff '0 'x 3'(k) `ifdef _c d$e");
    assert_eq!(spelt, BTreeSet::from(["a", "b", "k", "_c", "d$e"]));
}

/// VHDL knows no capitals: top-level names are basic identifiers of it, all different.
#[test]
fn names_at_the_edge_are_names_in_vhdl() {
    for block in blocks() {
        for name in block.config_names() {
            let request = ConfigSpec {
                config: Some(name.to_owned()),
                ..ConfigSpec::default()
            };
            let ports = block.load(&request).unwrap().ports();
            let mut seen = BTreeSet::new();
            for port in ports {
                let name = port.name.to_ascii_lowercase();
                let basic = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && !name.contains("__")
                    && !name.ends_with('_');
                assert!(basic, "{name}");
                assert!(
                    seen.insert(name.clone()),
                    "{name} twice but for its capitals"
                );
            }
        }
    }
}

/// Verible's scanner knows the words of Verilog-AMS.
#[test]
fn verible_reads_every_file_where_it_is_installed() {
    let tool = "verible-verilog-syntax";
    if Command::new(tool).arg("--version").output().is_err() {
        eprintln!("{tool} is not installed: nothing checked");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for emitted in common::all() {
        let folder = dir.path().join(emitted.block).join(&emitted.config);
        let files = emitted.files.iter().filter(|f| f.path.ends_with(".sv"));
        let mut command = Command::new(tool);
        for file in files {
            let path = folder.join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &file.text).unwrap();
            command.arg(path);
        }
        let out = command.output().unwrap();
        let told = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success(), "{told}");
    }
}
