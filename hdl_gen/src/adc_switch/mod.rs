//! The design of `adc_switch`: sizes, leaf modules and their composition.

mod design;
mod dims;
mod parts;
