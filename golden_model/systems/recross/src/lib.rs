//! ReCross (arXiv 2509.10627) around the ADC switch controller: placement, savings, error on imperfect devices.
//! Knows no other system and no RTL: it runs the controller's golden model.

pub mod adc;
mod command;
mod controller;
pub mod energy;
pub mod error;
mod placement;
pub mod plot;
mod tally;

pub use adc::{AdcError, AdcStudy};
pub use command::command;
pub use controller::Controller;
pub use error::ErrorStudy;
pub use placement::{Order, Placement, TileWork};
pub use tally::Tally;
