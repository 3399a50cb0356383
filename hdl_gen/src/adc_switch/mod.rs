//! The controller of a ReRAM crossbar's ADCs after the idea of ReCross (SAC'26): configuration,
//! ports and, in the other files of this folder, its design. What it does cycle by cycle is in
//! `docs/adc_switch.md`.

mod check;
mod config;
mod design;
mod dims;
mod parts;

pub use config::{AdcKind, AdcSwitchConfig};
