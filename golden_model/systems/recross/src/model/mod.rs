//! The controller on a tile: where rows are, what its pins show, what conversions cost.

mod controller;
pub mod energy;
mod placement;
mod tally;

pub use controller::Controller;
pub use placement::{Order, Placement, TileWork};
pub use tally::Tally;
