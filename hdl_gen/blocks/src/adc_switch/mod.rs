//! The controller of a ReRAM crossbar's ADCs after the idea of ReCross (SAC'26). What it does cycle by
//! cycle is in `docs/adc_switch.md`.

mod check;
mod config;
mod params;
mod pins;

pub use params::{AdcKind, AdcSwitchConfig};
pub use pins::Pins;
