//! RTL to a loaded simulation model, with every step cached by content.
//!
//! Verilator's output and a generated C shim are compiled into a shared object, linked with a
//! runtime that is compiled once, and loaded. What runs in every cycle is one translation unit with
//! the shim, so that it can be inlined; what runs once is another, compiled at the same time. The key of the cache is a hash
//! of the RTL, the ports, the options and the versions of the tools; time stamps play no part.

pub mod bare;
mod build;
mod cache;
mod compile;
mod export;
mod header;
mod key;
mod options;
mod rtl;
mod seal;
mod shim;
mod tools;

pub use build::verilate;
pub use cache::Cache;
pub use compile::Effort;
pub use export::{Export, export};
pub use options::Options;
pub use rtl::Rtl;
pub(crate) use shim::ABI;
