//! What is printed of a run.

pub mod goals;
mod page;
mod remarks;
mod report;
mod shown;

pub use goals::Goal;
pub use page::{best, html, text};
pub use remarks::{remarks, warnings};
pub use report::{Chosen, Report, sources};
