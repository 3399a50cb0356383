//! `recross goals`: what must be reached on both kinds of trace, by one command.

use std::path::PathBuf;

use super::options::workload;
use super::system::study;
use crate::map::{Mapping, Recipe, Training};
use crate::params::{ALSO_QUERIES, EXPAND, REFINE};
use crate::serve::Machine;
use crate::study::{Setting, Split, Workload, also, ratio};
use crate::tables::{Goal, Report, goals};

/// All goals on a one-hot click log, on user histories, and on what is derived from these
#[derive(Debug, clap::Args)]
pub struct GoalsArgs {
    /// A one-hot click log
    #[arg(long, value_name = "FILE")]
    criteo: PathBuf,
    /// User histories
    #[arg(long, value_name = "FILE")]
    games: PathBuf,
    /// Of everything random
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

/// Runs the command and returns what it prints.
pub fn run(args: &GoalsArgs) -> Result<String, String> {
    let config = super::adc::config(None)?;
    let setting = |budget| Setting {
        machine: Machine::new(&config.config, config.config.elements()),
        budget,
        row_share: None,
        batch: 2048,
        stream: false,
        idle_mw: 0.0,
        recipe: Recipe {
            mapping: Mapping::Union,
            refine: REFINE,
            expand: EXPAND,
            seed: args.seed,
        },
        loaded: None,
    };
    let run =
        |workload: &Workload, budget| study(&setting(budget), workload, config.name.clone(), false);
    let criteo = workload(&args.criteo, Split::Half, args.seed)?;
    let games = workload(&args.games, Split::Half, args.seed)?;
    let shuffled = workload(&args.games, Split::Shuffle, args.seed)?;
    let histories = games.train.iter().chain(games.served.iter());
    let histories = Training::new(games.rows, histories);
    let derived = also::also(&histories, ALSO_QUERIES, args.seed).ok_or_else(|| {
        format!(
            "{}: no row recurs with two others; give user histories",
            args.games.display()
        )
    })?;
    let derived = Workload::new("also", games.rows, derived, Split::Half, args.seed);
    let criteo = run(&criteo, 0.1);
    let games = run(&games, 0.1);
    let [shuffled, shuffled2] = [0.1, 0.2].map(|budget| run(&shuffled, budget));
    let [also, also2] = [0.1, 0.2].map(|budget| run(&derived, budget));
    let goals = all(&criteo, &games, [&shuffled, &shuffled2], [&also, &also2]);
    if args.json {
        return Ok(report::json(
            &serde_json::json!({ "seed": args.seed, "goals": goals }),
        ));
    }
    let mut text = format!("seed {}\n{}\n", args.seed, goals::shown(&goals));
    for report in [&criteo, &also, &also2, &shuffled, &shuffled2, &games] {
        text += &format!("{}\n", report.provenance());
        for remark in &report.remarks {
            text += &format!("  {remark}\n");
        }
    }
    Ok(text)
}

fn all(criteo: &Report, games: &Report, shuffled: [&Report; 2], also: [&Report; 2]) -> Vec<Goal> {
    let act = |report: &Report, name| report.system(name).act_a_query.unwrap_or(0.0);
    let best = |report: &Report| act(report, "best");
    let time = |report: &Report, name: &str| {
        ratio(
            report.system("nmars_matched").ns_a_query,
            report.system(name).ns_a_query,
        )
    };
    let energy = |report: &Report, base: &str, name: &str| {
        ratio(
            report.system(base).pj_a_query,
            report.system(name).pj_a_query,
        )
    };
    let mut goals = vec![
        Goal::least(
            "Criteo: act/q, no copies",
            8.8,
            8.4,
            act(criteo, "no_copies"),
            best(criteo),
        ),
        Goal::least(
            "Games: act/q, no copies",
            6.0,
            5.7,
            act(games, "no_copies"),
            best(games),
        ),
        Goal::least(
            "Criteo: ns a query",
            1.1,
            0.8,
            criteo.system("ours").ns_a_query,
            criteo.system("best").ns_a_query,
        ),
        Goal::least(
            "Criteo: pJ a query",
            500.0,
            440.0,
            criteo.system("ours").pj_a_query,
            criteo.system("best").pj_a_query,
        ),
    ];
    for (what, report, bar, aim) in [
        ("Criteo", criteo, 20.0, 28.0),
        ("Also", also[0], 2.7, 3.97),
        ("Also, budget 0.2", also[1], 4.3, 6.0),
        ("Games shuffled", shuffled[0], 1.2, 2.0),
        ("Games shuffled, budget 0.2", shuffled[1], 1.8, 3.0),
    ] {
        let figure = format!("{what}: time, nmars_matched / ours");
        goals.push(Goal::most(
            &figure,
            bar,
            Some(aim),
            time(report, "ours"),
            Some(time(report, "best")),
        ));
    }
    for (base, bars, aims) in [
        (
            "nmars_matched",
            [2.25, 2.5, 1.2],
            [Some(2.7), Some(3.2), Some(1.6)],
        ),
        ("naive_plain_fixed", [12.0, 9.0, 6.5], [None; 3]),
    ] {
        let reports = [
            ("Criteo", criteo),
            ("Also", also[0]),
            ("Games shuffled", shuffled[0]),
        ];
        for (((what, report), bar), aim) in reports.into_iter().zip(bars).zip(aims) {
            let figure = format!("{what}: energy, {base} / ours");
            let best = energy(report, base, "best");
            goals.push(Goal::most(
                &figure,
                bar,
                aim,
                energy(report, base, "ours"),
                Some(best),
            ));
        }
    }
    for (what, report, bar) in [
        ("Criteo", criteo, 4.8),
        ("Also", also[0], 4.5),
        ("Games shuffled", shuffled[0], 5.5),
    ] {
        let figure = format!("{what}: energy, no_switching / ours");
        goals.push(Goal::most(
            &figure,
            bar,
            None,
            energy(report, "no_switching", "ours"),
            None,
        ));
    }
    goals
}
