//! Tables in tensor-train form: cores, decomposition, number formats, files, the bit-exact fast path.

mod arith;
mod array;
mod balance;
pub mod bench;
mod cores;
mod decompose;
mod dense;
mod element;
mod error;
mod fast;
mod finish;
mod kernel;
mod layout;
mod memory;
mod npy;
mod quantise;
mod quantised;
mod report;
mod shape;
mod unfolding;

pub use arith::scalar_row;
pub use cores::TtCores;
pub use decompose::{Decomposed, ERROR_FLOOR, Target, decompose};
pub use dense::{Deviation, dense_table, deviation, random_cores};
pub use element::Element;
pub use error::{Boundary, NotCompressible, TtError};
pub use fast::{FastCores, Reconstructor, Reuse};
pub use layout::{Layout, Selection};
pub use memory::peak_memory;
pub use npy::{read_cores, read_table, write_cores, write_rows};
pub use quantise::{quantise, requantise};
pub use quantised::{QuantisedCores, Requant};
pub use report::{QuantisationError, TtReport, quantisation_error, report};
pub use shape::{MAX_RANK, TtShape, balanced};
