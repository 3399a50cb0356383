//! Golden models: each block's clocked model, bit- and cycle-exact, and the number formats.
//! Knows no RTL: each model is written from its specification in `docs/`, never from a template or `hdl_gen`.
//!
//! A model implements [`contract::Clocked`].

pub mod adc_switch;
mod beat_fifo;
pub mod num;
pub mod pe;
pub mod tile;
pub mod tt_core;
