//! `recross system`: ours and every baseline on a trace.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use blocks::adc_switch::AdcSwitchConfig;
use contract::BlockConfig;

use super::options::MapOptions;
use crate::params::MOST_BUDGET;
use crate::serve::Machine;
use crate::study::{Saved, Setting, Workload, beyond, sensitivity, systems};
use crate::tables::{self, Chosen, Report};

/// Serve a trace on ReCross and on the systems it is compared with
///
/// The first half of the queries says which rows are on which tile and which tiles have copies; the second half
/// is served, batch by batch. All systems go through the same code.
#[derive(Debug, clap::Args)]
pub struct SystemArgs {
    #[command(flatten)]
    map: MapOptions,
    #[command(flatten)]
    system: SystemOptions,
    /// A saved mapping instead of a new one
    #[arg(long, value_name = "FILE.json")]
    load: Option<PathBuf>,
    /// Change tiles, budget, batch and ADCs, one at a time, as well
    #[arg(long)]
    sweep: bool,
    /// Show only the paper's recipe, ours and best: ours with what helps beyond the paper
    #[arg(long)]
    best: bool,
    /// Write recross.html, tables and plots, into this folder as well
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

/// What is served, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct SystemOptions {
    /// Named configuration of block adc_switch, or a .toml file with every parameter
    #[arg(long, value_name = "NAME|FILE")]
    pub config: Option<String>,
    /// Elements of a row
    #[arg(long, default_value = "16", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub dim: u32,
    /// Extra tiles for copies, per tile
    #[arg(long, default_value = "0.1", value_name = "RHO", value_parser = budget, allow_negative_numbers = true)]
    pub budget: f64,
    /// Part of these for copies of rows, or auto: the best on the training half
    #[arg(long, default_value = "auto", value_name = "X", value_parser = share, allow_negative_numbers = true)]
    pub row_share: Share,
    /// Queries of a batch
    #[arg(long, default_value = "2048", value_name = "N")]
    pub batch: NonZeroU32,
    /// Batches do not wait for the one before
    #[arg(long)]
    pub stream: bool,
    /// Leakage of a tile in mW
    #[arg(long, default_value = "0", value_name = "MW", value_parser = milliwatts, allow_negative_numbers = true)]
    pub idle_mw: f64,
}

/// `--row-share`.
#[derive(Clone, Copy, Debug)]
pub struct Share(Option<f64>);

fn budget(text: &str) -> Result<f64, String> {
    let number = text
        .parse()
        .ok()
        .filter(|rho| (0.0..=MOST_BUDGET).contains(rho));
    number.ok_or_else(|| format!("use a number from 0 to {MOST_BUDGET}"))
}

fn share(text: &str) -> Result<Share, String> {
    if text == "auto" {
        return Ok(Share(None));
    }
    let number = text
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    let number = number.ok_or_else(|| "use auto or a number from 0 to 1".to_owned())?;
    Ok(Share(Some(number)))
}

fn milliwatts(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|mw| (0.0..=1000.0).contains(mw));
    number.ok_or_else(|| "use a number from 0 to 1000".to_owned())
}

impl SystemOptions {
    /// The setting, and the configuration's name.
    ///
    /// # Errors
    /// If there is no such configuration.
    pub fn setting(&self, map: &MapOptions) -> Result<(Setting, String), String> {
        let named = super::adc::config(self.config.as_deref())?;
        let setting = Setting {
            machine: Machine::new(&named.config, self.dim),
            budget: self.budget,
            row_share: self.row_share.0,
            batch: self.batch.get(),
            stream: self.stream,
            idle_mw: self.idle_mw,
            recipe: map.recipe(),
            loaded: None,
        };
        Ok((setting, named.name))
    }
}

/// Runs the command and returns what it prints.
pub fn run(args: &SystemArgs) -> Result<String, String> {
    let (mut setting, config) = args.system.setting(&args.map)?;
    if let Some(dir) = &args.report {
        // A folder that can't be is told before the work is done.
        std::fs::create_dir_all(dir).map_err(|error| not_written(dir, &error.to_string()))?;
    }
    let workload = args.map.workload()?;
    if let Some(path) = &args.load {
        let (assignment, mapping) = Saved::read(path, &workload, setting.machine.lines())?;
        setting.loaded = Some(assignment);
        setting.recipe.mapping = mapping;
    }
    let report = study(&setting, &workload, config, args.sweep);
    if let Some(dir) = &args.report {
        let page = tables::html(&report).map_err(|error| not_written(dir, &error.to_string()))?;
        let written = contract::write_file(&dir.join("recross.html"), &page);
        written.map_err(|error| not_written(dir, &error.to_string()))?;
    }
    Ok(match args.map.json {
        true => report::json(&report),
        false if args.best => tables::best(&report),
        false => tables::text(&report),
    })
}

/// All figures of a workload.
pub fn study(setting: &Setting, workload: &Workload, config: String, sweep: bool) -> Report {
    let (mut all, row_share) = systems::candidates(setting, workload);
    let (best, steps) = beyond::best(setting, workload, row_share);
    all.insert(1, best);
    let points = match sweep {
        true => {
            let named = AdcSwitchConfig::named();
            let shown = |(name, _): &(&str, AdcSwitchConfig)| ["sar64", "isaac128"].contains(name);
            let named: Vec<_> = named.into_iter().filter(shown).collect();
            sensitivity::sensitivity(setting, workload, &named)
        }
        false => Vec::new(),
    };
    let mut report = Report {
        trace: workload.name.clone(),
        train_split: workload.split.text(),
        seed: setting.recipe.seed,
        budget: setting.budget,
        batch: setting.batch,
        config,
        dim: setting.machine.dim,
        stream: setting.stream,
        idle_mw: setting.idle_mw,
        mapping: setting.recipe.mapping,
        refine: setting.recipe.refine,
        queries: workload.served.len() as u64,
        empty_queries: (workload.served.len() - workload.served.non_empty()) as u64,
        unseen_share: workload.unseen_share(),
        chosen: Chosen { row_share },
        sources: tables::sources(),
        systems: systems::figures(setting, workload, &all),
        beyond: steps,
        sensitivity: points,
        remarks: Vec::new(),
        warnings: Vec::new(),
    };
    report.remarks = tables::remarks(&report);
    report.warnings = tables::warnings(&report, setting.extra(workload.rows));
    report
}

fn not_written(dir: &Path, why: &str) -> String {
    format!("--report {}: {why}", dir.display())
}
