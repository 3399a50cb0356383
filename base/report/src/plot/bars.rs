//! Groups of bars.

use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;

use super::canvas::{LABEL, PlotError, Svg, colour, top};

const WIDTH: u32 = 1040;
/// Height of the bars with their axis, and of a line of the legend.
const PLOT: u32 = 312;
const LEGEND: u32 = 18;
/// Width of a character of a label, about.
const CHARACTER: u32 = 7;

/// Groups of bars, a bar per series in each, with marks where the paper's values are.
#[derive(Clone, Debug)]
pub struct Bars {
    axis: String,
    groups: Vec<String>,
    series: Vec<Series>,
}

#[derive(Clone, Debug)]
struct Series {
    name: String,
    values: Vec<f64>,
    marks: Vec<Option<f64>>,
}

impl Bars {
    /// Bars over these groups; `axis` says what their height is.
    pub fn new<G: Into<String>>(
        axis: impl Into<String>,
        groups: impl IntoIterator<Item = G>,
    ) -> Self {
        Self {
            axis: axis.into(),
            groups: groups.into_iter().map(Into::into).collect(),
            series: Vec::new(),
        }
    }

    /// A bar in each group; none for values that are lacking at the end or not finite.
    #[must_use]
    pub fn series(
        mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        self.series.push(Series {
            name: name.into(),
            values: values.into_iter().take(self.groups.len()).collect(),
            marks: Vec::new(),
        });
        self
    }

    /// What the paper states for the bars of the latest series, group by group.
    #[must_use]
    pub fn paper(mut self, marks: impl IntoIterator<Item = Option<f64>>) -> Self {
        if let Some(latest) = self.series.last_mut() {
            latest.marks = marks.into_iter().take(self.groups.len()).collect();
        }
        self
    }

    /// # Errors
    /// If the drawing fails.
    pub fn svg(&self) -> Result<Svg, PlotError> {
        let marks = || self.series.iter().flat_map(|s| s.marks.iter().flatten());
        let values = self.series.iter().flat_map(|s| &s.values);
        let top = top(values.chain(marks()).copied());
        let has_marks = marks().next().is_some();
        let entries = self.series.len() as u32 + u32::from(has_marks);
        let step = (WIDTH - 90) / self.groups.len().max(1) as u32;
        let mut text = String::new();
        {
            let size = (WIDTH, PLOT + 8 + LEGEND * entries);
            let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
            root.fill(&WHITE)?;
            let (plot, legend) = root.split_vertically(PLOT);
            let mut chart = ChartBuilder::on(&plot)
                .margin(10)
                .x_label_area_size(30)
                .y_label_area_size(60)
                .build_cartesian_2d(
                    (0..self.groups.len().saturating_sub(1)).into_segmented(),
                    0.0..top,
                )?;
            let label = |value: &SegmentValue<usize>| match value {
                SegmentValue::CenterOf(index) => {
                    let name = self.groups.get(*index).map_or("", String::as_str);
                    name.chars().take((step / CHARACTER) as usize).collect()
                }
                _ => String::new(),
            };
            chart
                .configure_mesh()
                .disable_x_mesh()
                .light_line_style(TRANSPARENT)
                .label_style(LABEL)
                .x_labels(self.groups.len())
                .x_label_formatter(&label)
                .y_desc(&self.axis)
                .draw()?;
            // In pixels: segmented coordinates have no places inside a group.
            let (xs, ys) = chart.plotting_area().get_pixel_range();
            let step = f64::from(xs.end - xs.start) / self.groups.len().max(1) as f64;
            let bar = 0.8 * step / self.series.len().max(1) as f64;
            let height = |value: f64| ys.end - (f64::from(ys.end - ys.start) * value / top) as i32;
            let place = |number: usize, group: usize| {
                let left = f64::from(xs.start) + step * (group as f64 + 0.1) + bar * number as f64;
                (left as i32, (left + bar) as i32)
            };
            for (number, series) in self.series.iter().enumerate() {
                for (group, &value) in series.values.iter().enumerate() {
                    if value.is_finite() {
                        let (left, right) = place(number, group);
                        let corners = [(left, height(value)), (right, ys.end)];
                        root.draw(&Rectangle::new(corners, colour(number).filled()))?;
                    }
                }
                for (group, mark) in series.marks.iter().enumerate() {
                    if let Some(value) = mark.filter(|value| value.is_finite()) {
                        let (left, right) = place(number, group);
                        let y = height(value);
                        root.draw(&PathElement::new(
                            [(left, y), (right, y)],
                            BLACK.stroke_width(3),
                        ))?;
                    }
                }
            }
            let line = |number: usize| 4 + LEGEND as i32 * number as i32;
            let name = |text: &str, y: i32| Text::new(text.to_owned(), (90, y - 1), LABEL);
            for (number, series) in self.series.iter().enumerate() {
                let y = line(number);
                let key = [(70, y), (82, y + 12)];
                legend.draw(&Rectangle::new(key, colour(number).filled()))?;
                legend.draw(&name(&series.name, y))?;
            }
            if has_marks {
                let y = line(self.series.len());
                let key = [(66, y + 6), (86, y + 6)];
                legend.draw(&PathElement::new(key, BLACK.stroke_width(3)))?;
                legend.draw(&name("paper", y))?;
            }
            root.present()?;
        }
        Ok(Svg(text))
    }
}
