//! Where designs come from: those that are linked into this program, each with a typed handle, and
//! emitted RTL.

use cosim::{Model, Rtl};
use hdl_gen::Block;

use crate::Error;

#[cfg(feature = "linked")]
mod linked;

#[cfg(feature = "linked")]
pub use linked::{
    AdcSwitchPaper64, PePaper, adc_switch_paper64, adc_switch_paper64_model, pe_paper,
    pe_paper_model,
};

/// The emitted RTL of a configuration.
///
/// # Errors
/// A mistake in the block.
pub fn emitted<B: Block>(name: &str, config: &B) -> Result<Rtl, Error> {
    let emitted = hdl_gen::emit(name, config)?;
    let files = emitted
        .sources()
        .map(|file| (file.path.clone(), file.text.clone()));
    Ok(Rtl::emitted(B::TOP, files))
}

/// The linked model of exactly this RTL, if there is one.
pub fn linked(rtl: &Rtl) -> Option<Model> {
    #[cfg(feature = "linked")]
    return linked::find(&rtl.hash());
    #[cfg(not(feature = "linked"))]
    {
        let _ = rtl;
        None
    }
}
