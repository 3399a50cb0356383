//! What ReCross itself gives: two ratios, without data set, baseline detail or budget.

use report::Published;
use report::unit::RATIO;

/// Execution time, against the in-memory accelerator it names.
pub const TIME: Published = Published::new(3.97, RATIO, "arXiv 2509.10627, abstract");
/// Energy efficiency, against the same.
pub const ENERGY: Published = Published::new(6.1, RATIO, "arXiv 2509.10627, abstract");
