//! The report's plots.

use report::plot::{Axis, Bars, PlotError, Svg};

use super::super::figures::{Figures, SystemFigures};
use super::shown::{grid, millionths};
use super::{Sweep, Table};

/// A figure of ratios: the average with the paper's as a mark, then each workload.
///
/// # Errors
/// If the drawing fails.
pub fn bars(table: &Table, names: &[&str]) -> Result<Svg, PlotError> {
    let groups = ["average"].iter().chain(names).copied();
    let mut bars = Bars::new("times", groups);
    for line in &table.lines {
        let values = [line.average].into_iter().chain(line.ours.iter().copied());
        let paper = line.paper.map(|paper| paper.value);
        bars = bars.series(line.what.as_str(), values).paper([paper]);
    }
    bars.svg()
}

/// Times of all systems on one workload.
///
/// # Errors
/// If the drawing fails.
pub fn times(figures: &Figures) -> Result<Svg, PlotError> {
    let us = |seconds: fn(&SystemFigures) -> f64| {
        let systems = figures.systems.iter();
        systems.map(move |system| millionths(seconds(system)))
    };
    Bars::new("us a batch", figures.systems.iter().map(|s| s.name.text()))
        .series("forward", us(|system| system.forward_s.mean))
        .series("backward and update", us(|system| system.backward_s.mean))
        .svg()
}

/// Time against width, a line for each clock.
///
/// # Errors
/// If the drawing fails.
pub fn sweep(sweep: &Sweep) -> Result<Svg, PlotError> {
    let us = Axis::new("us a batch");
    let plot = grid(sweep).plot("GHz", us, |point| millionths(point.embedding_s));
    plot.svg()
}
