//! A port as seen from outside a module.

use contract::Dir;

/// A port with its width in bits for given parameter values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    pub name: String,
    pub dir: Dir,
    pub width: u32,
}
