//! A cell library as area and timing analysis need it, read from Liberty files.

mod cell;
mod error;
mod function;
mod library;
mod read;
mod source;
mod syntax;
mod table;
mod text;

pub use cell::{Arc, ArcKind, Cell, Edges, FALL, RISE, Sense};
pub use error::LibertyError;
pub use function::Function;
pub use library::{Library, parts};
pub use source::{SourceError, load};
pub use table::Table;
