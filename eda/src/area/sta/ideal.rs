//! Nets that timing leaves out: clocks and asynchronous controls, which a clock tree would serve.

use std::collections::{HashMap, HashSet};

use super::setting::Setting;
use crate::area::liberty::{Arc, ArcKind, Cell};
use crate::area::netlist::{Bit, Module, Netlist};

/// Clock port of every memory macro.
const MEMORY_CLOCK: &str = "clk_i";

/// Ideal nets by module, found from the pins of cells up through the hierarchy.
pub struct Ideal<'a> {
    netlist: &'a Netlist,
    setting: &'a Setting<'a>,
    /// Untimed pins by cell type.
    pins: HashMap<&'a str, HashSet<&'a str>>,
    modules: HashMap<&'a str, HashSet<u32>>,
}

impl<'a> Ideal<'a> {
    pub fn new(netlist: &'a Netlist, setting: &'a Setting<'a>) -> Self {
        Self {
            netlist,
            setting,
            pins: HashMap::new(),
            modules: HashMap::new(),
        }
    }

    /// The ideal nets of a module. Its hierarchy must be free of loops.
    pub fn nets(&mut self, module: &'a str) -> &HashSet<u32> {
        if !self.modules.contains_key(module) {
            let found = self.find(&self.netlist.modules[module]);
            self.modules.insert(module, found);
        }
        &self.modules[module]
    }

    fn find(&mut self, module: &'a Module) -> HashSet<u32> {
        let mut nets = HashSet::new();
        for inst in module.cells.values() {
            for (pin, bits) in &inst.connections {
                if self.is_ideal(&inst.kind, pin) {
                    nets.extend(bits.iter().filter_map(Bit::net));
                }
            }
        }
        nets
    }

    fn is_ideal(&mut self, kind: &'a str, pin: &str) -> bool {
        if let Some(cell) = self.setting.library.cells.get(kind) {
            return self
                .pins
                .entry(kind)
                .or_insert_with(|| untimed(cell))
                .contains(pin);
        }
        if self.setting.memories.contains_key(kind) {
            return pin == MEMORY_CLOCK;
        }
        let port = self
            .netlist
            .modules
            .get(kind)
            .and_then(|m| m.ports.get(pin));
        let Some(port) = port else { return false };
        let inside = self.nets(kind);
        port.bits
            .iter()
            .filter_map(Bit::net)
            .any(|n| inside.contains(&n))
    }
}

/// Inputs that no path goes through or ends at.
fn untimed(cell: &Cell) -> HashSet<&str> {
    let passes = |name: &str| {
        let arcs = cell.pins.values().flat_map(|p| &p.arcs);
        arcs.filter(|a| a.kind == ArcKind::Combinational)
            .any(|a| a.related.iter().any(|r| r == name))
    };
    let ends = |arcs: &[_]| arcs.iter().any(|a: &Arc| a.kind == ArcKind::Setup);
    cell.pins
        .iter()
        .filter(|(name, pin)| !pin.output && !ends(&pin.arcs) && !passes(name))
        .map(|(name, _)| name.as_str())
        .collect()
}
