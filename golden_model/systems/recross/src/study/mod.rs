//! A trace under every system.

pub mod also;
pub mod beyond;
pub mod drift;
mod saved;
pub mod sensitivity;
pub mod systems;
mod workload;

pub use saved::Saved;
pub use sensitivity::{find, ratio};
pub use systems::{Candidate, Figures, Setting};
pub use workload::{Split, Workload};
