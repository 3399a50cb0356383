//! What a netlist is made of: cells, flip-flops and area by module.

use std::collections::{BTreeMap, HashMap};

use super::liberty::Library;
use super::netlist::{Netlist, source_name};

/// A memory macro: what synthesis can't tell. Without figures at the node of the cells, neither its
/// area nor paths from it are counted, and the report says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    pub area_um2: Option<f64>,
    pub access_ns: Option<f64>,
}

/// Something in the netlist whose area is not known; counting it as zero would be a lie.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum CensusError {
    #[error("module {module}: the library has no area for cell type {kind}")]
    NoArea { module: String, kind: String },
    #[error(
        "module {module}: macro {kind} has no area; black boxes must be memories of the design"
    )]
    NoMacroArea { module: String, kind: String },
    #[error("module {module}: {kind} is not mapped to a library cell{hint}")]
    NotMapped {
        module: String,
        kind: String,
        hint: &'static str,
    },
    #[error("module {0} contains itself")]
    Recursive(String),
}

/// One module of the netlist.
#[derive(Clone, Debug)]
pub struct ModuleArea {
    pub name: String,
    /// Name in the netlist, which for modules with parameters is not the source's.
    pub key: String,
    /// How many there are in the whole design.
    pub instances: u64,
    /// Library cells of one instance, without those of its submodules.
    pub cells: u64,
    pub flops: u64,
    /// Area of one instance in um2 without its submodules; memories count as part of the module
    /// that holds them.
    pub local_um2: f64,
    /// Area of one instance in um2 with all that is in it.
    pub total_um2: f64,
    /// Part of `total_um2` that is memory macros.
    pub memory_um2: f64,
    /// Memory macros in it, all levels.
    pub memories: u64,
}

/// Modules of the design in order of total area, the top first.
pub fn census(
    netlist: &Netlist,
    top: &str,
    library: &Library,
    memories: &HashMap<String, Memory>,
) -> Result<Vec<ModuleArea>, CensusError> {
    let mut c = Census {
        netlist,
        library,
        memories,
        done: BTreeMap::new(),
    };
    c.visit(top, 0)?;
    let mut order: Vec<String> = c.done.keys().cloned().collect();
    // Parents contain their children, so they come first by depth of containment.
    order.sort_by_key(|m| std::cmp::Reverse(c.done[m].height));
    let mut instances: HashMap<String, u64> = HashMap::from([(top.to_owned(), 1)]);
    for module in &order {
        let count = instances.get(module).copied().unwrap_or(0);
        for (child, n) in &c.done[module].children {
            *instances.entry(child.clone()).or_default() += count * n;
        }
    }
    let mut modules: Vec<ModuleArea> = c
        .done
        .into_iter()
        .map(|(key, e)| ModuleArea {
            instances: instances[&key],
            key,
            ..e.area
        })
        .collect();
    modules.sort_by(|a, b| {
        (b.key == top)
            .cmp(&(a.key == top))
            .then(b.total_um2.total_cmp(&a.total_um2))
    });
    Ok(modules)
}

struct Entry {
    area: ModuleArea,
    children: BTreeMap<String, u64>,
    /// Levels of hierarchy below.
    height: usize,
}

struct Census<'a> {
    netlist: &'a Netlist,
    library: &'a Library,
    memories: &'a HashMap<String, Memory>,
    done: BTreeMap<String, Entry>,
}

impl Census<'_> {
    fn visit(&mut self, key: &str, depth: usize) -> Result<(), CensusError> {
        if self.done.contains_key(key) {
            return Ok(());
        }
        if depth > self.netlist.modules.len() {
            return Err(CensusError::Recursive(key.into()));
        }
        let module = &self.netlist.modules[key];
        let name = source_name(key, Some(module));
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for cell in module.cells.values() {
            *kinds.entry(&cell.kind).or_default() += 1;
        }
        let (mut cells, mut flops, mut local, mut memory) = (0, 0, 0.0, 0.0);
        let mut memories = 0;
        let mut children = BTreeMap::new();
        for (kind, n) in kinds {
            if let Some(cell) = self.library.cells.get(kind) {
                let no_area = || CensusError::NoArea {
                    module: name.clone(),
                    kind: kind.into(),
                };
                local += cell.area.ok_or_else(no_area)? * n as f64;
                cells += n;
                flops += if cell.flop { n } else { 0 };
            } else if let Some(m) = self.memories.get(kind) {
                let area = m.area_um2.unwrap_or(0.0) * n as f64;
                local += area;
                memory += area;
                memories += n;
            } else if self
                .netlist
                .modules
                .get(kind)
                .is_some_and(|m| !m.is_blackbox())
            {
                children.insert(kind.to_owned(), n);
            } else if kind != "$scopeinfo" {
                return Err(unknown(name, kind));
            }
        }
        let (mut total, mut height) = (local, 0);
        for (child, n) in &children {
            self.visit(child, depth + 1)?;
            let below = &self.done[child];
            total += below.area.total_um2 * *n as f64;
            memory += below.area.memory_um2 * *n as f64;
            memories += below.area.memories * n;
            height = height.max(below.height + 1);
        }
        let area = ModuleArea {
            name,
            key: key.to_owned(),
            instances: 0,
            cells,
            flops,
            local_um2: local,
            total_um2: total,
            memory_um2: memory,
            memories,
        };
        self.done.insert(
            key.to_owned(),
            Entry {
                area,
                children,
                height,
            },
        );
        Ok(())
    }
}

fn unknown(module: String, kind: &str) -> CensusError {
    if !kind.starts_with('$') {
        return CensusError::NoMacroArea {
            module,
            kind: kind.into(),
        };
    }
    let hint = if kind.to_ascii_lowercase().contains("latch") {
        ": the flow maps no latches, describe a register"
    } else if kind.to_ascii_lowercase().contains("dff") {
        ": the library has no flip-flop to make it of"
    } else {
        ""
    };
    CensusError::NotMapped {
        module,
        kind: kind.into(),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::own45;
    use serde_json::json;

    fn netlist() -> serde_json::Value {
        let cell = |kind: &str| json!({ "type": kind, "connections": {} });
        let module = |cells| json!({ "ports": {}, "cells": cells, "netnames": {} });
        json!({ "creator": "test", "modules": {
            "top": module(json!({ "a": cell("mid"), "b": cell("mid"), "c": cell("INV_X1") })),
            "mid": module(json!({ "a": cell("leaf"), "b": cell("leaf"), "f": cell("DFF_X1") })),
            "leaf": module(json!({ "m": cell("sram"), "n": cell("NAND2_X1") })),
            "sram": { "attributes": { "blackbox": "1" }, "ports": {}, "cells": {}, "netnames": {} },
        } })
    }

    fn count(netlist: serde_json::Value) -> Result<Vec<ModuleArea>, CensusError> {
        let memory = Memory {
            area_um2: Some(100.0),
            access_ns: Some(0.1),
        };
        census(
            &serde_json::from_value(netlist).unwrap(),
            "top",
            &Library::parse(&own45::text()).unwrap(),
            &HashMap::from([("sram".to_owned(), memory)]),
        )
    }

    #[test]
    fn areas_and_instances_add_up_through_the_hierarchy() {
        let modules = count(netlist()).unwrap();
        let names: Vec<_> = modules
            .iter()
            .map(|m| (m.name.as_str(), m.instances))
            .collect();
        assert_eq!(names, [("top", 1), ("mid", 2), ("leaf", 4)]);
        let (leaf, mid) = (100.0 + 0.798, 2.0 * (100.0 + 0.798) + 4.522);
        assert!((modules[2].total_um2 - leaf).abs() < 1e-9);
        assert!((modules[1].total_um2 - mid).abs() < 1e-9);
        assert!((modules[0].total_um2 - (2.0 * mid + 0.532)).abs() < 1e-9);
        assert_eq!((modules[0].memory_um2, modules[0].memories), (400.0, 4));
        assert_eq!((modules[1].cells, modules[1].flops), (1, 1));
        // What all instances have of their own is the whole.
        let local: f64 = modules
            .iter()
            .map(|m| m.local_um2 * m.instances as f64)
            .sum();
        assert!((local - modules[0].total_um2).abs() < 1e-9);
    }

    #[test]
    fn nothing_counts_as_zero() {
        let with = |module: &str, kind: &str| {
            let mut n = netlist();
            n["modules"][module]["cells"]["x"] = json!({ "type": kind, "connections": {} });
            n["modules"]["other"] = n["modules"]["sram"].clone();
            count(n).unwrap_err().to_string()
        };
        assert_eq!(
            with("leaf", "other"),
            "module leaf: macro other has no area; black boxes must be memories of the design"
        );
        assert_eq!(
            with("mid", "$_DLATCH_P_"),
            "module mid: $_DLATCH_P_ is not mapped to a library cell: the flow maps no latches, describe a register"
        );
        assert_eq!(
            with("mid", "$_DFF_PN0_"),
            "module mid: $_DFF_PN0_ is not mapped to a library cell: the library has no flip-flop to make it of"
        );
        assert_eq!(with("leaf", "top"), "module top contains itself");
    }
}
