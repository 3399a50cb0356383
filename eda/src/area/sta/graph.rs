//! The timing graph of one module: nets, the arcs between them, sources and sinks.

use std::collections::{HashMap, HashSet};

use super::setting::{
    EDGE_SLEW_NS, PORT_LOAD_FF, Setting, StaError, Start, clean_setup_ns, look_up,
};
use crate::area::census::Memory;
use crate::area::liberty::{Arc, ArcKind, Cell, Edges, FALL, RISE};
use crate::area::netlist::{Bit, Direction, Instance, Module, Netlist};

/// From one net to another through a cell.
pub struct Edge<'a> {
    pub to: usize,
    pub arc: &'a Arc,
    pub cell: &'a str,
}

/// A net on which paths begin.
pub struct Source<'a> {
    pub net: usize,
    pub start: Start,
    pub arrival: Edges<f64>,
    pub slew: Edges<f64>,
    pub label: &'a str,
}

/// A net on which paths end.
pub struct Sink<'a> {
    pub net: usize,
    pub label: &'a str,
    /// Setup arcs of a library cell; none where a plain flip-flop is assumed.
    pub setup: Vec<&'a Arc>,
}

pub struct Graph<'a> {
    module_name: &'a str,
    module: &'a Module,
    /// Nets that are left out.
    ideal: &'a HashSet<u32>,
    index: HashMap<u32, usize>,
    /// Yosys' net numbers.
    pub nets: Vec<u32>,
    pub edges: Vec<Vec<Edge<'a>>>,
    pub load: Vec<f64>,
    pub fanout: Vec<usize>,
    pub sources: Vec<Source<'a>>,
    pub sinks: Vec<Sink<'a>>,
    /// Setup time at ports, memories and submodules.
    pub port_setup: f64,
    /// Sources whose clock-to-output arc awaits the final load.
    clocked: Vec<(usize, Start, &'a Arc, &'a str)>,
    /// Clock-to-output arcs of the plain flip-flop, for inputs.
    input_arc: Option<&'a Arc>,
}

impl<'a> Graph<'a> {
    pub fn build(
        netlist: &'a Netlist,
        name: &'a str,
        setting: &'a Setting<'a>,
        ideal: &'a HashSet<u32>,
    ) -> Result<Self, StaError> {
        let module = &netlist.modules[name];
        let flop = setting.library.plain_flop();
        let mut g = Self {
            module_name: name,
            module,
            ideal,
            index: HashMap::new(),
            nets: Vec::new(),
            edges: Vec::new(),
            load: Vec::new(),
            fanout: Vec::new(),
            sources: Vec::new(),
            sinks: Vec::new(),
            port_setup: clean_setup_ns(flop),
            clocked: Vec::new(),
            input_arc: flop
                .pins
                .values()
                .flat_map(|p| &p.arcs)
                .find(|a| a.kind == ArcKind::Edge),
        };
        for (port, p) in &module.ports {
            match p.direction {
                Direction::Input => g.inputs(port, &p.bits),
                Direction::Output | Direction::Inout => g.outputs(port, &p.bits),
            }
        }
        for (cell, inst) in &module.cells {
            if let Some(c) = setting.library.cells.get(&inst.kind) {
                g.library_cell(c, cell, inst);
            } else if setting.memories.contains_key(&inst.kind)
                || netlist.modules.contains_key(&inst.kind)
            {
                g.boxed(cell, inst, setting.memories.get(&inst.kind));
            } else if inst.kind != "$scopeinfo" {
                let (module, cell, kind) = (name.to_owned(), cell.clone(), inst.kind.clone());
                return Err(StaError::UnknownCell { module, cell, kind });
            }
        }
        g.resolve_clocked();
        Ok(g)
    }

    /// All nets such that each comes after those that it depends on.
    pub fn order(&self) -> Result<Vec<usize>, StaError> {
        let n = self.nets.len();
        let mut missing = vec![0u32; n];
        for edge in self.edges.iter().flatten() {
            missing[edge.to] += 1;
        }
        let mut order: Vec<usize> = (0..n).filter(|&i| missing[i] == 0).collect();
        let mut done = 0;
        while let Some(&net) = order.get(done) {
            done += 1;
            for edge in &self.edges[net] {
                missing[edge.to] -= 1;
                if missing[edge.to] == 0 {
                    order.push(edge.to);
                }
            }
        }
        match (0..n).find(|&i| missing[i] > 0) {
            None => Ok(order),
            Some(i) => {
                let net = self.net_name(i);
                Err(StaError::Loop {
                    module: self.module_name.into(),
                    net,
                })
            }
        }
    }

    pub fn net_name(&self, net: usize) -> String {
        self.module.net_name(self.nets[net])
    }

    /// A name of a cell or port that a reader of the source would know: Yosys' own names of
    /// flip-flops are replaced by what they drive.
    pub fn place(&self, label: &str) -> String {
        let cell = self
            .module
            .cells
            .get(label)
            .filter(|_| label.starts_with('$'));
        let output = cell.and_then(|c| {
            let named = |pin: &str| c.connections.get(pin)?.first();
            ["Q", "QN", "Q_N", "QB"].into_iter().find_map(named)
        });
        match output {
            Some(Bit::Net(net)) => self.module.net_name(*net),
            _ => label.to_owned(),
        }
    }

    /// Our index of a net; `None` for a constant or an ideal net.
    fn net(&mut self, bit: &Bit) -> Option<usize> {
        let number = bit.net().filter(|n| !self.ideal.contains(n))?;
        let next = self.nets.len();
        let index = *self.index.entry(number).or_insert(next);
        if index == next {
            self.nets.push(number);
            self.edges.push(Vec::new());
            self.load.push(0.0);
            self.fanout.push(0);
        }
        Some(index)
    }

    fn add_load(&mut self, net: usize, ff: f64) {
        self.load[net] += ff;
        self.fanout[net] += 1;
    }

    fn inputs(&mut self, label: &'a str, bits: &[Bit]) {
        for bit in bits {
            if let (Some(net), Some(arc)) = (self.net(bit), self.input_arc) {
                self.clocked.push((net, Start::Input, arc, label));
            }
        }
    }

    fn outputs(&mut self, label: &'a str, bits: &[Bit]) {
        for bit in bits {
            if let Some(net) = self.net(bit) {
                self.add_load(net, PORT_LOAD_FF);
                self.sinks.push(Sink {
                    net,
                    label,
                    setup: Vec::new(),
                });
            }
        }
    }

    fn library_cell(&mut self, cell: &'a Cell, label: &'a str, inst: &'a Instance) {
        let bit = |pin: &str| inst.connections.get(pin).and_then(|b| b.first());
        for (name, pin) in &cell.pins {
            let Some(net) = bit(name).and_then(|b| self.net(b)) else {
                continue;
            };
            if !pin.output {
                self.add_load(net, pin.cap_ff);
                let setup: Vec<_> = pin
                    .arcs
                    .iter()
                    .filter(|a| a.kind == ArcKind::Setup)
                    .collect();
                if !setup.is_empty() {
                    self.sinks.push(Sink { net, label, setup });
                }
                continue;
            }
            for arc in &pin.arcs {
                match arc.kind {
                    ArcKind::Edge => self.clocked.push((net, Start::Register, arc, label)),
                    ArcKind::Combinational => {
                        for related in &arc.related {
                            if let Some(from) = bit(related).and_then(|b| self.net(b)) {
                                self.edges[from].push(Edge {
                                    to: net,
                                    arc,
                                    cell: &inst.kind,
                                });
                            }
                        }
                    }
                    ArcKind::Setup => {}
                }
            }
        }
    }

    /// A memory, or a submodule. No path starts at a memory whose access time is not known.
    fn boxed(&mut self, label: &'a str, inst: &'a Instance, memory: Option<&Memory>) {
        for (pin, bits) in &inst.connections {
            let output = inst.port_directions.get(pin) == Some(&Direction::Output);
            match memory.map(|m| m.access_ns) {
                _ if !output => self.outputs(label, bits),
                None => self.inputs(label, bits),
                Some(None) => {}
                Some(Some(ns)) => {
                    for bit in bits {
                        if let Some(net) = self.net(bit) {
                            let (arrival, slew) = ([ns; 2], [EDGE_SLEW_NS; 2]);
                            self.sources.push(Source {
                                net,
                                start: Start::Memory,
                                arrival,
                                slew,
                                label,
                            });
                        }
                    }
                }
            }
        }
    }

    fn resolve_clocked(&mut self) {
        for (net, start, arc, label) in std::mem::take(&mut self.clocked) {
            let at =
                |tables| [RISE, FALL].map(|e| look_up(tables, e, EDGE_SLEW_NS, self.load[net]));
            let (arrival, slew) = (at(&arc.delay), at(&arc.slew));
            self.sources.push(Source {
                net,
                start,
                arrival,
                slew,
                label,
            });
        }
    }
}
