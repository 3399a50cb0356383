//! The design of `pe`: sizes, leaf modules and their composition.

mod design;
mod dims;
mod parts;
