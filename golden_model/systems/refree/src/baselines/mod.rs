//! The systems REFREE is compared with, by their mechanisms.

pub(crate) mod cache;
mod fae;
mod fafnir;
pub(crate) mod gpu;
mod host;
mod measured;
mod nmp;
mod recnmp;

pub use fae::{Fae, Hot, fae};
pub use fafnir::fafnir;
pub use host::{Host, HostStep};
pub use measured::{Measured, measured};
pub use nmp::Nmp;
use nmp::rank_reads;
pub use recnmp::recnmp;
