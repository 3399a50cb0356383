//! Results as tables.

use std::fmt::Write;

use report::unit::{RATIO, US};
use report::{Cell, Column, Comparison, Line, Table};

use crate::published;
use crate::study::{DISTRIBUTIONS, Headline, Study, Times};

/// Everything that `asymflow system` prints.
pub fn system(study: &Study) -> String {
    let mut text = format!(
        "{} on {}, t_same {} (calibrated), batches of {}, seed {}\n\n{}\n{}\n{}\n",
        study.workload,
        study.machine.name,
        study.machine.t_same,
        study.batch,
        study.seed,
        times(study),
        headlines(study),
        uses(study),
    );
    for claim in claims(study) {
        let _ = writeln!(text, "{claim}");
    }
    text
}

/// Times by distribution.
pub fn times(study: &Study) -> Table {
    let mut columns = vec![Column::left("us per batch, event model, third batch")];
    columns.extend(DISTRIBUTIONS.map(|name| Column::right(name).unit(US)));
    columns.push(Column::right("spread").unit(RATIO));
    let mut table = Table::new(columns).title("one plan without a profile, on every distribution");
    for (name, times) in [
        ("vendor: GM, a barrier per table", study.vendor_us),
        ("fused: GM, no barriers", study.fused_us),
        ("symmetric: best strategy per table", study.symmetric_us),
        ("plan: the four strategies", study.plan_us),
        ("plan with FILTER (ours)", study.filter_us),
        ("HOT (ours), learned from two batches", study.hot_us),
    ] {
        let mut row = vec![Cell::from(name)];
        row.extend(times.all().map(Cell::from));
        row.push(times.spread().into());
        table.row(row);
    }
    table.note(format!(
        "by the formulas {:.1} us; no plan is below {:.1} us ({:.3}x)",
        study.formula_us,
        study.bound_us,
        study.formula_us / study.bound_us
    ));
    table.note("output writes and index reads are the same for all and left out");
    table
}

fn over(above: &Times, below: &Times) -> [Option<f64>; 4] {
    let (above, below) = (above.all(), below.all());
    std::array::from_fn(|at| above[at].zip(below[at]).map(|(above, below)| above / below))
}

/// Vendor over plan at each value of the calibrated parameter.
pub fn headlines(study: &Study) -> Table {
    let mut comparison =
        Comparison::new("vendor over plan; t_same is the one calibrated parameter")
            .what("speed-up")
            .ours("t_same 8");
    let at = |t_same: f64| {
        study
            .headlines
            .iter()
            .find(|headline| headline.t_same == t_same)
    };
    for (index, name) in DISTRIBUTIONS.iter().enumerate() {
        let ratio = |of: Option<&Headline>| of.and_then(|h| over(&h.vendor_us, &h.plan_us)[index]);
        let mut line = Line::new(format!("vendor / plan, {name}"));
        line = match *name {
            "same" => line.paper(&published::UNBALANCED),
            _ => line.paper(&published::MOST),
        };
        comparison = comparison.line(
            line.ours(ratio(at(8.0)), published::MOST.unit)
                .against("t_same 3", ratio(at(3.0)))
                .against("t_same 17.5", ratio(at(17.5))),
        );
    }
    comparison.table()
}

/// How much each strategy serves.
pub fn uses(study: &Study) -> Table {
    let mut table = Table::new([
        Column::left("strategy"),
        Column::right("tables"),
        Column::right("shares"),
        Column::right("look-ups").unit(report::unit::PERCENT.decimals(1)),
    ]);
    for (name, of) in &study.strategies {
        table.row(report::row![
            *name,
            u64::from(of.tables),
            u64::from(of.shares),
            100.0 * of.lookups
        ]);
    }
    table
}

/// Which of the paper's headlines hold, from the figures of this run.
pub fn claims(study: &Study) -> Vec<String> {
    let mut claims = Vec::new();
    for headline in &study.headlines {
        let ratios = over(&headline.vendor_us, &headline.plan_us);
        let usual: Vec<f64> = ratios[..3].iter().flatten().copied().collect();
        let least = usual.iter().copied().fold(f64::INFINITY, f64::min);
        let most = usual.iter().copied().fold(0.0, f64::max);
        let inside = least >= published::LEAST.value && most <= published::MOST.value;
        let usual = match (inside, least >= published::LEAST.value) {
            (true, _) => "inside the paper's",
            (false, true) => "above the paper's",
            (false, false) => "below the paper's",
        };
        let same = ratios[3].unwrap_or(0.0);
        let filter = over(&headline.vendor_us, &headline.filter_us)[3].unwrap_or(0.0);
        let holds = |ratio: f64| {
            if ratio > published::UNBALANCED.value {
                "holds"
            } else {
                "does not hold"
            }
        };
        claims.push(format!(
            "{} at t_same {}: {least:.1}x to {most:.1}x, {usual} {}x to {}x; all-same {same:.1}x: > {}x {}, with FILTER {filter:.1}x: {}",
            study.machine.name,
            headline.t_same,
            published::LEAST.value,
            published::MOST.value,
            published::UNBALANCED.value,
            holds(same),
            holds(filter),
        ));
    }
    claims
}

/// Every figure of the machine with its source.
pub fn machine(machine: &crate::machine::Machine) -> Table {
    let mut table = Table::new([
        Column::left("figure"),
        Column::right("value").decimals(2),
        Column::left("source"),
    ]);
    for (key, value) in machine.figures() {
        table.row(report::row![key, value, machine.sources[key].as_str()]);
    }
    table
}
