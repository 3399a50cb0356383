//! Cells, pins and timing arcs.

use std::collections::BTreeMap;

use super::function::Function;
use super::table::Table;

/// Rising and falling value of one quantity.
pub type Edges<T> = [T; 2];
pub const RISE: usize = 0;
pub const FALL: usize = 1;

/// One `library` group. A library may be several: of one file, or of several (one per kind of cell).
#[derive(Debug)]
pub struct Part {
    pub name: String,
    /// Name and line of each cell, in file order.
    pub cells: Vec<(String, usize, Cell)>,
    pub(super) max_slew_ns: Option<f64>,
}

#[derive(Debug, Default)]
pub struct Cell {
    /// In um2; a cell that doesn't state it has none, which is not the same as zero.
    pub area: Option<f64>,
    pub pins: BTreeMap<String, Pin>,
    /// Names of the pins in file order.
    pub(super) pin_order: Vec<String>,
    /// Has an `ff` or `ff_bank` group.
    pub flop: bool,
    pub(super) role: Role,
}

/// What the flow can do with a cell.
#[derive(Debug, Default)]
pub(super) enum Role {
    Gate,
    Flop(Box<FlipFlop>),
    /// Nothing: it is not to be used, or it is a macro, a latch, a clock gate, a pad, a filler.
    #[default]
    Other,
}

/// The `ff` group of a cell of one flip-flop.
#[derive(Debug)]
pub(super) struct FlipFlop {
    /// The state and its complement.
    pub(super) states: [String; 2],
    pub(super) next_state: Function,
    pub(super) clocked_on: Function,
    pub(super) clear: Option<Function>,
    pub(super) preset: Option<Function>,
    /// State and complement while both clear and preset are on.
    pub(super) both: [Option<String>; 2],
}

#[derive(Debug, Default)]
pub struct Pin {
    pub output: bool,
    /// Neither input nor output: of the inside of the cell, or both.
    pub(super) odd: bool,
    pub(super) three_state: bool,
    pub cap_ff: f64,
    pub(super) max_cap_ff: Option<f64>,
    pub(super) max_slew_ns: Option<f64>,
    pub function: Option<Function>,
    pub arcs: Vec<Arc>,
}

#[derive(Debug)]
pub struct Arc {
    pub related: Vec<String>,
    pub kind: ArcKind,
    pub sense: Sense,
    /// Delay over (input slew, load), or constraint over (clock slew, data slew).
    pub delay: Edges<Option<Table>>,
    /// Output slew over (input slew, load).
    pub slew: Edges<Option<Table>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArcKind {
    Combinational,
    /// From a clock edge.
    Edge,
    Setup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    Positive,
    Negative,
    Both,
}

impl Cell {
    /// How badly the cell stands for the flip-flops outside: best is one whose next state is its data
    /// input, unlike a scan or an enable flip-flop. None if it can't: no rising edge, no timing.
    pub(super) fn stand_in(&self) -> Option<u8> {
        let Role::Flop(ff) = &self.role else {
            return None;
        };
        let rising = matches!(ff.clocked_on.literal(), Some((_, true)));
        let arcs = || self.pins.values().flat_map(|p| &p.arcs);
        let timed = arcs().any(|a| a.kind == ArcKind::Edge && a.delay.iter().any(Option::is_some))
            && arcs().any(|a| a.kind == ArcKind::Setup);
        (rising && timed).then_some(u8::from(ff.next_state.literal().is_none()))
    }

    pub(super) fn is_buffer(&self) -> bool {
        let mut inputs = self.pins.iter().filter(|(_, p)| !p.output);
        let mut outputs = self.pins.values().filter(|p| p.output);
        let only = (inputs.next(), inputs.next(), outputs.next(), outputs.next());
        let (Role::Gate, (Some((name, _)), None, Some(out), None)) = (&self.role, only) else {
            return false;
        };
        out.function.as_ref().and_then(Function::literal) == Some((name, true))
    }
}
