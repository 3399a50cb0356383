//! Lines and points over two axes.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;

use super::canvas::{Axis, LABEL, PlotError, Svg, TITLE, colour};

/// Lines and points over two axes, both from 0 on.
#[derive(Clone, Debug)]
pub struct Xy {
    x: Axis,
    y: Axis,
    series: Vec<Series>,
}

#[derive(Clone, Debug)]
struct Series {
    /// In the legend; the dashed companion of a line has none.
    name: Option<String>,
    points: Vec<(f64, f64)>,
    kind: Kind,
    colour: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Line,
    Dashed,
    Points,
}

impl Xy {
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            x,
            y,
            series: Vec::new(),
        }
    }

    /// A line through these points.
    #[must_use]
    pub fn line(
        self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let colour = self.colours();
        self.add(Some(name.into()), points, Kind::Line, colour)
    }

    /// A dashed line in the colour of the latest series: the same without the feature that is shown.
    #[must_use]
    pub fn dashed(self, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let colour = self.colours().saturating_sub(1);
        self.add(None, points, Kind::Dashed, colour)
    }

    /// Points without a line.
    #[must_use]
    pub fn points(
        self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let colour = self.colours();
        self.add(Some(name.into()), points, Kind::Points, colour)
    }

    /// Points, and a line through those that no other one beats in both axes; less is better.
    #[must_use]
    pub fn front(
        self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let points: Vec<_> = points.into_iter().collect();
        let best = front(&points);
        let with_points = self.points(name, points);
        let colour = with_points.colours().saturating_sub(1);
        with_points.add(None, best, Kind::Line, colour)
    }

    fn add(
        mut self,
        name: Option<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
        kind: Kind,
        colour: usize,
    ) -> Self {
        let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        self.series.push(Series {
            name,
            points: points.into_iter().filter(finite).collect(),
            kind,
            colour,
        });
        self
    }

    fn colours(&self) -> usize {
        self.series.iter().filter(|s| s.name.is_some()).count()
    }

    /// # Errors
    /// If the drawing fails.
    pub fn svg(&self) -> Result<Svg, PlotError> {
        drawn((760, 360), |root| Ok(self.draw(root)?))
    }

    /// The legend goes where the lower points are.
    fn legend(&self, right: f64) -> SeriesLabelPosition {
        let points = || self.series.iter().flat_map(|s| &s.points);
        let highest = |left: bool| {
            let half = points().filter(|(x, _)| (*x < right / 2.0) == left);
            half.map(|(_, y)| *y).fold(0.0, f64::max)
        };
        match highest(true) > highest(false) {
            true => SeriesLabelPosition::UpperRight,
            false => SeriesLabelPosition::UpperLeft,
        }
    }

    fn draw<'a, D: DrawingBackend + 'a>(
        &self,
        area: &DrawingArea<D, Shift>,
    ) -> Result<(), DrawingAreaErrorKind<D::ErrorType>> {
        let points = || self.series.iter().flat_map(|s| &s.points);
        let right = self.x.end(points().map(|(x, _)| *x), false);
        let top = self.y.end(points().map(|(_, y)| *y), true);
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..right, 0.0..top)?;
        let plain = |value: f64| format!("{}", (value * 1e6).round() / 1e6);
        let (x, y) = (&self.x, &self.y);
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .label_style(LABEL)
            .x_labels(x.steps.len().max(6))
            .x_label_formatter(&|at| x.label(*at, plain))
            .x_desc(&x.title)
            .y_label_formatter(&|at| y.label(*at, plain))
            .y_desc(&y.title)
            .draw()?;
        for series in &self.series {
            let colour = colour(series.colour);
            let style = colour.stroke_width(2);
            let points = series.points.iter().copied();
            let drawn = match series.kind {
                Kind::Line => chart.draw_series(LineSeries::new(points, style))?,
                Kind::Dashed => chart.draw_series(DashedLineSeries::new(points, 6, 4, style))?,
                Kind::Points => {
                    let circle = |point| Circle::new(point, 4, colour.filled());
                    chart.draw_series(points.map(circle))?
                }
            };
            if let Some(name) = &series.name {
                drawn
                    .label(name)
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
            }
        }
        if self.series.iter().any(|series| series.name.is_some()) {
            chart
                .configure_series_labels()
                .label_font(LABEL)
                .position(self.legend(right))
                .background_style(WHITE.mix(0.8))
                .border_style(BLACK)
                .draw()?;
        }
        Ok(())
    }
}

/// Plots side by side under one title.
///
/// # Errors
/// If the drawing fails.
pub fn panels(title: &str, plots: &[Xy]) -> Result<Svg, PlotError> {
    drawn((500 * plots.len().max(1) as u32, 440), |root| {
        let areas = root
            .titled(title, TITLE)?
            .split_evenly((1, plots.len().max(1)));
        for (area, plot) in areas.iter().zip(plots) {
            plot.draw(area)?;
        }
        Ok(())
    })
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn drawn(
    size: (u32, u32),
    draw: impl Fn(&Area<'_>) -> Result<(), PlotError>,
) -> Result<Svg, PlotError> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        root.fill(&WHITE)?;
        draw(&root)?;
        root.present()?;
    }
    Ok(Svg(text))
}

/// Those that no other one beats in both axes, from left to right.
fn front(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut best: Vec<(f64, f64)> = Vec::new();
    for point in sorted {
        if best.last().is_none_or(|last| point.1 < last.1) {
            best.push(point);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::front;

    #[test]
    fn a_front_has_no_point_that_another_one_beats() {
        let points = [(3.0, 1.0), (1.0, 4.0), (2.0, 4.5), (2.0, 2.0), (3.0, 3.0)];
        assert_eq!(front(&points), [(1.0, 4.0), (2.0, 2.0), (3.0, 1.0)]);
    }
}
