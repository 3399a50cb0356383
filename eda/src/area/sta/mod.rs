//! Static timing analysis of a mapped netlist: the longest register-to-register path.
//!
//! One clock, ideal; no wires. A path starts at a flip-flop (its clock-to-output arc), at a memory
//! (its access time), or at an input port, which is taken to be driven by a flip-flop outside. It
//! ends at a flip-flop (its setup time), a memory or an output port (the setup time of a plain
//! flip-flop). Slews are merged by taking the worst, as graph-based analysis does.

mod graph;
mod ideal;
mod paths;
mod setting;

pub use paths::{Path, longest_paths};
pub use setting::{PORT_LOAD_FF, Setting, StaError, Start};

#[cfg(test)]
mod tests;
