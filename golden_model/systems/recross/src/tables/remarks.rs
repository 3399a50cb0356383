//! What must be said of the figures, with the figures of this run.

use super::report::Report;
use crate::params::BUSY;
use crate::published;

/// Sentences about the paper's two ratios and about where the gain comes from.
pub fn remarks(report: &Report) -> Vec<String> {
    let (time, energy) = (|name| report.time(name), |name| report.energy(name));
    let holds = |reached: f64, wanted: f64| match reached >= wanted {
        true => "holds",
        false => "does not hold",
    };
    let paper = published::TIME.value;
    let mut remarks = vec![
        format!(
            "{paper}x in time {} here at budget {}: {:.2}x against hashed rows read one by one.",
            holds(time("nmars_matched"), paper),
            report.budget,
            time("nmars_matched")
        ),
        format!(
            "Most of the gain in time comes from copies: against the same baseline with our budget of copies it is \
             {:.2}x, and against access-aware rows with copies {:.2}x{}.",
            time("nmars_matched_copies"),
            time("aam_copies"),
            slower(time("aam_copies"))
        ),
        format!(
            "Without copies ours takes {:.2} ns and hashed rows {:.2} ns{}.",
            report.system("no_copies").ns_a_query,
            report.system("naive_hashed_fixed").ns_a_query,
            match report.system("no_copies").ns_a_query
                > report.system("naive_hashed_fixed").ns_a_query
            {
                true => ": grouping alone gathers load and is slower",
                false => "",
            }
        ),
    ];
    let paper = published::ENERGY.value;
    remarks.push(format!(
        "{paper}x in energy {} against rows in order of id with fixed resolution ({:.2}x), {} against single rows at \
         fixed resolution ({:.2}x) and {} against single rows at matched resolution ({:.2}x). Switching alone is {:.2}x.",
        holds(energy("naive_plain_fixed"), paper),
        energy("naive_plain_fixed"),
        holds(energy("nmars_fixed"), paper),
        energy("nmars_fixed"),
        holds(energy("nmars_matched"), paper),
        energy("nmars_matched"),
        energy("no_switching")
    ));
    for point in report
        .sensitivity
        .iter()
        .filter(|p| p.parameter == "configuration")
    {
        remarks.push(format!(
            "With {}: energy {:.2}x against single rows at fixed resolution, {:.2}x against rows in order of id with \
             fixed resolution, time {:.2}x against access-aware rows with copies{}.",
            point.value,
            point.energy_to_nmars_fixed,
            point.energy_to_naive,
            point.time_to_aam_copies,
            slower(point.time_to_aam_copies)
        ));
    }
    let split = report.system("ours").energy_split;
    remarks.push(format!(
        "{:.0} % of our energy moves bitmaps, vectors and results.",
        100.0 * split.movement() / split.sum().max(f64::MIN_POSITIVE)
    ));
    remarks
}

/// Ports that are too busy for what is checked and not simulated, and a budget that nothing needs.
pub fn warnings(report: &Report, extra: u32) -> Vec<String> {
    let mut warnings = Vec::new();
    for system in &report.systems {
        let Some(ports) = system.utilisation else {
            continue;
        };
        for (port, busy) in [
            ("bank ports", ports.bank),
            ("routers", ports.router),
            ("final merge", ports.merge),
            ("id input", ports.ids),
        ] {
            if busy > BUSY {
                warnings.push(format!(
                    "{}: {port} would be busy {busy:.2} of the time, above {BUSY}; its time is not simulated",
                    system.name
                ));
            }
        }
    }
    let ours = report.system("ours");
    if ours.tile_copies == 0 && extra > 0 && report.chosen.row_share == 0.0 {
        warnings.push(format!(
            "no tile has any load in training: none of the {extra} copies is made"
        ));
    }
    warnings
}

fn slower(ratio: f64) -> &'static str {
    if ratio < 1.0 { " (slower)" } else { "" }
}
