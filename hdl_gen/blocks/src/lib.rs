//! The blocks: configuration, rules and ports of each, the single source of truth for RTL, model and harness.
//! Knows neither how a block is built (`hdl_gen`) nor what it does in a cycle (`models`).

pub mod adc_switch;
pub mod pe;
pub mod tt_core;
