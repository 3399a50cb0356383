//! The tools that read every module.

use std::path::Path;
use std::process::Output;

use crate::tool::{IVERILOG, Tool, ToolError, VERILATOR, Wanted, YOSYS};

/// slang has no Debian package; its Python binding is used where there is one.
const SLANG: Wanted = Wanted {
    name: "python3",
    package: "python3",
    variable: "PYTHON",
    version_flag: "--version",
};

/// Elaborates and analyses `top file...` as the slang program does; prints the version without any.
const SLANG_SCRIPT: &str = "\
import sys
import pyslang
try:
    from pyslang.driver import Driver
except ImportError:
    from pyslang import Driver
if len(sys.argv) == 1:
    print('slang', pyslang.__version__)
    sys.exit(0)
driver = Driver()
driver.addStandardArgs()
ok = driver.parseCommandLine(' '.join(['slang', '-Wextra', '--top', *sys.argv[1:]]))
ok = ok and driver.processOptions() and driver.parseAllSources()
ok = ok and driver.runFullCompilation(True)
sys.exit(0 if ok else 1)
";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Verilator,
    Yosys,
    Icarus,
    Slang,
}

/// A tool that is present.
pub struct Checker {
    kind: Kind,
    tool: Tool,
}

/// The three tools that must be present, and slang or why it is skipped.
pub fn find() -> Result<(Vec<Checker>, Option<String>), ToolError> {
    let mut checkers = Vec::new();
    for (kind, wanted) in [
        (Kind::Verilator, &VERILATOR),
        (Kind::Yosys, &YOSYS),
        (Kind::Icarus, &IVERILOG),
    ] {
        checkers.push(Checker {
            kind,
            tool: Tool::find(wanted)?,
        });
    }
    let slang = Tool::find(&SLANG).and_then(|mut tool| {
        let output = tool.run(Path::new("."), &["-c", SLANG_SCRIPT])?;
        if !output.status.success() {
            return Err(tool.failed("import of pyslang", output.status.to_string()));
        }
        tool.version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Checker {
            kind: Kind::Slang,
            tool,
        })
    });
    let skipped = match slang {
        Ok(checker) => {
            checkers.push(checker);
            None
        }
        Err(_) => Some("slang: not present, skipped (python3 can't import pyslang)".to_owned()),
    };
    Ok((checkers, skipped))
}

impl Checker {
    pub fn version(&self) -> &str {
        &self.tool.version
    }

    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Verilator => "verilator",
            Kind::Yosys => "yosys",
            Kind::Icarus => "icarus",
            Kind::Slang => "slang",
        }
    }

    /// What the tool has to say about a module, given its files in `dir`; `None` if nothing.
    pub fn check(
        &self,
        dir: &Path,
        module: &str,
        files: &[String],
    ) -> Result<Option<String>, ToolError> {
        let yosys = format!(
            "read_verilog -sv {}; hierarchy -check -top {module}; proc; opt_clean; check -assert",
            files.join(" ")
        );
        let mut args: Vec<&str> = match self.kind {
            Kind::Verilator => vec!["--lint-only", "-Wall", "--top-module", module],
            Kind::Yosys => vec!["-Q", "-p", &yosys],
            Kind::Icarus => vec!["-g2012", "-Wall", "-t", "null", "-s", module],
            Kind::Slang => vec!["-c", SLANG_SCRIPT, module],
        };
        if self.kind != Kind::Yosys {
            args.extend(files.iter().map(String::as_str));
        }
        let output = self.tool.run(dir, &args)?;
        Ok(self.complaint(&output))
    }

    /// Yosys reports its progress, so there only warnings and errors count; from the others
    /// silence is expected.
    fn complaint(&self, output: &Output) -> Option<String> {
        let text = [output.stderr.as_slice(), b"\n", output.stdout.as_slice()].concat();
        let text = String::from_utf8_lossy(&text);
        let counts =
            |l: &&str| self.kind != Kind::Yosys || l.contains("Warning: ") || l.contains("ERROR: ");
        let lines: Vec<&str> = text
            .lines()
            .filter(|l| !l.trim().is_empty())
            .filter(counts)
            .collect();
        match (lines.is_empty(), output.status.success()) {
            (true, true) => None,
            (true, false) => Some(format!("ended with {}", output.status)),
            (false, _) => Some(lines.join("\n")),
        }
    }
}
