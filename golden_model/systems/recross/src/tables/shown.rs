//! The tables of `recross system`.

use report::unit::RATIO;
use report::{Column, Comparison, Line, Table, Unit, row};

use super::report::Report;
use crate::published;

const NS: Unit = Unit::new("ns", 2);
const PJ: Unit = Unit::new("pJ", 1);

/// Every system, and how ours compares.
pub fn systems(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right("ns a query").decimals(2),
        Column::right("pJ a query").decimals(1),
        Column::right("act a query").decimals(2),
        Column::right("time / ours").unit(RATIO),
        Column::right("energy / ours").unit(RATIO),
        Column::right("time / bound").decimals(2),
        Column::right("time / mean").decimals(1),
        Column::right("tiles"),
    ])
    .title("systems");
    for system in &report.systems {
        table.row(row![
            system.name,
            system.ns_a_query,
            system.pj_a_query,
            system.act_a_query,
            report.time(system.name),
            report.energy(system.name),
            system.bound_ratio,
            system.mean_bound_ratio,
            system.tiles as f64,
        ]);
    }
    table.note(
        "bound: the most service per copy of any tile; mean: all service spread over all tiles",
    );
    table.note("hashed rows: of 9 permutations the one of median time");
    table.note(
        "naive_plain_fixed is flattering: ids by first appearance say when a row is first wanted",
    );
    table
}

/// `paper | ours | --best`, as far as the paper gives anything.
pub fn headline(report: &Report) -> Table {
    let best = report.system("best");
    let recipe = report.system("paper_recipe");
    let ours = report.system("ours");
    let ratios = |name: &str| {
        let base = report.system(name);
        let time = |ns: f64| crate::study::ratio(base.ns_a_query, ns);
        let energy = |pj: f64| crate::study::ratio(base.pj_a_query, pj);
        (
            [recipe, ours, best].map(|s| time(s.ns_a_query)),
            [recipe, ours, best].map(|s| energy(s.pj_a_query)),
        )
    };
    let line = |what: &str, values: [f64; 3]| {
        Line::new(what)
            .ours(values[1], RATIO)
            .against("paper's recipe", values[0])
            .against("--best", values[2])
    };
    let (time, energy) = ratios("nmars_matched");
    let (time_copies, _) = ratios("nmars_matched_copies");
    let (_, energy_fixed) = ratios("nmars_fixed");
    let (_, energy_naive) = ratios("naive_plain_fixed");
    let plain = |what: &str, unit: Unit, values: [f64; 3]| {
        Line::new(what)
            .ours(values[1], unit)
            .against("paper's recipe", (values[0], unit))
            .against("--best", (values[2], unit))
    };
    Comparison::new("the paper's ratios and ours")
        .line(line("time, against nmars_matched", time).paper(&published::TIME))
        .line(line("time, against nmars_matched_copies", time_copies).source("ours"))
        .line(line("energy, against naive_plain_fixed", energy_naive).paper(&published::ENERGY))
        .line(line("energy, against nmars_fixed", energy_fixed).source("ours"))
        .line(line("energy, against nmars_matched", energy).source("ours"))
        .line(plain(
            "time per query",
            NS,
            [recipe, ours, best].map(|s| s.ns_a_query),
        ))
        .line(plain(
            "energy per query",
            PJ,
            [recipe, ours, best].map(|s| s.pj_a_query),
        ))
        .table()
}

/// Energy by source, for ours and what it is compared with.
pub fn energies(report: &Report) -> Table {
    let shown = [
        "paper_recipe",
        "ours",
        "best",
        "nmars_matched",
        "naive_plain_fixed",
    ];
    let columns = shown.map(|name| Column::right(name).decimals(1));
    let mut table = Table::new([Column::left("pJ a query")].into_iter().chain(columns))
        .title("energy by source");
    let splits = shown.map(|name| report.system(name).energy_split.parts());
    for part in 0..splits[0].len() {
        if splits.iter().all(|split| split[part].1 == 0.0) {
            continue;
        }
        let cells = splits.iter().map(|split| report::Cell::from(split[part].1));
        table.row(
            [report::Cell::from(splits[0][part].0)]
                .into_iter()
                .chain(cells),
        );
    }
    table
}

/// Ablation: ours without one idea at a time.
pub fn ablation(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right("time / ours").unit(RATIO),
        Column::right("energy / ours").unit(RATIO),
    ])
    .title("ours without one of its ideas");
    for name in ["no_grouping", "no_copies", "no_switching"] {
        table.row(row![name, report.time(name), report.energy(name)]);
    }
    table
}

/// Extensions beyond the paper.
pub fn beyond(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right("ns a query").decimals(3),
        Column::right("pJ a query").decimals(1),
        Column::right("act a query").decimals(2),
        Column::right("judged").decimals(3),
        Column::left("kept"),
        Column::right("vectors"),
        Column::right("tiles"),
    ])
    .title("beyond the paper, each added to what was kept before");
    for step in &report.beyond {
        table.row(row![
            step.what.as_str(),
            step.ns_a_query,
            step.pj_a_query,
            step.act_a_query,
            step.judged,
            if step.kept { "yes" } else { "no" },
            f64::from(step.buffer_vectors),
            step.tiles as f64,
        ]);
    }
    table.note("judged: time x energy on the last fifth of the training half over that of what was kept; it decides");
    table
}

/// One choice changed at a time.
pub fn sensitivity(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right(""),
        Column::right("ns a query").decimals(2),
        Column::right("pJ a query").decimals(1),
        Column::right("act a query").decimals(2),
        Column::right("time: nMARS-like").unit(RATIO),
        Column::right("aam_copies").unit(RATIO),
        Column::right("energy: nMARS-like").unit(RATIO),
        Column::right("fixed").unit(RATIO),
        Column::right("naive").unit(RATIO),
        Column::right("no switching").unit(RATIO),
    ])
    .title("sensitivity: ours, and others over ours");
    for point in &report.sensitivity {
        table.row(row![
            point.parameter,
            point.value.as_str(),
            point.ns_a_query,
            point.pj_a_query,
            point.act_a_query,
            point.time_to_nmars,
            point.time_to_aam_copies,
            point.energy_to_nmars,
            point.energy_to_nmars_fixed,
            point.energy_to_naive,
            point.energy_to_no_switching,
        ]);
    }
    table
}

/// Ports whose time is checked and not simulated.
pub fn ports(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left("utilisation"),
        Column::right("bank ports").decimals(2),
        Column::right("router").decimals(2),
        Column::right("merge").decimals(2),
        Column::right("id input").decimals(2),
    ])
    .title("ports, checked and not simulated");
    for name in ["ours", "best", "paper_recipe", "nmars_matched"] {
        if let Some(ports) = report.system(name).utilisation {
            table.row(row![name, ports.bank, ports.router, ports.merge, ports.ids]);
        }
    }
    table
}
