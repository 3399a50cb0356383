//! Asymmetric data flow (arXiv 2507.01676): embedding tables mapped onto the cores of a SoC, modelled, or a CPU, measured.
//! Knows no other system and no RTL.
//!
//! Published are the four strategies' names and ideas, that a cost model and an automatic mapping exist, and the
//! headlines ([`published`]). Equations, mapping rule and machine figures are this project's.

pub mod baselines;
mod command;
pub mod cost;
pub mod event;
pub mod grid;
pub mod hits;
pub mod learn;
pub mod machine;
pub mod mapper;
mod memory;
pub mod page;
pub mod params;
pub mod problems;
pub mod profile;
pub mod published;
pub mod queries;
pub mod schedule;
pub mod study;
pub mod tables;
pub mod tune;
pub mod workload;

pub use command::command;
