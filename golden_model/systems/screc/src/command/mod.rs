//! `screc`: tables in tensor-train form.

mod bench;
mod choice;
mod cores;
mod decompose;
mod inspect;
mod list;
mod reconstruct;

pub use choice::command;
use list::{List, commas};
