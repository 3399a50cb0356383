//! Analysis of one batch of bags: which vectors are visited in which order, which queries request
//! them, how many additions that takes with and without sharing, and the request stream a PE is
//! given.
//!
//! A *query* is a bag of vector ids (its look-ups); its result is the sum of those vectors.
//! Forward, vectors are embedding rows and queries are samples; backward, vectors are gradients
//! (one per sample) and queries are the rows to update: see [`Backward`], which is the transposed
//! batch, so that one analysis serves both.
//!
//! # Visiting order
//! The host fixes one order for a batch: descending number of look-ups in the batch, ties by
//! smaller id. A vector is visited once, and every query that holds it takes part in that visit. An
//! id twice in a bag counts twice: the second copies form a second visit of that vector, directly
//! after the first, and so on. Hence a visit is `(id, copy)`, ordered by (count of the id
//! descending, id, copy). Tiles of backward work keep the order of their batch. [`Visits::by_key`]
//! takes any other rule.
//!
//! # Sharing
//! Queries that hold the identical partial sum share an addition. Partial sums are identical where
//! the ordered visit lists have an equal prefix, so the additions with sharing are the nodes at
//! depth two and more of the prefix tree of all lists.
//!
//! # Cost
//! All steps are linear in the look-ups except the sorting of unique ids, and of queries by what they
//! visit. Look-ups are sorted by radix, all passes but the first within the cache; these passes, and
//! the sorting of queries, run on all threads of rayon's pool.
//!
//! Peak memory beside the bags is about 16 bytes per look-up while they are sorted, then 12 per
//! look-up, 28 per unique id and 24 per query. A schedule takes another 16 bytes per look-up while
//! it is made, and 12 per row request and 48 per visit when it is. Visits, and queries with ids,
//! must be fewer than 2^31.

mod backward;
mod bags;
mod counts;
mod radix;
mod rank;
mod schedule;
mod sharing;
mod visits;

pub use backward::{Backward, backward};
pub use bags::Bags;
pub use counts::{Counts, count_backward, count_forward};
pub use rank::{rank_of, rank_share};
pub use schedule::{LanesError, RowRequest, Schedule, Visit, schedule};
pub use sharing::{Sharing, number_queries, share};
pub use visits::{VisitView, Visits};
