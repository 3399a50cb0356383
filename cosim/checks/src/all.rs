//! The registry of this crate.

use lockstep::Checked;

use crate::{AdcSwitch, Pe, Refree, TtCore};

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
