//! What all plots share: colours, fonts, axes, the SVG document.

use std::error::Error;

use plotters::drawing::DrawingAreaErrorKind;
use plotters::style::RGBColor;

/// Colours told apart by the colour-blind (Okabe and Ito).
pub(super) const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(90, 90, 90),
    RGBColor(240, 228, 66),
];

/// Font of labels; titles are a little larger.
pub(super) const LABEL: (&str, u32) = ("sans-serif", 14);
pub(super) const TITLE: (&str, u32) = ("sans-serif", 18);

/// Largest value over the top of a plot.
pub(super) const HEADROOM: f64 = 1.08;

pub(super) fn colour(index: usize) -> RGBColor {
    COLOURS[index % COLOURS.len()]
}

/// The end of an axis that shows all `values` from 0 on; 1 if none is above 0.
pub(super) fn top(values: impl Iterator<Item = f64>) -> f64 {
    let largest = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
    if largest > 0.0 {
        HEADROOM * largest
    } else {
        1.0
    }
}

/// An SVG document, drawn here and therefore safe in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Svg(pub(super) String);

impl Svg {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A plot that can't be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the plot can't be drawn: {0}")]
pub struct PlotError(String);

impl<E: Error + Send + Sync> From<DrawingAreaErrorKind<E>> for PlotError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}

/// An axis of numbers from 0 on.
#[derive(Clone, Debug)]
pub struct Axis {
    pub(super) title: String,
    percent: bool,
    pub(super) steps: Vec<String>,
}

impl Axis {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            percent: false,
            steps: Vec::new(),
        }
    }

    /// Shows 0.25 as `25.0 %`.
    #[must_use]
    pub fn percent(mut self) -> Self {
        self.percent = true;
        self
    }

    /// Names for 0, 1, 2, ...: values at equal distances, whatever they are.
    #[must_use]
    pub fn steps(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.steps = names.into_iter().collect();
        self
    }

    /// Text at a place of the axis.
    pub(super) fn label(&self, at: f64, plain: impl Fn(f64) -> String) -> String {
        if !self.steps.is_empty() {
            let whole = (at - at.round()).abs() < 1e-6;
            let name = self.steps.get(at.round() as usize).filter(|_| whole);
            return name.cloned().unwrap_or_default();
        }
        if self.percent {
            return format!("{:.1} %", 100.0 * at);
        }
        plain(at)
    }

    /// Where the axis ends.
    pub(super) fn end(&self, values: impl Iterator<Item = f64>, headroom: bool) -> f64 {
        match self.steps.len() {
            0 if headroom => top(values),
            0 => top(values) / HEADROOM,
            1 => 1.0,
            steps => (steps - 1) as f64,
        }
    }
}
