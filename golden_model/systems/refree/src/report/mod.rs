//! Everything that a run of the study found, and its shapes: the paper's tables, a page with plots.

mod page;
mod plot;
mod shown;
pub mod tables;
mod text;
mod whole;

pub use page::html;
pub use tables::{Line, Table, tables};
pub use text::text;
pub use whole::{Extensions, Report, Silicon, Sweep};
