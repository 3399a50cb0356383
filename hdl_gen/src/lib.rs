//! Parameters to readable, portable SystemVerilog.
//!
//! A block is a typed configuration ([`BlockConfig`]): its parameters, its named configurations,
//! its top-level ports and the design (modules and instances) that they describe. Everything that
//! is derived from those - SystemVerilog, file lists, port documentation, the simulator shim, the
//! port layout of the golden model - comes from this one place.

pub mod block;
pub mod design;
pub mod pe;
pub mod port;
pub mod sram;

pub use block::{Block, BlockConfig, ConfigError, ParamDoc};
pub use port::{Dir, Port, PortLayout, Role, Slot};
pub use sram::SramSpec;
