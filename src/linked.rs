//! What the build script has verilated, compiled and linked.

use blocks::adc_switch::AdcSwitchConfig;
use blocks::pe::PeConfig;
use contract::{BlockConfig, PortLayout};
use cosim::{Design, Rtl, Typed, linked_design};

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

pub use generated::{adc_switch_paper64, pe_paper};

/// The PE as the paper has it, with typed ports.
pub type PePaper = Typed<pe_paper::Inputs, pe_paper::Outputs>;

/// The ADC switch controller of a 64 x 64 tile, with typed ports.
pub type AdcSwitchPaper64 = Typed<adc_switch_paper64::Inputs, adc_switch_paper64::Outputs>;

/// The linked design of the PE `paper`.
///
/// # Panics
/// If the program was linked with a design of another version, which no build does.
pub fn pe_paper_design() -> Design {
    let (_, config) = PeConfig::named().remove(0);
    linked_design!(pe_paper::entry, PortLayout::new(config.ports()))
        .expect("the build script has made the design from these ports")
}

/// The linked design of the ADC switch controller `paper64`.
///
/// # Panics
/// As [`pe_paper_design`].
pub fn adc_switch_paper64_design() -> Design {
    let (_, config) = AdcSwitchConfig::named().remove(0);
    linked_design!(adc_switch_paper64::entry, PortLayout::new(config.ports()))
        .expect("the build script has made the design from these ports")
}

/// The linked design of exactly this RTL.
pub fn find(rtl: &Rtl) -> Option<Design> {
    match rtl.hash().as_str() {
        pe_paper::RTL => Some(pe_paper_design()),
        adc_switch_paper64::RTL => Some(adc_switch_paper64_design()),
        _ => None,
    }
}
