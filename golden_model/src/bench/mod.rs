//! How fast the models and analyses are, measured on embedded synthetic input.

mod batch;
mod dram;
mod median;

pub use batch::{BatchSpeed, Steps, batch};
pub use dram::{DramSpeed, REFERENCE_REQUESTS_PER_S, REFERENCE_SOURCE, Row, dram};
use median::median;
