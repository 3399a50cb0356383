//! Our blocks in lock-step: stimulus, monitors, expected results; and systems with RTL in the loop.
//! Knows no tool but the simulator; what it has of a system goes through that system's traits.

pub mod adc_switch;
mod all;
mod batches;
pub mod pe;
mod refree;
pub mod tt_core;

pub use adc_switch::AdcSwitch;
pub use all::all;
pub use batches::BATCH;
pub use pe::Pe;
pub use refree::Refree;
pub use tt_core::TtCore;
