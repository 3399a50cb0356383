//! Which tile holds which row.

mod build;
mod cooc;
mod lists;
mod refine;
mod simple;
mod tiles;
mod union;

pub use build::{Mapping, Recipe, build};
pub use lists::{Lists, Training};
pub use refine::{Refined, refine};
pub use tiles::{Assignment, NONE, Room, hashed};
