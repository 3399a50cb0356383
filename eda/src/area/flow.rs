//! The Yosys flow: SystemVerilog to a netlist of library cells.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::error::AreaError;
use super::netlist::Netlist;
use super::sta::PORT_LOAD_FF;
use crate::tool::Tool;

/// Logic to cells: `own45.abc`.
const ABC_SCRIPT: &str = include_str!("own45.abc");

/// A design to synthesise: its memories are black boxes.
pub struct Design {
    pub top: String,
    /// File name and text.
    pub files: Vec<(String, String)>,
}

/// A mapped netlist and, by module, the delay in ns of the logic as abc sees it.
pub struct Mapped {
    pub netlist: Netlist,
    pub abc_ns: HashMap<String, f64>,
}

/// How much of the hierarchy survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The top, its submodules and theirs; what is below is flattened into them.
    Modules,
    /// Nothing: one module.
    Flat,
}

/// Levels of modules kept below the top. Deeper ones are pieces of arithmetic that no one would
/// map on their own.
const KEPT_LEVELS: usize = 2;

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Modules => "modules",
            Self::Flat => "flat",
        }
    }
}

/// Yosys in a working directory that holds the cell library.
pub struct Flow<'a> {
    yosys: &'a Tool,
    dir: &'a Path,
}

impl<'a> Flow<'a> {
    /// Writes library, constraints and RTL into the directory. Everything is named relative to
    /// it, as ports of Yosys that see only their working directory need.
    pub fn prepare(
        yosys: &'a Tool,
        dir: &'a Path,
        liberty: &str,
        buffer: &str,
        design: &Design,
    ) -> Result<Self, AreaError> {
        let constraints = format!("set_driving_cell {buffer}\nset_load {PORT_LOAD_FF:.1}\n");
        for (name, text) in [
            ("cells.lib", liberty),
            ("cells.constr", &constraints),
            ("cells.abc", ABC_SCRIPT),
        ] {
            write(&dir.join(name), text)?;
        }
        for (name, text) in &design.files {
            write(&dir.join(name), text)?;
        }
        Ok(Self { yosys, dir })
    }

    /// Maps a design as a whole, or by module.
    pub fn map(&self, design: &Design, shape: Shape) -> Result<Mapped, AreaError> {
        let (top, step) = (&design.top, shape.name());
        let mut script = String::new();
        for (name, _) in &design.files {
            let _ = writeln!(script, "read_verilog -sv {name}");
        }
        let _ = writeln!(script, "hierarchy -check -top {top}");
        if shape == Shape::Modules {
            let _ = writeln!(script, "select -set kept {top}");
            for _ in 0..KEPT_LEVELS {
                let _ = writeln!(script, "select -set kept @kept @kept %M %u");
            }
            let _ = writeln!(script, "setattr -mod -set keep_hierarchy 1 @kept");
        }
        let _ = write!(
            script,
            "synth -noabc -flatten -top {top}
dfflibmap -liberty cells.lib
abc -liberty cells.lib -constr cells.constr -script cells.abc
opt_clean -purge
write_json {step}.json
"
        );
        write(&self.dir.join(format!("{step}.ys")), &script)?;
        let output = self.yosys.run(self.dir, &["-s", &format!("{step}.ys")])?;
        let log = String::from_utf8_lossy(&output.stdout);
        write(&self.dir.join(format!("{step}.log")), &log)?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            let said = errors
                .lines()
                .chain(log.lines())
                .find(|l| l.contains("ERROR"));
            let said = said.map_or_else(|| output.status.to_string(), |l| l.trim().to_owned());
            return Err(self.yosys.failed(&format!("on {top}"), said).into());
        }
        let path = self.dir.join(format!("{step}.json"));
        let text = fs::read_to_string(&path).map_err(|e| AreaError::io(&path, e))?;
        let netlist = serde_json::from_str(&text).map_err(|e| AreaError::Netlist {
            file: path.display().to_string(),
            why: e.to_string(),
        })?;
        Ok(Mapped {
            netlist,
            abc_ns: abc_delays(&log),
        })
    }
}

fn write(path: &Path, text: &str) -> Result<(), AreaError> {
    fs::write(path, text).map_err(|e| AreaError::io(path, e))
}

/// The last `Delay = ... ps` that abc prints for each module.
fn abc_delays(log: &str) -> HashMap<String, f64> {
    let mut delays = HashMap::new();
    let mut module = "";
    for line in log.lines() {
        if let Some((_, rest)) = line.split_once("Extracting gate netlist of module `") {
            module = rest
                .split('\'')
                .next()
                .unwrap_or("")
                .trim_start_matches('\\');
        } else if let Some((_, rest)) = line.split_once("Delay =") {
            let ps = rest
                .split_whitespace()
                .next()
                .and_then(|n| n.parse::<f64>().ok());
            if let (Some(ps), true) = (ps, rest.contains(" ps")) {
                delays.insert(module.to_owned(), ps / 1e3);
            }
        }
    }
    delays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abc_delays_belong_to_the_module_named_before() {
        let log = "\
Extracting gate netlist of module `\\adder' to `<abc-temp-dir>/input.blif'..
ABC: WireLoad = \"none\"  Gates =  10  Area =  7.3 (100.0 %)   Delay =   949.39 ps  ( 21.7 %)
Extracting gate netlist of module `$paramod\\fifo\\W=3' to `<abc-temp-dir>/input.blif'..
ABC: WireLoad = \"none\"  Gates =  10  Area =  7.3 (100.0 %)   Delay =    12.00 ps  ( 21.7 %)
";
        let delays = abc_delays(log);
        assert_eq!(delays["adder"], 0.94939);
        assert_eq!(delays["$paramod\\fifo\\W=3"], 0.012);
    }
}
