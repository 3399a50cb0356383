//! What switched ADCs save on a trace, and the error they leave on imperfect devices.

pub mod error;
pub mod plot;
pub mod study;

pub use error::ErrorStudy;
pub use study::{AdcError, AdcStudy};
