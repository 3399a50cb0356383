//! The report as one HTML page with its plots inside.

use report::Page;
use report::plot::PlotError;

use super::{Report, plot, shown};

/// The page.
///
/// # Errors
/// If a plot can't be drawn.
pub fn html(report: &Report) -> Result<String, PlotError> {
    let provenance = format!(
        "{}. Averages are over RM1 to RM4.",
        shown::provenance(report)
    );
    let mut page = Page::new("REFREE: a training step's embedding layer", provenance);
    for figures in &report.workloads {
        page.section(&figures.workload)
            .plot(&plot::times(figures)?)
            .table(&shown::systems(figures));
        for remark in shown::remarks(figures) {
            page.paragraph(&remark);
        }
    }
    let names = report.names();
    for table in &report.tables {
        page.figure(&plot::bars(table, &names)?, &table.shown(&names));
    }
    for sweep in &report.sweeps {
        page.figure(&plot::sweep(sweep)?, &shown::sweep(sweep));
    }
    if !report.sensitivity.is_empty() {
        page.titled(&shown::sensitivity(report));
    }
    page.titled(&shown::silicon(report));
    for extensions in &report.extensions {
        page.titled(&shown::extensions(extensions));
    }
    Ok(page.html())
}
