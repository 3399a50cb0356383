//! Emission: a configuration as files, in memory and in a folder.

mod docs;
mod emitted;
mod files;
mod folder;
mod project;
mod testbench;

pub use emitted::{Emitted, EmittedFile};
pub use files::emit;
pub use folder::write;
