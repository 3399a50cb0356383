//! Where designs come from: those that are linked into this program, each with a typed handle, and
//! emitted RTL.

use cosim::{Model, Rtl, Typed, linked_model};
use hdl_gen::pe::PeConfig;
use hdl_gen::{Block, BlockConfig, PortLayout};

use crate::Error;
use crate::lockstep::Checked;

/// What the build script has made of the linked designs.
#[allow(
    unsafe_code,
    non_camel_case_types,
    clippy::all,
    reason = "generated: bindings to C, with the names of the C header"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/designs.rs"));
}

pub use generated::pe_paper;

/// The PE as the paper has it, with typed ports.
pub type PePaper = Typed<pe_paper::Inputs, pe_paper::Outputs>;

/// The linked model of the PE `paper`.
///
/// # Panics
/// If the program was linked with a model of another version, which no build does.
pub fn pe_paper_model() -> Model {
    let (_, config) = PeConfig::named().remove(0);
    linked_model!(pe_paper::entry, PortLayout::new(config.ports()))
        .expect("the build script has made the model from these ports")
}

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

/// All blocks that can be checked.
pub fn checked() -> Vec<&'static dyn Checked> {
    vec![
        &crate::pe::Pe,
        &crate::adc_switch::AdcSwitch,
        &crate::tt_core::TtCore,
    ]
}

/// The linked model of exactly this RTL, if there is one.
pub fn linked(rtl: &Rtl) -> Option<Model> {
    (rtl.hash() == pe_paper::RTL).then(pe_paper_model)
}
