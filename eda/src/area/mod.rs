//! `embertl area`: how large a block is and how fast, from its RTL through Yosys to cells.
//!
//! Area comes from a netlist mapped by module, so that it can be told who needs it; paths come from
//! the same RTL mapped as a whole, so that they cross modules as they do in silicon. The area of the
//! latter, usually smaller, is given too. In blocks of hundreds of floating-point lanes one is mapped
//! for all.
//! Memories are black boxes with the figures of their macros.

mod census;
mod flow;
mod lanes;
mod liberty;
mod netlist;
mod node;
mod own45;
mod report;
mod sta;

use std::collections::HashMap;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use contract::Request;
use hdl_gen::{AnyBlock, Emitted, find};

use crate::tool::{Tool, ToolError, YOSYS};
use census::{CensusError, Memory, ModuleArea, census};
use flow::{Design, Flow, Mapped, Shape};
use liberty::{LibertyError, Library, SourceError};
use node::{Mixed, Node};
use report::{AreaReport, FlatReport, MemoryReport, ModuleReport, Tools};
use sta::{Path as TimedPath, Setting, StaError, longest_paths};

/// Where netlists, logs and reports go, below the current folder.
const SCRATCH: &str = "target/area";
const REPORTS: &str = "target/reports";

/// Published areas at 32 nm in mm2: block, configuration, figure. REFREE (DAC'24), section 5,
/// "Power and Area": 0.26 mm2 a PE.
const PUBLISHED: [(&str, &str, f64); 1] = [("pe", "paper", 0.26)];

/// Blocks of so many floating-point lanes that one of each unit is mapped for all (`lanes`).
const LANES_KEPT: [&str; 1] = ["tt_core"];

/// Synthesise a block: area, longest path
#[derive(Debug, clap::Parser)]
#[command(name = "area")]
pub struct AreaArgs {
    /// Block to synthesise [default: the first]
    #[arg(long, value_name = "NAME")]
    block: Option<String>,
    /// Named configuration or .toml file [default: the block's first]
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// Cell library instead of our own, plain or packed by gzip; several times for a library of
    /// several files
    #[arg(long, value_name = "FILE")]
    liberty: Vec<PathBuf>,
    /// Node of the cell library in nm [default: by its name, if it is a known one]
    #[arg(long, value_name = "NM", requires = "liberty", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    node: Option<u32>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// An area run that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    #[error(transparent)]
    Generator(Box<hdl_gen::Error>),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{path}: {why}")]
    Io { path: String, why: String },
    #[error("{file}: {source}")]
    Liberty { file: String, source: LibertyError },
    #[error("{file}: {source}")]
    Source { file: String, source: SourceError },
    #[error(transparent)]
    Node(#[from] Mixed),
    #[error("{file}: not a netlist of Yosys: {why}")]
    Netlist { file: String, why: String },
    #[error(transparent)]
    Census(#[from] CensusError),
    #[error(transparent)]
    Sta(#[from] StaError),
    #[error(
        "{instance}.{port}: logic feeds a lane that is mapped on its own; its path is not known"
    )]
    Unregistered { instance: String, port: String },
}

impl From<hdl_gen::Error> for AreaError {
    fn from(e: hdl_gen::Error) -> Self {
        Self::Generator(Box::new(e))
    }
}

impl AreaError {
    fn io(path: &Path, e: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            why: e.to_string(),
        }
    }
}

/// Synthesises; the table (or the JSON) to print. Leaves the report in `target/reports`.
pub fn run(blocks: &[&dyn AnyBlock], args: &AreaArgs) -> Result<String, AreaError> {
    let first = blocks.first().map(|block| block.name());
    let block = find(blocks, args.block.as_deref().or(first).unwrap_or_default())?;
    let config = block.load(&Request::of(args.config.clone()))?;
    let cells = Cells::load(&args.liberty, args.node)?;
    let report = analyse(&config.emit()?, &cells, Path::new(SCRATCH))?;
    let json = ::report::json(&report);
    let folder = Path::new(REPORTS);
    fs::create_dir_all(folder).map_err(|e| AreaError::io(folder, e))?;
    let file = folder.join(format!("area-{}-{}.json", report.block, report.config));
    contract::write_file(&file, &json).map_err(|e| AreaError::io(&file, e))?;
    Ok(match args.json {
        true => json,
        false => format!("{report}report {}\n", file.display()),
    })
}

/// A cell library, of one file or several.
struct Cells {
    library: Library,
    /// Names of its parts and where they came from.
    origin: String,
    node: Node,
}

impl Cells {
    /// Our own library if no files are given. `node` goes before what the names of libraries say.
    fn load(files: &[PathBuf], node: Option<u32>) -> Result<Self, AreaError> {
        let sources = if files.is_empty() {
            vec![("built in".to_owned(), own45::text())]
        } else {
            let read = |path: &PathBuf| {
                let file = path.display().to_string();
                match liberty::load(path) {
                    Ok(text) => Ok((file, text)),
                    Err(source) => Err(AreaError::Source { file, source }),
                }
            };
            files.iter().map(read).collect::<Result<_, _>>()?
        };
        let mut parts = Vec::new();
        let mut origin = Vec::new();
        for (file, text) in &sources {
            let inside = liberty::parts(text).map_err(|source| AreaError::Liberty {
                file: file.clone(),
                source,
            })?;
            let names: Vec<&str> = inside.iter().map(|p| p.name.as_str()).collect();
            origin.push(format!("{} ({file})", names.join(" + ")));
            parts.extend(inside.into_iter().map(|p| (file.as_str(), p)));
        }
        let node = match node {
            Some(nm) => Node(Some(nm)),
            None => {
                let with_cells = parts.iter().filter(|(_, p)| !p.cells.is_empty());
                Node::of(with_cells.map(|(_, p)| p.name.as_str()))?
            }
        };
        let library = Library::of(parts).map_err(|source| {
            let files: Vec<&str> = sources.iter().map(|(file, _)| file.as_str()).collect();
            AreaError::Liberty {
                file: files.join(", "),
                source,
            }
        })?;
        Ok(Self {
            library,
            origin: origin.join(" + "),
            node,
        })
    }
}

fn analyse(emitted: &Emitted, cells: &Cells, scratch: &Path) -> Result<AreaReport, AreaError> {
    let yosys = Tool::find(&YOSYS)?;
    let dir = scratch.join(format!("{}-{}", emitted.block, emitted.config));
    fs::create_dir_all(&dir).map_err(|e| AreaError::io(&dir, e))?;
    let design = Design {
        top: emitted.top.clone(),
        files: synthesis_files(emitted),
    };
    let flow = Flow::prepare(
        &yosys,
        &dir,
        &cells.library.text(),
        &cells.library.buffer,
        &design,
    )?;
    let at_45nm = cells.node.has_figures();
    let memories: HashMap<String, Memory> = emitted
        .srams
        .iter()
        .map(|s| {
            (
                s.name(),
                Memory {
                    area_um2: at_45nm.then(|| s.area_um2_45nm()),
                    access_ns: at_45nm.then(|| s.access_ns_45nm()),
                },
            )
        })
        .collect();
    let subject = Subject {
        design: &design,
        library: &cells.library,
        memories: &memories,
        node: cells.node,
    };

    if std::io::stderr().is_terminal() {
        shell::warn(&format!(
            "mapping {} {}: a minute or two\n",
            emitted.block, emitted.config
        ));
    }
    let (by_module, flat) = std::thread::scope(|s| {
        let by_module = s.spawn(|| flow.map(&design, Shape::Modules));
        let flat = flow.map(&design, Shape::Flat);
        (by_module.join(), flat)
    });
    let by_module = by_module.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let (modules, instances) = subject.modules(&by_module)?;
    let (flat, paths) = subject.flat(&flat?)?;

    let top = &modules[0];
    let (area, memory) = (top.total_um2, top.memory_um2);
    let logic = area - memory.unwrap_or(0.0);
    let scaled = at_45nm.then(|| AreaReport::scaled(area));
    let published = PUBLISHED
        .iter()
        .find(|p| (p.0, p.1) == (emitted.block, &emitted.config) && at_45nm);
    Ok(AreaReport {
        block: emitted.block.to_owned(),
        config: emitted.config.clone(),
        tools: Tools {
            embertl: env!("CARGO_PKG_VERSION"),
            yosys: yosys.version.clone(),
            library: cells.origin.clone(),
        },
        area_um2_45nm: at_45nm.then_some(area),
        logic_um2_45nm: at_45nm.then_some(logic),
        memory_um2_45nm: memory.filter(|_| at_45nm),
        area_mm2_32nm: scaled.map(|[stillmaker, geometric]| stillmaker.max(geometric)),
        area_mm2_32nm_stillmaker: scaled.map(|s| s[0]),
        area_mm2_32nm_geometric: scaled.map(|s| s[1]),
        published_mm2_32nm: published.map(|p| p.2),
        path_ns: paths.first().map_or(0.0, |p| p.ns),
        paths,
        flat,
        memories: emitted
            .srams
            .iter()
            .map(|s| MemoryReport {
                module: s.name(),
                words: s.words.into(),
                bits: s.bits.into(),
                instances: instances.get(&s.name()).copied().unwrap_or(0),
                area_um2_45nm: memories[&s.name()].area_um2,
                access_ns_45nm: memories[&s.name()].access_ns,
            })
            .collect(),
        modules,
        node_nm: cells.node,
        area_um2: area,
        logic_um2: logic,
        memory_um2: memory,
    })
}

/// The modules, with black boxes in place of memories.
fn synthesis_files(emitted: &Emitted) -> Vec<(String, String)> {
    emitted
        .sources()
        .map(|f| {
            let text = emitted
                .file(&format!("synth/{}", f.path))
                .unwrap_or(&f.text);
            let split = LANES_KEPT
                .contains(&emitted.block)
                .then(|| lanes::split(text));
            let text = split.flatten().unwrap_or_else(|| text.to_owned());
            (f.path.clone(), text)
        })
        .collect()
}

/// What both netlists of a design are measured with.
struct Subject<'a> {
    design: &'a Design,
    library: &'a Library,
    memories: &'a HashMap<String, Memory>,
    node: Node,
}

impl Subject<'_> {
    fn census(&self, mapped: &Mapped) -> Result<Vec<ModuleArea>, AreaError> {
        Ok(census(
            &mapped.netlist,
            &self.design.top,
            self.library,
            self.memories,
        )?)
    }

    fn paths(&self, mapped: &Mapped, module: &str) -> Result<Vec<TimedPath>, AreaError> {
        let setting = Setting {
            library: self.library,
            memories: self.memories,
        };
        Ok(longest_paths(&mapped.netlist, module, &setting)?)
    }

    /// The modules and, by name, how many of each memory there are.
    fn modules(
        &self,
        mapped: &Mapped,
    ) -> Result<(Vec<ModuleReport>, HashMap<String, u64>), AreaError> {
        let mut memories = HashMap::new();
        let mut modules = Vec::new();
        for area in self.census(mapped)? {
            for cell in mapped.netlist.modules[&area.key].cells.values() {
                if self.memories.contains_key(&cell.kind) {
                    *memories.entry(cell.kind.clone()).or_default() += area.instances;
                }
            }
            let path_ns = self.paths(mapped, &area.key)?.first().map(|p| p.ns);
            let abc_ns = mapped.abc_ns.get(&area.key).copied();
            modules.push(ModuleReport::of(area, self.node, path_ns, abc_ns));
        }
        Ok((modules, memories))
    }

    fn flat(&self, mapped: &Mapped) -> Result<(FlatReport, Vec<TimedPath>), AreaError> {
        let top = &self.design.top;
        if let Some((instance, port)) = lanes::unregistered(&mapped.netlist, top, self.library) {
            return Err(AreaError::Unregistered { instance, port });
        }
        let modules = self.census(mapped)?;
        let all =
            |count: fn(&ModuleArea) -> u64| modules.iter().map(|m| count(m) * m.instances).sum();
        let area = modules[0].total_um2;
        let flat = FlatReport {
            area_um2_45nm: self.node.has_figures().then_some(area),
            area_um2: area,
            cells: all(|m| m.cells),
            flops: all(|m| m.flops),
            abc_ns: mapped.abc_ns.get(top).copied(),
        };
        // Of each kind of start the longest, be it in the top or in a lane.
        let mut paths: Vec<TimedPath> = Vec::new();
        for m in &modules {
            for mut path in self.paths(mapped, &m.key)? {
                if m.key != *top {
                    path.from = format!("{}: {}", m.name, path.from);
                }
                paths.push(path);
            }
        }
        paths.sort_by(|a, b| b.ns.total_cmp(&a.ns));
        let mut seen = Vec::new();
        paths.retain(|p| {
            !seen.contains(&p.start) && {
                seen.push(p.start);
                true
            }
        });
        Ok((flat, paths))
    }
}

#[cfg(test)]
mod tests;
