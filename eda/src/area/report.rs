//! The area report: figures at the node of the cells, scaled to 32 nm from 45 nm, and the longest
//! paths.

use std::fmt;

use report::{Column, Table, Unit, row};
use serde::Serialize;
use tech::node;

use super::census::ModuleArea;
use super::node::Node;
use super::sta::{Path, Start};

/// Area from 45 to 32 nm after Stillmaker and Baas.
pub const STILLMAKER_45_TO_32: f64 = node::STILLMAKER_45_TO_32.in_unit(tech::Unit::Factor);
/// Area from 45 to 32 nm as the square of the feature size.
pub const GEOMETRIC_45_TO_32: f64 = node::geometric_area(45, 32);

const UM2: Unit = Unit::new("um2", 0);
const NS: Unit = Unit::new("ns", 3);

/// A module and its longest path when timed on its own, ports registered outside. Areas are as those
/// of [`ModuleArea`]; keys with a node in them are of cells of that node only.
#[derive(Debug, Serialize)]
pub struct ModuleReport {
    pub name: String,
    pub instances: u64,
    pub cells: u64,
    pub flops: u64,
    pub local_um2_45nm: Option<f64>,
    pub total_um2_45nm: Option<f64>,
    pub memory_um2_45nm: Option<f64>,
    /// Clock to output or memory access, logic, setup; none if there is no path.
    pub path_ns: Option<f64>,
    /// Delay of the logic alone, as abc gives it.
    pub abc_ns: Option<f64>,
    pub local_um2: f64,
    pub total_um2: f64,
    /// None if there are no figures of its memories at this node; the areas are without them then.
    pub memory_um2: Option<f64>,
}

impl ModuleReport {
    pub fn of(area: ModuleArea, node: Node, path_ns: Option<f64>, abc_ns: Option<f64>) -> Self {
        let at_45nm = node.has_figures();
        let memory = (at_45nm || area.memories == 0).then_some(area.memory_um2);
        Self {
            name: area.name,
            instances: area.instances,
            cells: area.cells,
            flops: area.flops,
            local_um2_45nm: at_45nm.then_some(area.local_um2),
            total_um2_45nm: at_45nm.then_some(area.total_um2),
            memory_um2_45nm: memory.filter(|_| at_45nm),
            path_ns,
            abc_ns,
            local_um2: area.local_um2,
            total_um2: area.total_um2,
            memory_um2: memory,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct MemoryReport {
    pub module: String,
    pub words: u64,
    pub bits: u64,
    pub instances: u64,
    /// One instance; none if the cells are of another node.
    pub area_um2_45nm: Option<f64>,
    pub access_ns_45nm: Option<f64>,
}

/// The same design mapped without hierarchy: what the paths are measured on.
#[derive(Debug, Serialize)]
pub struct FlatReport {
    pub area_um2_45nm: Option<f64>,
    pub cells: u64,
    pub flops: u64,
    pub abc_ns: Option<f64>,
    pub area_um2: f64,
}

#[derive(Debug, Serialize)]
pub struct Tools {
    pub embertl: &'static str,
    pub yosys: String,
    /// Cell library by its own name, and where it came from.
    pub library: String,
}

/// One block in one configuration. What needs a node that the cells are not of is none.
#[derive(Debug, Serialize)]
pub struct AreaReport {
    pub block: String,
    pub config: String,
    pub tools: Tools,
    pub area_um2_45nm: Option<f64>,
    pub logic_um2_45nm: Option<f64>,
    pub memory_um2_45nm: Option<f64>,
    /// The larger of the two scalings.
    pub area_mm2_32nm: Option<f64>,
    pub area_mm2_32nm_stillmaker: Option<f64>,
    pub area_mm2_32nm_geometric: Option<f64>,
    /// The published area of the configuration, if it is a published one.
    pub published_mm2_32nm: Option<f64>,
    /// The longest path, all kinds of start.
    pub path_ns: f64,
    /// The longest path of each kind of start, longest first.
    pub paths: Vec<Path>,
    pub flat: FlatReport,
    pub modules: Vec<ModuleReport>,
    pub memories: Vec<MemoryReport>,
    /// Node of the cells; none if it is not known.
    pub node_nm: Node,
    /// At that node; without memories if `memory_um2` is none.
    pub area_um2: f64,
    pub logic_um2: f64,
    pub memory_um2: Option<f64>,
}

impl AreaReport {
    /// Both scalings of an area in um2 at 45 nm to mm2 at 32 nm: Stillmaker, geometric.
    pub fn scaled(um2: f64) -> [f64; 2] {
        [
            um2 * STILLMAKER_45_TO_32 / 1e6,
            um2 * GEOMETRIC_45_TO_32 / 1e6,
        ]
    }
}

impl fmt::Display for AreaReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            f,
            "{} {}: {}; cells {}",
            self.block, self.config, self.tools.yosys, self.tools.library
        )?;
        writeln!(f, "\n{}", self.module_table())?;
        if !self.memories.is_empty() {
            writeln!(f, "{}", self.memory_table())?;
        }
        let node = self.node_nm;
        let memories = match self.memory_um2 {
            Some(um2) => format!("memories {um2:.0}"),
            None => format!("memories not added, there are no figures of them at {node}"),
        };
        writeln!(
            f,
            "area   {:>9.0} um2 at {node}: logic {:.0}, {memories} (mapped flat: {:.0})",
            self.area_um2, self.logic_um2, self.flat.area_um2
        )?;
        match (self.area_mm2_32nm_geometric, self.area_mm2_32nm_stillmaker) {
            (Some(geometric), Some(stillmaker)) => writeln!(
                f,
                "       {geometric:>9.4} mm2 at 32 nm (x{GEOMETRIC_45_TO_32:.3}, geometric), {stillmaker:.4} (x{STILLMAKER_45_TO_32}, Stillmaker and Baas)",
            )?,
            _ if node.0.is_some() => {
                writeln!(
                    f,
                    "       not scaled to 32 nm: there is no rule from {node}"
                )?;
            }
            _ => writeln!(
                f,
                "       not scaled to 32 nm: the library's name tells no node, --node NM does"
            )?,
        }
        if let (Some(mm2), Some(ours)) = (self.published_mm2_32nm, self.area_mm2_32nm) {
            let percent = 100.0 * ours / mm2;
            writeln!(
                f,
                "       {mm2:>9.4} mm2 at 32 nm published: ours is {percent:.0} % of it"
            )?;
        }
        let untimed = if self.memory_um2.is_none() {
            "; none from memories, their access time is not known"
        } else {
            ""
        };
        writeln!(
            f,
            "path   {:>9.3} ns at {node}, without wires{untimed}",
            self.path_ns
        )?;
        for path in &self.paths {
            let start = match path.start {
                Start::Register => "register",
                Start::Memory => "memory",
                Start::Input => "input",
            };
            writeln!(
                f,
                "       {:>9.3} from {start} {} to {}",
                path.ns, path.from, path.to
            )?;
        }
        Ok(())
    }
}

impl AreaReport {
    fn module_table(&self) -> Table {
        let mut table = Table::new([
            Column::left("module"),
            Column::right("inst"),
            Column::right("cells"),
            Column::right("flops"),
            Column::right("local").unit(UM2),
            Column::right("total").unit(UM2),
            Column::right("path").unit(NS),
        ]);
        for a in &self.modules {
            table.row(row![
                a.name.as_str(),
                a.instances,
                a.cells,
                a.flops,
                a.local_um2,
                a.total_um2,
                a.path_ns,
            ]);
        }
        table
    }

    fn memory_table(&self) -> Table {
        let mut table = Table::new([
            Column::left("memory"),
            Column::right("inst"),
            Column::right("words"),
            Column::right("bits"),
            Column::right("um2 each"),
            Column::right("access").unit(NS.decimals(2)),
        ]);
        for m in &self.memories {
            table.row(row![
                m.module.as_str(),
                m.instances,
                m.words,
                m.bits,
                m.area_um2_45nm,
                m.access_ns_45nm,
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalings_are_the_published_ones() {
        let [stillmaker, geometric] = AreaReport::scaled(100_000.0);
        assert!((stillmaker - 0.046).abs() < 1e-12);
        assert!((geometric - 0.0506).abs() < 1e-4);
    }
}
