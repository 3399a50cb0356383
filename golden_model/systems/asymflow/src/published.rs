//! What the paper states (arXiv 2507.01676, abstract). Part, tables and batch are not public.

use report::{Published, unit};

const PLACE: &str = "arXiv 2507.01676, abstract";

/// Least speed-up over the default compiler on real distributions.
pub const LEAST: Published = Published::new(1.5, unit::RATIO.decimals(1), PLACE);
/// Most speed-up on real distributions.
pub const MOST: Published = Published::new(6.5, unit::RATIO.decimals(1), PLACE);
/// Speed-up on extremely unbalanced distributions: more than this.
pub const UNBALANCED: Published = Published::new(20.0, unit::RATIO.decimals(1), PLACE);
