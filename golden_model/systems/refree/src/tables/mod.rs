//! Everything that a run of the study found, and its shapes: the paper's tables, a page with plots.

mod page;
mod paper;
mod plot;
mod shown;
mod text;
mod whole;

pub use page::html;
pub use paper::{Line, Table, tables};
pub use text::text;
pub use whole::{Extensions, Report, Silicon, Sweep};
