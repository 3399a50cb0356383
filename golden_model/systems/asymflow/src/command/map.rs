//! `asymflow map`: the plan alone, by the formulas.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Instant;

use report::unit::US;
use report::{Column, Table};
use serde::Serialize;
use traces::{Query, Trace};

use super::system::{batch, machine};
use crate::machine::Machine;
use crate::mapper::map;
use crate::problems::{Load, Options};
use crate::profile::Profile;
use crate::schedule::{Schedule, Share};
use crate::study::{CoreLoad, Use, cores, strategies};
use crate::workload::Workload;

/// Map a workload: which core serves which share of which table, how
///
/// `plan_us` is the formulas' time of the plan, `bound_us` a time that no plan can beat (the dual's). A
/// machine file gives each figure as `key = { value = N, source = "..." }`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// kaggle, avazu, terabyte, taobao, meta788, meta856, a .toml file of tables, or a trace
    #[arg(long, value_name = "W|FILE")]
    workload: String,
    /// ascend910, ascend310p, ascend910b or a .toml file
    #[arg(long, default_value = "ascend910", value_name = "M|FILE")]
    machine: String,
    /// Cycles between two requests to one granule, in place of the machine's
    #[arg(long, value_name = "N")]
    t_same: Option<f64>,
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// What is known of the queries: none, zipf:S, or a trace
    #[arg(long, default_value = "none", value_name = "none|zipf:S|FILE.lk")]
    profile: String,
    /// Strategies that the mapper may take
    #[arg(long, value_enum, default_value = "paper")]
    options: Options,
    /// Write the result as JSON
    #[arg(long, value_name = "FILE.json")]
    out: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Mapped<'a> {
    workload: &'a str,
    machine: &'a Machine,
    calibrated: std::collections::BTreeMap<&'static str, f64>,
    batch: u32,
    profile: &'a str,
    options: Options,
    /// Wall time of mapping, one thread.
    seconds: f64,
    plan_us: f64,
    bound_us: f64,
    strategies: std::collections::BTreeMap<&'static str, Use>,
    tables: &'a [crate::workload::Table],
    cores: Vec<CoreLoad>,
    plan: Vec<Placed>,
}

/// A share with its core.
#[derive(Serialize)]
struct Placed {
    core: usize,
    #[serde(flatten)]
    share: Share,
}

/// Runs it and returns what to print.
///
/// # Errors
/// One line about what is wrong.
pub fn run(args: &Args) -> Result<String, String> {
    let machine = machine(&args.machine, args.t_same)?;
    let workload = Workload::load(&args.workload)?;
    let batch = batch(args.batch, &workload)?;
    let mut load = Load::unknown(&machine, &workload.tables, batch);
    load.profiles = profiles(&args.profile, &workload)?;
    let start = Instant::now();
    let problem = load.problem(args.options);
    let (plan, bound) = map(&problem);
    let seconds = start.elapsed().as_secs_f64();
    let phase = plan.phase(&problem);
    let schedule = Schedule::of(phase);
    schedule.covers(workload.tables.len())?;
    let placed = schedule.phases[0].iter().enumerate();
    let mapped = Mapped {
        workload: &workload.name,
        machine: &machine,
        calibrated: [("t_same", machine.t_same)].into(),
        batch,
        profile: &args.profile,
        options: args.options,
        seconds,
        plan_us: machine.us(plan.cycles(&problem)),
        bound_us: machine.us(bound),
        strategies: strategies(&schedule, &workload),
        tables: &workload.tables,
        cores: cores(&machine, &plan, &problem),
        plan: placed
            .flat_map(|(core, shares)| shares.iter().map(move |&share| Placed { core, share }))
            .collect(),
    };
    if let Some(path) = &args.out {
        let written = contract::write_file(path, &report::json(&mapped));
        written.map_err(|error| format!("--out {}: {error}", path.display()))?;
    }
    if args.json {
        Ok(report::json(&mapped))
    } else {
        Ok(text(&mapped))
    }
}

fn profiles(of: &str, workload: &Workload) -> Result<Vec<Profile>, String> {
    let tables = &workload.tables;
    if of == "none" {
        return Ok(tables
            .iter()
            .map(|table| Profile::uniform(table.rows))
            .collect());
    }
    if let Some(exponent) = of.strip_prefix("zipf:") {
        let s = exponent.parse().ok().filter(|s| (0.0..=8.0).contains(s));
        let s =
            s.ok_or_else(|| format!("--profile: zipf:{exponent}, use an exponent from 0 to 8"))?;
        return Ok(tables
            .iter()
            .map(|table| Profile::zipf(table.rows, s))
            .collect());
    }
    if !of.contains(['.', '/']) {
        return Err(format!("--profile: {of}, use none, zipf:S or a trace"));
    }
    let trace = Trace::open(Path::new(of)).map_err(|error| error.to_string())?;
    let found = trace.joint_ids().sizes().len();
    if found != tables.len() {
        let wanted = tables.len();
        return Err(format!(
            "{of}: {found} tables, but the workload has {wanted}; use a trace with as many"
        ));
    }
    for (index, (&size, table)) in trace.joint_ids().sizes().iter().zip(tables).enumerate() {
        if size > table.rows.into() {
            let (id, rows) = (size - 1, table.rows);
            return Err(format!(
                "{of}: table {index}: id {id}, but the table has {rows} rows"
            ));
        }
    }
    let mut ids = vec![Vec::new(); found];
    let mut source = trace.source().map_err(|error| error.to_string())?;
    let mut query = Query::new();
    while source.read(&mut query).map_err(|error| error.to_string())? {
        for (ids, bag) in ids.iter_mut().zip(query.iter()) {
            ids.extend_from_slice(bag);
        }
    }
    let counted = ids.into_iter().zip(tables).map(|(ids, table)| {
        let counts = traces::hot::hottest(ids, usize::MAX)
            .into_iter()
            .map(|(_, count)| count);
        Profile::counted(counts.collect(), table.rows)
    });
    Ok(counted.collect())
}

fn text(mapped: &Mapped) -> String {
    let mut table = Table::new([
        Column::left("core"),
        Column::right("load").unit(US),
        Column::right("KiB of L1"),
        Column::left("shares: table, strategy, part of the batch"),
    ]);
    for (core, load) in mapped.cores.iter().enumerate() {
        let share = |share: &Share| {
            let part = match share.to - share.from {
                1.0 => String::new(),
                part => format!(" {:.0}%", 100.0 * part),
            };
            format!("{} {}{part}", share.table, share.how.name())
        };
        let shares: Vec<String> = load.shares.iter().map(share).collect();
        table.row(report::row![
            core.to_string(),
            load.us,
            load.l1_bytes / 1024.0,
            shares.join(", ")
        ]);
    }
    format!(
        "{} on {}, t_same {} (calibrated), batches of {}, profile {}\n\
         by the formulas {:.2} us; no plan is below {:.2} us ({:.4}x); mapped in {:.4} s\n\n{table}",
        mapped.workload,
        mapped.machine.name,
        mapped.machine.t_same,
        mapped.batch,
        mapped.profile,
        mapped.plan_us,
        mapped.bound_us,
        mapped.plan_us / mapped.bound_us,
        mapped.seconds,
    )
}
