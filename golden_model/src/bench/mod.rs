//! How fast the models and analyses are, measured on embedded synthetic input.

mod batch;
mod dram;

pub use batch::{BatchSpeed, Steps, batch};
pub use dram::{DramSpeed, REFERENCE_REQUESTS_PER_S, REFERENCE_SOURCE, Row, dram};

/// The middle one of these, the upper of two; zero of none.
fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(0.0)
}
