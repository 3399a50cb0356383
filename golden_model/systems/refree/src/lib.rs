//! REFREE (DAC'24) as a system: a training step's embedding layer on near-memory PEs and on its baselines.
//! Knows no other system and no RTL; a verilated PE may stand where [`Pe`] is asked for. `docs/refree.md`.
//!
//! [`model`] are a closed loop of cycle-exact PEs and cycle-exact DDR5 channels, [`baselines`] the
//! other systems by their mechanisms; [`study()`] runs all of them on a [`Workload`], [`variants`] and
//! [`sweep`] vary one thing at a time, and a [`report`] puts the paper's figures beside ours. Every
//! assumed number is in [`params`], every figure of the paper in [`published`].

pub mod baselines;
mod command;
mod figures;
pub mod model;
pub mod params;
pub mod published;
mod study;
pub mod sweep;
pub mod tables;
pub mod variants;
mod workload;

pub use baselines::cache::{Access, Cache};
pub use baselines::gpu::Dense;
pub use command::command;
pub use figures::{Figures, Mean, Name, SystemFigures};
pub use model::energy::Energy;
pub use model::{
    Gradients, Layout, Mechanism, Order, Pe, Placement, Planner, RankStep, Stats, Step, StepError,
    System, rank_step, scatter, step,
};
pub use study::study;
pub use workload::Workload;
