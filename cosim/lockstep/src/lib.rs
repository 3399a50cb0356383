//! The `lockstep` and `bench` commands over any block: session, document, replay.
//! Knows no block, no trace and no system: a block comes as a [`Checked`], a linked design from a function.
//!
//! [`commands`] are both commands over a list of blocks, for [`shell::run`]. A project with a block of its
//! own implements [`Checked`], or says [`RandomOnly`] if random stimulus is all that it is checked on;
//! `examples/own_block` is such a project.

mod args;
mod bench;
mod check;
mod checked;
mod command;
mod designs;
mod document;
mod error;
mod options;
mod random_only;
mod replay;
mod session;

pub use args::LockstepArgs;
pub use bench::{Bench, Spread, measure};
pub use check::Check;
pub use checked::{Asked, Checked};
pub use command::commands;
pub use designs::{Linked, Source, emitted, unlinked};
pub use document::{Column, Document, Figure, Figures, Run};
pub use error::Error;
pub use random_only::RandomOnly;
pub use session::{Played, Session};
