//! The machine: a running controller and its pins, rows on tiles, energies of conversions.

mod controller;
pub mod energy;
mod placement;
mod tally;

pub use controller::Controller;
pub use placement::{Order, Placement, TileWork};
pub use tally::Tally;
