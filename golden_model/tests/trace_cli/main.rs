//! `golden_model trace` as a user meets it.

mod convert;
mod folder;
mod generate;
mod shipped;
