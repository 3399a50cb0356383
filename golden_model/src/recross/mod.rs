//! Studies of ReCross (arXiv 2509.10627) around the ADC switch controller: placement of rows, what
//! switching saves on a trace, and the output error on imperfect devices.

pub mod adc;
mod controller;
pub mod energy;
pub mod error;
mod placement;
pub mod plot;
mod tally;

pub use adc::{AdcError, AdcStudy};
pub use controller::Controller;
pub use error::ErrorStudy;
pub use placement::{Order, Placement, TileWork};
pub use tally::{Tally, TallyPins};
