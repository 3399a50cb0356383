//! What switching saves on a trace, and how wrong results are on imperfect devices.

pub mod adc;
pub mod error;

pub use adc::{AdcError, AdcStudy};
pub use error::ErrorStudy;
