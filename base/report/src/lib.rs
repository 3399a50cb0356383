//! Tables of `paper | ours | source`, plots and pages, each from one description.
//! Must not know: any system, block or command, the command line, the terminal. It returns text and prints nothing.
//!
//! A [`Table`] is text for the terminal (its `Display`), JSON (its `Serialize`) and HTML (on a [`Page`]). A number
//! keeps its full precision until it is shown: a column or a cell says the [`Unit`] and the decimals. A missing
//! value is `-` in text, null in JSON, and empty in HTML.
//!
//! ```
//! use report::{Comparison, Line, Published, unit};
//!
//! const CPU_GPU: Published = Published::new(25.1, unit::RATIO, "REFREE, section 5.2");
//! let table = Comparison::new("speed of the embedding layer")
//!     .line(Line::new("REFREE over CPU-GPU").paper(&CPU_GPU).ours(5.037, unit::RATIO))
//!     .line(Line::new("REFREE over a host with LLC").ours(1.93, unit::RATIO).source("ours"))
//!     .table();
//! assert_eq!(
//!     table.to_string(),
//!     "speed of the embedding layer\n\
//!      \u{20}                             paper   ours  source\n\
//!      REFREE over CPU-GPU          25.10x  5.04x  REFREE, section 5.2\n\
//!      REFREE over a host with LLC       -  1.93x  ours\n"
//! );
//! ```

mod cell;
mod html;
mod json;
mod line;
mod page;
pub mod plot;
mod sweep;
mod table;
mod text;
pub mod unit;

pub use cell::Cell;
pub use json::json;
pub use line::{Comparison, Line, Published};
pub use page::Page;
pub use sweep::{Grid, Parameter, Sweep};
pub use table::{Column, Table};
pub use unit::Unit;
