//! ReCross (arXiv 2509.10627) around the ADC switch controller: placement, savings, error on imperfect devices.
//! Knows no other system and no RTL: it runs the controller's golden model.

mod command;
pub mod model;
pub mod plot;
pub mod study;

pub use command::command;
pub use model::{Controller, Order, Placement, Tally, TileWork};
pub use study::{AdcError, AdcStudy, ErrorStudy};
