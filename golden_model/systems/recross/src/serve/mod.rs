//! Serving under a mapping: cover, copies, queues, time and energy.

pub mod buffers;
pub mod copies;
mod cover;
mod machine;
mod queues;

pub use cover::{Activation, Cover, Places};
pub use machine::{Energy, Machine};
pub use queues::{Plan, Served, serve};
