//! Readable SystemVerilog for recommendation-embedding accelerators, proven in lock-step against a
//! golden model: the blocks, and the commands that check and measure them.
//!
//! [`cli::run`] is the whole command line over any set of blocks. A project with a block of its own
//! implements [`Checked`], or says [`RandomOnly`] if random stimulus is all it is checked on;
//! `examples/own_block` is such a project.

pub mod adc_switch;
pub mod area;
pub mod bench;
pub mod cli;
pub mod designs;
mod error;
pub mod lint;
pub mod lockstep;
mod output;
pub mod pe;
mod progress;
mod random_only;
pub mod refree;
mod tool;
pub mod tt_core;

pub use error::Error;
pub use lockstep::Checked;
pub use random_only::RandomOnly;

/// The blocks of this crate; the first is the default.
pub fn blocks() -> Vec<&'static dyn Checked> {
    vec![&pe::Pe, &adc_switch::AdcSwitch, &tt_core::TtCore]
}

#[cfg(test)]
mod tests {
    /// The generator has a command of its own, which needs none of what this crate needs.
    #[test]
    fn the_generator_knows_the_same_blocks() {
        let ours: Vec<&str> = crate::blocks().iter().map(|block| block.name()).collect();
        let theirs: Vec<&str> = hdl_gen::blocks().iter().map(|block| block.name()).collect();
        assert_eq!(ours, theirs);
    }
}
