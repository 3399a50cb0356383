//! The design of `tt_core`: sizes, leaf modules and their composition.

mod design;
mod dims;
mod operations;
mod ops;
mod parts;
mod sizes;
