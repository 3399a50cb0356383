//! Our blocks in lock-step: stimulus, monitors, expected results; and systems with RTL in the loop.
//! Knows no tool but the simulator; what it has of a system goes through that system's traits.

pub mod adc_switch;
mod batches;
pub mod pe;
mod refree;
pub mod tt_core;

pub use adc_switch::AdcSwitch;
pub use batches::BATCH;
pub use pe::Pe;
pub use refree::Refree;
pub use tt_core::TtCore;

use lockstep::Checked;

/// The blocks and systems of this crate; the first is the default.
pub fn all() -> Vec<&'static dyn Checked> {
    vec![&Pe, &AdcSwitch, &TtCore, &Refree]
}

#[cfg(test)]
mod tests {
    /// The generator has a command of its own, which needs none of what this crate needs.
    #[test]
    fn the_generator_knows_the_same_blocks() {
        let mut ours: Vec<&str> = super::all().iter().map(|it| it.block().name()).collect();
        ours.dedup();
        let theirs: Vec<&str> = hdl_gen::blocks().iter().map(|block| block.name()).collect();
        // REFREE has the PE in its loop.
        assert_eq!(ours, [&theirs[..], &["pe"]].concat());
    }
}
