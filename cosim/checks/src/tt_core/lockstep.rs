//! The core's side of the `lockstep` command.

use blocks::tt_core::TtCoreConfig;
use contract::ConfigSpec;
use cosim::Divergence;
use hdl_gen::{AnyBlock, BlockOf};
use traces::batch::Bags;

use super::counters::{HITS, OPS};
use super::given::{self, Given};
use super::monitor::Latency;
use super::work::{self, Table, Work};
use super::{TtCoreAgent, random_of, shape};
use clap::{Args, Command};
use lockstep::{
    Asked, Bench, Check, Checked, Column, Document, Error, Figure, Figures, Linked, Run,
};
use shell::Progress;

use super::cores::CoresArgs;
use crate::batches::{self, embedded};

/// Each row a result, or sums of queries; ids as the trace has them, or scattered over the table.
const MODES: &[&str] = &["rows", "rows-scattered", "pooled", "pooled-scattered"];
const POOLED: &[&str] = &["pooled", "pooled-scattered"];
const ROWS: &str = "rows";
const DISTINCT: &str = "distinct_prefixes";
const PRODUCTS: &str = "prefix_products";
const HIT: &str = "hits";
const UTILISATION: &str = "mac_utilisation";
const BINDING: &str = "binding_cycles";
const RATIO: &str = "ratio";
const STAGES: &str = "stage_cycles";
const LOAD: &str = "load_cycles";
/// Of the table that is given: see [`Given`].
const ERROR: &str = "quantisation_error";
const FIGURES: &[&str] = &[
    ROWS,
    DISTINCT,
    PRODUCTS,
    HIT,
    UTILISATION,
    BINDING,
    RATIO,
    STAGES,
    LOAD,
    ERROR,
];
const COLUMNS: &[Column] = &[
    Column {
        title: "rows",
        cell: |run| run.cell(ROWS),
    },
    Column {
        title: "prefixes",
        cell: |run| run.cell(DISTINCT),
    },
    Column {
        title: "products",
        cell: |run| run.cell(PRODUCTS),
    },
    Column {
        title: "bound",
        cell: |run| run.cell(BINDING),
    },
    Column {
        title: "ratio",
        cell: |run| run.cell(RATIO),
    },
    Column {
        title: "MACs used",
        cell: |run| run.cell(UTILISATION),
    },
    Column {
        title: "cycles of stages",
        cell: |run| run.cell(STAGES),
    },
];

/// The tensor-train core on the command line.
pub struct TtCore;

impl Checked for TtCore {
    fn block(&self) -> &'static dyn AnyBlock {
        BlockOf::<TtCoreConfig>::DYN
    }

    fn options(&self, lockstep: Command) -> Command {
        CoresArgs::augment_args(batches::Work::options(lockstep, MODES))
    }

    fn bench(&self, config: Option<String>, linked: Linked) -> Result<Bench, Error> {
        // The optimised C++ of `paper`, 320 multiply-adds of bf16, takes g++ some ten minutes.
        let config = config.unwrap_or_else(|| "int8".to_owned());
        let named = contract::load::<TtCoreConfig>(&ConfigSpec::of(Some(config)))?;
        let agent = TtCoreAgent::new(&named.config);
        let table = Table::drawn(&named.config, 1);
        let batch = work::scatter(table.rows, &embedded(1, 1)?[0], 1);
        let work = work::pooled(&named.config, &batch);
        let episode = work::episode(table, work.rows, 1);
        lockstep::measure(&agent, &named, &episode, linked)
    }

    fn lockstep(&self, asked: &Asked) -> Result<Document, Error> {
        let args = asked.args;
        let named = contract::load::<TtCoreConfig>(&ConfigSpec::of(args.config.clone()))?;
        let (work, cores): (_, CoresArgs) = (batches::Work::of(asked)?, asked.own()?);
        if !asked.named() && !cores.cores.is_empty() {
            let text = "--cores is about one block: name it, as in `lockstep tt_core`";
            return Err(Error::Usage(text.to_owned()));
        }
        let mode = work.mode.as_deref().unwrap_or_default();
        if POOLED.contains(&mode) && !named.config.pooling {
            let text = format!(
                "pooling = false: this configuration adds nothing up; use --mode rows or \
                 rows-scattered instead of {mode}, or a configuration with pooling = true"
            );
            return Err(Error::Usage(text));
        }
        // Report unreadable or too large cores and traces before building a design.
        let given = given::given(&named.config, &cores, args.seed)?;
        let batches = work.batches(args.seed)?;
        fits(&named.config, given.as_ref(), &batches)?;
        let agent = TtCoreAgent::new(&named.config);
        let mut core = CoreCheck {
            check: Check::new(asked, &named, agent)?,
            work,
        };
        let check = &mut core.check;
        if !check.replay()? {
            core.all(&batches, given.as_ref());
            let table = given.as_ref().map(|given| &given.table);
            let check = &mut core.check;
            if !core.work.asked() {
                check.random(|seed| random_of(&named.config, table, seed));
            }
            if let Some(given) = &given {
                check.note_once(&given.note);
                for run in &mut check.runs {
                    run.figures
                        .0
                        .push((ERROR, Some(Figure::Ratio(given.error))));
                }
            }
        }
        Ok(core.check.document(FIGURES, COLUMNS))
    }
}

/// That all ids of the batches are rows of a table.
fn fits(config: &TtCoreConfig, given: Option<&Given>, batches: &[Bags]) -> Result<(), Error> {
    let ids = batches.iter().flat_map(Bags::iter).flatten();
    let most = ids.max().copied().unwrap_or(0);
    let rows = given.map_or(config.row_space(), |given| given.table.rows.into());
    if u64::from(most) < rows || batches.is_empty() {
        return Ok(());
    }
    if given.is_some() {
        let text = format!(
            "rows = {rows}: the cores' table has no row {most}, which the trace asks for; use cores \
             of at least {} rows, or --ranks and --rank for a part of the rows",
            u64::from(most) + 1
        );
        return Err(Error::Usage(text));
    }
    let digits: Vec<String> = config.p.iter().map(u32::to_string).collect();
    let text = format!(
        "p = {}: a table has {} rows, but the trace asks for row {most} of all its tables; use a \
         configuration with larger digits, or --ranks and --rank for a part of the rows",
        digits.join(","),
        config.row_space()
    );
    Err(Error::Usage(text))
}

/// What the core's check adds to that of any block.
struct CoreCheck<'a> {
    check: Check<'a, TtCoreAgent>,
    work: batches::Work,
}

impl CoreCheck<'_> {
    /// All batches in all requested modes, up to the first divergence.
    fn all(&mut self, batches: &[Bags], given: Option<&Given>) {
        let config = self.check.session.agent.config.clone();
        let table = match given {
            Some(given) => given.table.clone(),
            None => Table::drawn(&config, self.check.args.seed),
        };
        let progress = Progress::new("batches", batches.len() as u64);
        for (number, batch) in (0..).zip(batches) {
            progress.set(number);
            for &mode in MODES
                .iter()
                .filter(|mode| self.work.wants(mode))
                .collect::<Vec<_>>()
            {
                let pooled = POOLED.contains(&mode);
                if pooled && !config.pooling {
                    self.check
                        .note_once("pooled: this configuration adds nothing up");
                    continue;
                }
                if self.check.report.is_some() {
                    continue;
                }
                let scattered = mode.ends_with("-scattered");
                let placed =
                    scattered.then(|| work::scatter(table.rows, batch, self.check.args.seed));
                let batch = placed.as_ref().unwrap_or(batch);
                let work = match pooled {
                    true => work::pooled(&config, batch),
                    false => work::each_row(&config, batch),
                };
                self.batch(mode, number, work, &table);
            }
        }
        drop(progress);
        self.check.note_ratios(MODES, BINDING);
    }

    fn batch(&mut self, mode: &'static str, number: u64, work: Work, table: &Table) {
        let config = self.check.session.agent.config.clone();
        let Work {
            rows,
            lists,
            distinct_prefixes,
        } = work;
        let asked = rows.len() as u64;
        let seed = self.check.session.episode_seed(number);
        let episode = work::episode(table.clone(), rows, seed);
        let played = self
            .check
            .session
            .play(&format!("{mode}-{number}"), &episode, u64::MAX);
        let tally = Tally::of(&config, &played.monitor.latency());
        let mut divergence = played
            .report
            .as_ref()
            .map(|report| report.divergence.clone());
        // Sorted, each prefix is made once; prefixes of a list may be there from the list before.
        let wrong = match lists {
            1 => tally.products != distinct_prefixes,
            _ => tally.products > distinct_prefixes,
        };
        if divergence.is_none() && wrong {
            divergence = Some(Divergence {
                cycle: tally.cycles,
                port: PRODUCTS.to_owned(),
                rtl: tally.products.to_string(),
                model: format!("{distinct_prefixes} distinct prefixes"),
            });
        }
        self.check.runs.push(Run {
            mode,
            batch: number,
            tiles: lists,
            cycles: tally.cycles,
            divergences: u64::from(divergence.is_some()),
            figures: tally.figures(asked, distinct_prefixes),
            first_divergence: divergence,
        });
        self.check.report = self.check.report.take().or(played.report);
    }
}

/// The figures of a batch.
struct Tally {
    cycles: u64,
    load_cycles: u64,
    products: u64,
    hits: u64,
    /// Of each stage: the steps of all its ops.
    stages: Vec<u64>,
}

impl Tally {
    fn of(config: &TtCoreConfig, latency: &Latency) -> Self {
        let steps = shape::steps(config);
        let boundaries = steps.len() - 1;
        let ops = &latency.counters[OPS..];
        Self {
            cycles: latency.cycles,
            load_cycles: latency.load_cycles,
            products: ops[..boundaries].iter().sum(),
            hits: latency.counters[HITS..][..boundaries].iter().sum(),
            stages: steps
                .iter()
                .zip(ops)
                .map(|(steps, ops)| steps * ops)
                .collect(),
        }
    }

    fn figures(self, rows: u64, distinct_prefixes: u64) -> Figures {
        // A stage's multipliers all work in each of its steps: the stage with the most steps binds.
        let binding = self.stages.iter().copied().max().unwrap_or(0);
        let cycles = self.cycles.max(1) as f64;
        Figures::of([
            (ROWS, Figure::Count(rows)),
            (DISTINCT, Figure::Count(distinct_prefixes)),
            (PRODUCTS, Figure::Count(self.products)),
            (HIT, Figure::Count(self.hits)),
            (UTILISATION, Figure::Ratio(binding as f64 / cycles)),
            (BINDING, Figure::Count(binding)),
            (RATIO, Figure::Ratio(cycles / binding.max(1) as f64)),
            (STAGES, Figure::Counts(self.stages)),
            (LOAD, Figure::Count(self.load_cycles)),
        ])
    }
}
