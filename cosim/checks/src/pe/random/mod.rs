//! Random episodes for a PE: legal work of all shapes, illegal contents, and misuse that only an
//! abort ends.

mod generator;
mod misuse;
mod visits;

pub use generator::random;
