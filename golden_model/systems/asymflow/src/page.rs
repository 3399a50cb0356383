//! The study as one HTML page with its plots.

use report::Page;
use report::plot::{Bars, PlotError};

use crate::study::{DISTRIBUTIONS, Study};
use crate::tables;

/// The page.
///
/// # Errors
/// If a plot can't be drawn.
pub fn html(study: &Study) -> Result<String, PlotError> {
    let provenance = format!(
        "{} on {}, t_same {} (calibrated), batches of {}, seed {}. Times are the event model's third batch.",
        study.workload, study.machine.name, study.machine.t_same, study.batch, study.seed
    );
    let mut page = Page::new("Asymmetric data flow", provenance);
    let vendor = study.vendor_us.all();
    let mut speed = Bars::new("vendor's time over it", DISTRIBUTIONS);
    for (name, times) in [
        ("fused", study.fused_us),
        ("symmetric", study.symmetric_us),
        ("plan", study.plan_us),
        ("plan with FILTER (ours)", study.filter_us),
        ("HOT (ours)", study.hot_us),
    ] {
        let ratio = times.all().into_iter().zip(vendor);
        let ratio = ratio.map(|(time, vendor)| vendor.zip(time).map_or(f64::NAN, |(v, t)| v / t));
        speed = speed.series(name, ratio);
    }
    page.figure(&speed.svg()?, &tables::times(study));
    let cores = (0..study.plan.len()).map(|core| core.to_string());
    let load = Bars::new("us a core", cores)
        .series("by the formulas", study.plan.iter().map(|core| core.us))
        .series("event model, uniform", study.busy_us.iter().copied());
    page.section("Load of cores").plot(&load.svg()?);
    let uses = Bars::new("% of look-ups", study.strategies.keys().copied()).series(
        "look-ups",
        study.strategies.values().map(|of| 100.0 * of.lookups),
    );
    page.section("Share of strategies")
        .plot(&uses.svg()?)
        .table(&tables::uses(study));
    page.titled(&tables::headlines(study));
    for claim in tables::claims(study) {
        page.paragraph(&claim);
    }
    page.section("Machine")
        .table(&tables::machine(&study.machine));
    Ok(page.html())
}
