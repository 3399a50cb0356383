//! SCRec (arXiv 2504.00520): embedding tables in tensor-train (TT) form, decomposed, quantised, reconstructed.
//! Knows no other system and no RTL.
//!
//! A table of I rows and J columns is kept as d = 2..4 TT cores G_k of shape r_{k-1} x p_k x q_k x
//! r_k. Row i has the mixed-radix digits i_1..i_d (radices p_k), and is the product of the slices
//! G_k\[i_k\]. What SCRec (arXiv 2504.00520) leaves open, shapes and ranks, follows TT-Rec (MLSys'21)
//! and its code FBTT-Embedding; element types are ours.

mod command;
pub mod tt;

pub use command::command;
pub use tt::*;
