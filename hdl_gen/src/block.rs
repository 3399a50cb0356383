//! What a block is to the generator.

use contract::BlockConfig;

use crate::design::{Design, DesignError};

/// A block whose RTL can be emitted.
pub trait Block: BlockConfig {
    /// The modules of this configuration and how they are connected. The configuration has been
    /// validated, and the top must have exactly the ports of [`BlockConfig::ports`].
    ///
    /// # Errors
    /// A design that does not fit together: a bug in the block, not a user error.
    fn design(&self) -> Result<Design, DesignError>;

    /// Clock period in ns that the constraints file sets.
    fn clock_ns(&self) -> f64 {
        1.0
    }
}
