//! The report as tables on a terminal.

use super::{Report, shown};

/// The whole report.
pub fn text(report: &Report) -> String {
    let mut parts = vec![shown::provenance(report) + "\n"];
    for figures in &report.workloads {
        let remarks = shown::remarks(figures).join("\n");
        parts.push(format!("{}{remarks}\n", shown::systems(figures)));
    }
    let names = report.names();
    let tables = report.tables.iter();
    parts.extend(tables.map(|table| table.shown(&names).to_string()));
    parts.push(shown::silicon(report).to_string());
    let extensions = report.extensions.iter();
    parts.extend(extensions.map(|extensions| shown::extensions(extensions).to_string()));
    let sweeps = report.sweeps.iter();
    parts.extend(sweeps.map(|sweep| shown::sweep(sweep).to_string()));
    if !report.sensitivity.is_empty() {
        parts.push(shown::sensitivity(report).to_string());
    }
    parts.join("\n")
}
