//! Which PE configurations can be built.

use super::PeConfig;
use crate::block::ConfigError;

pub(super) fn validate(_c: &PeConfig) -> Result<(), ConfigError> {
    Ok(())
}
