//! Studies of ReCross (arXiv 2509.10627) around the ADC switch controller: where rows are, what
//! switching saves on a trace, and what it does to results on imperfect devices.

mod placement;

pub use placement::{Order, Placement, TileWork};
