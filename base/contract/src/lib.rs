//! What RTL, golden model and harness share: configurations, ports and frames, and what a clocked model is.
//! Knows no block, no template, no simulator and no user: no command line, no terminal, no printing.
//!
//! A block is a typed configuration ([`BlockConfig`]): its parameters, its named configurations and its
//! top-level ports. [`load()`] gets a checked configuration from a name, a file or single parameters, and
//! [`load::set`] changes one by name; [`rules`] are the checks of parameters that most blocks need. A
//! block's model implements [`Clocked`] on frames laid out by [`PortLayout`]; [`frame`] reads and writes
//! the elements of wide ports. [`input`] opens any file as strangers ship it, [`write_file`] leaves one
//! whole or not at all.

mod block;
mod clocked;
mod error;
mod file;
pub mod foreign;
pub mod frame;
pub mod input;
pub mod load;
mod port;
mod rng;
pub mod rules;

pub use block::{BlockConfig, ConfigError, ParamDoc};
pub use clocked::{Clocked, Device};
pub use error::Error;
pub use file::{beside, less_path, write_file, write_whole};
pub use load::{ConfigSpec, Named, load};
pub use port::{Dir, Port, PortLayout, Role, Slot, Stream};
pub use rng::SplitMix64;
