//! SCRec (arXiv 2504.00520): embedding tables in tensor-train (TT) form, decomposed, quantised, reconstructed.
//! Knows no other system and no RTL.
//!
//! A table of I rows and J columns is kept as d = 2..4 TT cores G_k of shape r_{k-1} x p_k x q_k x
//! r_k. Row i has the mixed-radix digits i_1..i_d (radices p_k), and is the product of the slices
//! G_k\[i_k\]. What SCRec (arXiv 2504.00520) leaves open, shapes and ranks, follows TT-Rec (MLSys'21)
//! and its code FBTT-Embedding; element types are ours.

mod arith;
mod array;
mod balance;
pub mod bench;
mod command;
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
mod report;
mod shape;
mod unfolding;

pub use arith::scalar_row;
pub use command::command;
pub use cores::TtCores;
pub use decompose::{Decomposed, ERROR_FLOOR, Target, decompose};
pub use dense::{Deviation, dense_table, deviation, random_cores};
pub use element::Element;
pub use error::{Boundary, NotCompressible, TtError};
pub use fast::{FastCores, Reconstructor, Reuse};
pub use layout::{Layout, Selection};
pub use memory::peak_memory;
pub use npy::{read_cores, read_table, write_cores, write_rows};
pub use quantise::{QuantisedCores, Requant, quantise, requantise};
pub use report::{QuantisationError, TtReport, quantisation_error, report};
pub use shape::{MAX_RANK, TtShape, balanced};
