//! The device that a controller drives: crossbar, sample-and-hold and ADCs (section 10 of the
//! specification). It sees the controller's pins and nothing else of it.

mod crossbar;
mod elements;
mod imperfections;

pub use crossbar::Crossbar;
pub use elements::{Elements, ElementsError};
pub use imperfections::Imperfections;
