//! The error study as a picture.

use report::plot::{Axis, PlotError, Svg, Xy, panels};

use super::error::{Cause, ErrorStudy, Point};

/// The study as an SVG document: relative RMS error against each cause, a colour for each number of active
/// rows, solid with switching, dashed without.
///
/// # Errors
/// If the drawing fails.
pub fn svg(study: &ErrorStudy) -> Result<Svg, PlotError> {
    let title = format!(
        "{}: relative RMS error of results (solid: switched, dashed: fixed resolution)",
        study.config
    );
    let causes = [
        (Cause::Spread, "conductance spread (sigma of its logarithm)"),
        (Cause::Noise, "ADC noise (sigma in steps)"),
    ];
    panels(
        &title,
        &causes.map(|(cause, axis)| panel(study, cause, axis)),
    )
}

fn panel(study: &ErrorStudy, cause: Cause, axis: &str) -> Xy {
    let points: Vec<&Point> = study.points.iter().filter(|p| p.cause == cause).collect();
    let mut plot = Xy::new(Axis::new(axis), Axis::new("").percent());
    for sweep in points.chunk_by(|a, b| a.rows == b.rows) {
        let rows = sweep.first().map_or(0, |point| point.rows);
        let line = |value: fn(&Point) -> f64| sweep.iter().map(move |p| (p.sigma, value(p)));
        plot = plot
            .line(format!("{rows} active rows"), line(|p| p.switched.rms))
            .dashed(line(|p| p.fixed.rms));
    }
    plot
}
