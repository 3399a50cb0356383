//! The crossbar ADC switch controller, from its specification `docs/adc_switch.md`.
//!
//! Every rule of the specification reads the registers as they stand during the cycle. The signals
//! of a cycle are made from the registers, last stage first, since each stage asks whether the
//! next one is free; then the edge moves all stages. No output but `ctr_o` depends on an input of
//! its cycle, so signals and outputs of the next cycle are made at the edge, once.
//!
//! In most cycles only steps go on. Front and array wait for a cycle that is known when the wait
//! begins, so there is nothing to do for them before, and their signals stay as they are.

mod array;
mod back;
mod codes;
mod convert;
pub mod device;
mod front;
mod model;
mod out;
mod rows;
mod shape;
mod status;

pub use model::AdcSwitchModel;
pub use rows::Rows;

#[cfg(test)]
mod tests;
