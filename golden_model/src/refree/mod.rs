//! REFREE (DAC'24) as a whole: one training step of a recommendation model's embedding layer on
//! near-memory PEs, and on the systems it is compared with.
//!
//! A step is: batch analysis on the host, forward gather-and-reduce ([`step`]), the dense layers on a
//! GPU ([`gpu`]), backward gather-and-reduce of gradients, update. Each [`rank`] is a closed loop of
//! the cycle-exact PE and the cycle-exact DDR5 channel behind it. What a PE is given with each of the
//! paper's two ideas on or off is a [`plan`].

pub mod baselines;
mod cache;
mod energy;
mod figures;
mod gpu;
mod link;
mod memory;
mod order;
mod page;
pub mod params;
mod pe;
mod placement;
mod plan;
mod plot;
mod rank;
mod report;
mod step;
mod study;
pub mod sweep;
pub mod tables;
pub mod variants;
mod workload;

pub use cache::{Access, Cache};
pub use energy::Energy;
pub use figures::{Figures, Mean, Name, SystemFigures};
pub use gpu::Dense;
pub use link::Link;
pub use order::{Order, Ranking};
pub use page::html;
pub use pe::Pe;
pub use placement::{Layout, Placement, scatter};
pub use plan::{Job, Mechanism, Pass, Planner};
pub use rank::{Rank, RankConfig, Source, Spent};
pub use report::{Beyond, Report, Silicon, Sweep, Tools};
pub use step::{Gradients, RankStep, Step, StepError, System, rank_step, step};
pub use study::study;
pub use workload::Workload;
