//! What timing stands on: loads, slews, the library and the memories.

use std::collections::HashMap;

use super::super::census::Memory;
use super::super::liberty::{Arc, ArcKind, Cell, Edges, FALL, Library, RISE, Table};

/// Load of an output port and of a memory's or a submodule's input, in fF.
pub const PORT_LOAD_FF: f64 = 4.0;
/// Slew of the clock at every flip-flop and of the outputs of memories, in ns.
pub const EDGE_SLEW_NS: f64 = 0.02;

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum StaError {
    #[error("module {module}: cell {cell} of type {kind} is neither in the library nor a macro")]
    UnknownCell {
        module: String,
        cell: String,
        kind: String,
    },
    #[error("module {module}: combinational loop through {net}")]
    Loop { module: String, net: String },
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    Register,
    Memory,
    /// An input port, or the output of a submodule that is timed on its own.
    Input,
}

/// What timing needs besides the netlist.
pub struct Setting<'a> {
    pub library: &'a Library,
    /// Memory macros by module name.
    pub memories: &'a HashMap<String, Memory>,
}

pub(super) fn look_up(tables: &Edges<Option<Table>>, edge: usize, slew: f64, load: f64) -> f64 {
    tables[edge].as_ref().map_or(0.0, |t| t.at(slew, load))
}

/// Setup time for data of this slew at a flip-flop with the ideal clock.
pub(super) fn setup_ns(arc: &Arc, edge: usize, slew: f64) -> f64 {
    look_up(&arc.delay, edge, EDGE_SLEW_NS, slew)
}

/// Setup time of a cell for a clean input.
pub(super) fn clean_setup_ns(cell: &Cell) -> f64 {
    let arcs = cell
        .pins
        .values()
        .flat_map(|p| &p.arcs)
        .filter(|a| a.kind == ArcKind::Setup);
    arcs.flat_map(|a| [RISE, FALL].map(|e| setup_ns(a, e, EDGE_SLEW_NS)))
        .fold(0.0, f64::max)
}
