//! The ranks: what each PE is given, and how it works through that in closed loop with its DRAM and its
//! link to the host.

pub(crate) mod energy;
mod link;
mod memory;
mod order;
mod pe;
mod placement;
mod plan;
mod rank;
mod step;

pub use link::Link;
pub use order::{Order, Ranking};
pub use pe::Pe;
pub(super) use placement::LINE;
pub use placement::{Layout, Placement, scatter};
pub use plan::{Job, Mechanism, Pass, Planner};
pub use rank::{Rank, RankConfig, Source, Stats};
pub use step::{Gradients, RankStep, Step, StepError, System, rank_step, step};
