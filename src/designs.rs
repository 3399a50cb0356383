//! Where simulation models come from: designs that are linked into this program, and emitted RTL.

use cosim::{Model, Rtl};
use hdl_gen::{Block, PortLayout};

use crate::Error;

/// The emitted RTL of a configuration.
///
/// # Errors
/// A mistake in the block.
pub fn emitted<B: Block>(name: &str, config: &B) -> Result<Rtl, Error> {
    let emitted = hdl_gen::emit(name, config)?;
    let files = emitted.sources().map(|file| (file.path.clone(), file.text.clone()));
    Ok(Rtl::emitted(B::TOP, files))
}

/// The linked model of this RTL, if there is one.
pub fn linked(_rtl: &Rtl, _layout: &PortLayout) -> Option<Model> {
    None
}
