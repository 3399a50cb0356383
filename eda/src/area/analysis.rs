//! From emitted RTL to areas and paths.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use hdl_gen::Emitted;

use super::cells::Cells;
use super::census::{Memory, ModuleArea, census};
use super::error::AreaError;
use super::flow::{Design, Flow, Mapped, Shape};
use super::lanes;
use super::liberty::Library;
use super::node::Node;
use super::report::{AreaReport, FlatReport, MemoryReport, ModuleReport, Tools};
use super::sta::{Path as TimedPath, Setting, longest_paths};
use crate::tool::{Tool, YOSYS};

/// Published areas at 32 nm in mm2: block, configuration, figure. REFREE (DAC'24), section 5,
/// "Power and Area": 0.26 mm2 a PE.
const PUBLISHED: [(&str, &str, f64); 1] = [("pe", "paper", 0.26)];

/// Blocks of so many floating-point lanes that one of each unit is mapped for all (`lanes`).
const LANES_KEPT: [&str; 1] = ["tt_core"];

pub(super) fn analyse(
    emitted: &Emitted,
    cells: &Cells,
    scratch: &Path,
) -> Result<AreaReport, AreaError> {
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
