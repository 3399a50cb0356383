//! The report as text and as a page.

use report::Page;
use report::plot::{Axis, Bars, PlotError, Xy};

use super::report::Report;
use super::shown;

/// For the terminal.
pub fn text(report: &Report) -> String {
    let mut text = format!(
        "{}\n{} queries served, {} of them empty; {:.1} % of the look-ups are of rows unseen in training\n\n",
        report.provenance(),
        report.queries,
        report.empty_queries,
        100.0 * report.unseen_share
    );
    let mut tables = vec![
        shown::systems(report),
        shown::headline(report),
        shown::ablation(report),
        shown::energies(report),
        shown::beyond(report),
        shown::ports(report),
    ];
    if !report.sensitivity.is_empty() {
        tables.push(shown::sensitivity(report));
    }
    for table in tables {
        text += &format!("{table}\n");
    }
    for line in report.remarks.iter().chain(&report.warnings) {
        text += &format!("{line}\n");
    }
    text
}

/// The paper's recipe, ours, and ours with what helps, alone.
pub fn best(report: &Report) -> String {
    let (headline, beyond) = (shown::headline(report), shown::beyond(report));
    format!("{}\n\n{headline}\n{beyond}", report.provenance())
}

/// One HTML page with its plots inside.
///
/// # Errors
/// If a plot can't be drawn.
pub fn html(report: &Report) -> Result<String, PlotError> {
    let mut page = Page::new(
        "ReCross: grouping, copies and switched ADCs",
        report.provenance(),
    );
    let tiles: Vec<_> = report.systems.iter().filter(|s| s.name != "cpu").collect();
    let names = || tiles.iter().map(|system| system.name);
    let time = Bars::new("ns a query", names())
        .series("ns a query", tiles.iter().map(|system| system.ns_a_query))
        .svg()?;
    let energy = Bars::new("pJ a query", names())
        .series("pJ a query", tiles.iter().map(|system| system.pj_a_query))
        .svg()?;
    page.section("time and energy")
        .plot(&time)
        .plot(&energy)
        .table(&shown::systems(report));
    for remark in report.remarks.iter().chain(&report.warnings) {
        page.paragraph(remark);
    }
    page.titled(&shown::headline(report));
    page.titled(&shown::ablation(report));
    page.titled(&shown::energies(report));
    page.titled(&shown::beyond(report));
    page.titled(&shown::ports(report));
    if !report.sensitivity.is_empty() {
        let points = report
            .sensitivity
            .iter()
            .filter(|p| p.parameter == "budget");
        let points = points.filter_map(|p| Some((p.value.parse().ok()?, p.ns_a_query)));
        let budgets = Xy::new(Axis::new("extra tiles per tile"), Axis::new("ns a query"))
            .line("ours", points)
            .svg()?;
        page.figure(&budgets, &shown::sensitivity(report));
    }
    Ok(page.html())
}
