//! Plots as SVG.

mod bars;
mod canvas;
mod xy;

pub use bars::Bars;
pub use canvas::{Axis, PlotError, Svg};
pub use xy::{Xy, panels};
