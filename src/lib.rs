//! `embertl`, the one command: blocks x systems x commands, and the designs that are linked into it.
//! Knows no behaviour; every command is another crate's.

pub mod cli;
#[cfg(feature = "linked")]
pub mod linked;
