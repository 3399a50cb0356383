//! The report's plots, as SVG.

use std::error::Error;

use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;

use super::super::figures::Figures;
use super::super::sweep::{Point, WIDTHS};
use super::tables::Table;

type Drawn = Result<String, Box<dyn Error>>;

/// Colours told apart by the colour-blind (Okabe and Ito).
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(90, 90, 90),
    RGBColor(240, 228, 66),
];

/// Characters of a label that find room.
const LABEL: usize = 16;

fn colour(index: usize) -> RGBColor {
    COLOURS[index % COLOURS.len()]
}

/// A figure of ratios: a group of bars for each workload, and short lines where the paper's averages
/// are, at the left.
pub fn bars(table: &Table, names: &[&str]) -> Drawn {
    let papers = table.lines.iter().filter_map(|line| line.paper);
    let values = table
        .lines
        .iter()
        .flat_map(|line| line.ours.iter().copied());
    let top = 1.08 * papers.chain(values).fold(1.0_f64, f64::max);
    let series: Vec<(&str, Vec<f64>)> = table
        .lines
        .iter()
        .map(|line| {
            let paper = line.paper.unwrap_or(0.0);
            let values = [paper].into_iter().chain(line.ours.iter().copied());
            (line.what.as_str(), values.collect())
        })
        .collect();
    let groups: Vec<&str> = [&["paper"], names].concat();
    grouped(&groups, &series, top, "times")
}

/// Times of all systems on one workload, in microseconds.
pub fn times(figures: &Figures) -> Drawn {
    let groups: Vec<&str> = figures.systems.iter().map(|s| s.name.text()).collect();
    let forward: Vec<f64> = figures
        .systems
        .iter()
        .map(|s| s.forward_s.mean * 1e6)
        .collect();
    let backward: Vec<f64> = figures
        .systems
        .iter()
        .map(|s| s.backward_s.mean * 1e6)
        .collect();
    let top = 1.08
        * forward
            .iter()
            .chain(&backward)
            .fold(1.0_f64, |a, &b| a.max(b));
    grouped(
        &groups,
        &[("forward", forward), ("backward and update", backward)],
        top,
        "us a batch",
    )
}

fn grouped(groups: &[&str], series: &[(&str, Vec<f64>)], top: f64, axis: &str) -> Drawn {
    let mut text = String::new();
    {
        let height = 320 + 18 * series.len() as u32;
        let root = SVGBackend::with_string(&mut text, (1040, height)).into_drawing_area();
        root.fill(&WHITE)?;
        let (plot, legend) = root.split_vertically(312);
        let mut chart = ChartBuilder::on(&plot)
            .margin(10)
            .x_label_area_size(30)
            .y_label_area_size(60)
            .build_cartesian_2d(
                (0..groups.len().saturating_sub(1)).into_segmented(),
                0.0..top,
            )?;
        let label = |value: &SegmentValue<usize>| match value {
            SegmentValue::CenterOf(index) => {
                let name = groups.get(*index).unwrap_or(&"");
                name.chars().take(LABEL).collect()
            }
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .label_style(("sans-serif", 14))
            .x_labels(groups.len())
            .x_label_formatter(&label)
            .y_desc(axis)
            .draw()?;
        // In pixels: segmented coordinates have no places inside a group.
        let area = chart.plotting_area().clone();
        let (xs, ys) = area.get_pixel_range();
        let step = f64::from(xs.end - xs.start) / groups.len() as f64;
        let bar = 0.8 * step / series.len() as f64;
        let bottom = ys.end;
        for (number, (_, values)) in series.iter().enumerate() {
            for (group, &value) in values.iter().enumerate() {
                let left = f64::from(xs.start) + step * (group as f64 + 0.1) + bar * number as f64;
                let height = f64::from(ys.end - ys.start) * value / top;
                let corners = [
                    (left as i32, bottom - height as i32),
                    ((left + bar) as i32, bottom),
                ];
                root.draw(&Rectangle::new(corners, colour(number).filled()))?;
            }
        }
        for (number, (name, _)) in series.iter().enumerate() {
            let y = 4 + 18 * number as i32;
            legend.draw(&Rectangle::new(
                [(70, y), (82, y + 12)],
                colour(number).filled(),
            ))?;
            legend.draw(&Text::new(
                (*name).to_owned(),
                (90, y - 1),
                ("sans-serif", 14),
            ))?;
        }
        root.present()?;
    }
    Ok(text)
}

/// Time against width, a line for each clock.
pub fn sweep(points: &[Point]) -> Drawn {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (760, 360)).into_drawing_area();
        root.fill(&WHITE)?;
        let top = 1.05
            * points
                .iter()
                .map(|p| p.embedding_s * 1e6)
                .fold(1.0, f64::max);
        let mut chart = ChartBuilder::on(&root)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..(WIDTHS.len() - 1) as f64, 0.0..top)?;
        let width = |place: &f64| {
            WIDTHS
                .get(place.round() as usize)
                .map_or(String::new(), u32::to_string)
        };
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .label_style(("sans-serif", 14))
            .x_labels(WIDTHS.len())
            .x_label_formatter(&width)
            .x_desc("bits of the PE")
            .y_desc("us a batch")
            .draw()?;
        for (number, line) in points.chunks(WIDTHS.len()).enumerate() {
            let style = colour(number).stroke_width(2);
            let places = line.iter().enumerate();
            let places = places.map(|(at, point)| (at as f64, point.embedding_s * 1e6));
            chart
                .draw_series(LineSeries::new(places, style))?
                .label(format!("{:.1} GHz", line[0].clock_ghz))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
        }
        chart
            .configure_series_labels()
            .label_font(("sans-serif", 14))
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK)
            .draw()?;
        root.present()?;
    }
    Ok(text)
}
