//! The area report: figures at 45 nm, scaled to 32 nm, and the longest paths.

use std::fmt;

use report::{Column, Table, Unit, row};
use serde::Serialize;
use tech::{Unit, node};

use super::census::ModuleArea;
use super::sta::{Path, Start};

/// Area from 45 to 32 nm after Stillmaker and Baas.
pub const STILLMAKER_45_TO_32: f64 = node::STILLMAKER_45_TO_32.in_unit(Unit::Factor);
/// Area from 45 to 32 nm as the square of the feature size.
pub const GEOMETRIC_45_TO_32: f64 = node::geometric_area(45, 32);

const UM2: Unit = Unit::new("um2", 0);
const NS: Unit = Unit::new("ns", 3);

/// A module and its longest path when timed on its own, ports registered outside.
#[derive(Debug, Serialize)]
pub struct ModuleReport {
    #[serde(flatten)]
    pub area: ModuleArea,
    /// Clock to output or memory access, logic, setup; none if there is no path.
    pub path_ns: Option<f64>,
    /// Delay of the logic alone, as abc gives it.
    pub abc_ns: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct MemoryReport {
    pub module: String,
    pub words: u64,
    pub bits: u64,
    pub instances: u64,
    /// One instance.
    pub area_um2_45nm: f64,
    pub access_ns_45nm: f64,
}

/// The same design mapped without hierarchy: what the paths are measured on.
#[derive(Debug, Serialize)]
pub struct FlatReport {
    pub area_um2_45nm: f64,
    pub cells: u64,
    pub flops: u64,
    pub abc_ns: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct Tools {
    pub embertl: &'static str,
    pub yosys: String,
    /// Cell library by its own name, and where it came from.
    pub library: String,
}

/// One block in one configuration.
#[derive(Debug, Serialize)]
pub struct AreaReport {
    pub block: String,
    pub config: String,
    pub tools: Tools,
    pub area_um2_45nm: f64,
    pub logic_um2_45nm: f64,
    pub memory_um2_45nm: f64,
    /// The larger of the two scalings.
    pub area_mm2_32nm: f64,
    pub area_mm2_32nm_stillmaker: f64,
    pub area_mm2_32nm_geometric: f64,
    /// The published area of the configuration, if it is a published one.
    pub published_mm2_32nm: Option<f64>,
    /// The longest path, all kinds of start.
    pub path_ns: f64,
    /// The longest path of each kind of start, longest first.
    pub paths: Vec<Path>,
    pub flat: FlatReport,
    pub modules: Vec<ModuleReport>,
    pub memories: Vec<MemoryReport>,
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
        writeln!(
            f,
            "area   {:>9.0} um2 at 45 nm: logic {:.0}, memories {:.0} (mapped flat: {:.0})",
            self.area_um2_45nm, self.logic_um2_45nm, self.memory_um2_45nm, self.flat.area_um2_45nm
        )?;
        writeln!(
            f,
            "       {:>9.4} mm2 at 32 nm (x{:.3}, geometric), {:.4} (x{STILLMAKER_45_TO_32}, Stillmaker and Baas)",
            self.area_mm2_32nm_geometric, GEOMETRIC_45_TO_32, self.area_mm2_32nm_stillmaker
        )?;
        if let Some(mm2) = self.published_mm2_32nm {
            let percent = 100.0 * self.area_mm2_32nm / mm2;
            writeln!(
                f,
                "       {mm2:>9.4} mm2 at 32 nm published: ours is {percent:.0} % of it"
            )?;
        }
        writeln!(f, "path   {:>9.3} ns at 45 nm, without wires", self.path_ns)?;
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
        for m in &self.modules {
            let a = &m.area;
            table.row(row![
                a.name.as_str(),
                a.instances,
                a.cells,
                a.flops,
                a.local_um2_45nm,
                a.total_um2_45nm,
                m.path_ns,
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
