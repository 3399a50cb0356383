//! Clocked models of the hardware blocks, one folder per block, each written from the block's
//! specification in `docs/` and never from its RTL.

pub mod adc_switch;
mod beat_fifo;
pub mod pe;
pub mod tt_core;
