//! The error study as a plot.

use std::error::Error;

use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;

use super::error::{Cause, ErrorStudy, Point};

/// Colours of the numbers of active rows, distinguishable to the colour-blind (Okabe and Ito).
const COLOURS: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
];

/// The study as an SVG document: relative RMS error against each cause, solid with switching,
/// dashed without.
///
/// # Errors
/// If the drawing fails.
pub fn svg(study: &ErrorStudy) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (1000, 440)).into_drawing_area();
        root.fill(&WHITE)?;
        let title = format!(
            "{}: relative RMS error of results (solid: switched, dashed: fixed resolution)",
            study.config
        );
        let panels = root
            .titled(&title, ("sans-serif", 18))?
            .split_evenly((1, 2));
        let axes = [
            (Cause::Spread, "conductance spread (sigma of its logarithm)"),
            (Cause::Noise, "ADC noise (sigma in steps)"),
        ];
        for (panel, (cause, axis)) in panels.iter().zip(axes) {
            draw(panel, study, cause, axis)?;
        }
        root.present()?;
    }
    Ok(text)
}

fn draw<'a, D: DrawingBackend + 'a>(
    panel: &DrawingArea<D, plotters::coord::Shift>,
    study: &ErrorStudy,
    cause: Cause,
    axis: &str,
) -> Result<(), DrawingAreaErrorKind<D::ErrorType>> {
    let points: Vec<&Point> = study.points.iter().filter(|p| p.cause == cause).collect();
    let largest = |value: fn(&Point) -> f64| points.iter().map(|p| value(p)).fold(1e-9, f64::max);
    let (right, top) = (
        largest(|p| p.sigma),
        1.05 * largest(|p| p.switched.rms.max(p.fixed.rms)),
    );
    let mut chart = ChartBuilder::on(panel)
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..right, 0.0..top)?;
    let percent = |value: &f64| format!("{:.1} %", 100.0 * value);
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style(("sans-serif", 15))
        .x_labels(6)
        .x_desc(axis)
        .y_label_formatter(&percent)
        .draw()?;
    let sweeps = points.chunk_by(|a, b| a.rows == b.rows);
    for (sweep, colour) in sweeps.zip(COLOURS) {
        let rows = sweep.first().map_or(0, |point| point.rows);
        let line = |value: fn(&Point) -> f64| sweep.iter().map(move |p| (p.sigma, value(p)));
        let style = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(line(|p| p.switched.rms), style))?
            .label(format!("{rows} active rows"))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
        chart.draw_series(DashedLineSeries::new(line(|p| p.fixed.rms), 6, 4, style))?;
    }
    chart
        .configure_series_labels()
        .label_font(("sans-serif", 15))
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK)
        .draw()?;
    Ok(())
}
