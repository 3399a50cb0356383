//! REFREE as a system with simulated PEs: the closed loop of the golden model, once with verilated
//! PEs and once with their models, must take the same cycles and give the same results on every
//! rank.

use std::time::Instant;

use ::refree::{Pe, Placement, RankStep, Step, StepError, System, rank_step, step};
use blocks::pe::{PeConfig, Pins};
use contract::{ConfigSpec, Named, PortLayout};
use cosim::{Divergence, Dut, Verilated, instance};

use clap::{Args, Command};
use hdl_gen::{AnyBlock, BlockOf};
use lockstep::{Asked, Bench, Checked, Column, Document, Error, Figures, Linked, Run, Source};

use crate::batches::Queries;

/// Its name on the command line.
const NAME: &str = "refree";

const ADDER_BEATS: &str = "adder_beats";
const LINES: &str = "lines";
const MODEL: &str = "model_cycles";
const COLUMNS: &[Column] = &[
    Column {
        title: "model",
        cell: |run| run.cell(MODEL),
    },
    Column {
        title: "adder",
        cell: |run| run.cell(ADDER_BEATS),
    },
    Column {
        title: "lines",
        cell: |run| run.cell(LINES),
    },
];

/// A verilated PE in the loop.
struct InLoop(Verilated);

impl Pe for InLoop {
    fn layout(&self) -> &PortLayout {
        Dut::layout(&self.0)
    }

    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.0.drive(inputs);
        self.0.settle();
        self.0.sample(outputs);
    }

    fn edge(&mut self, inputs: &[u64]) {
        self.0.drive(inputs);
        self.0.clock();
    }
}

/// Bytes of a row: 16 elements of binary32.
const ROW_BYTES: u64 = 64;
/// Cycles in reset.
const RESET: usize = 2;

/// Options of the system.
#[derive(Debug, clap::Args)]
struct Options {
    #[command(flatten)]
    queries: Queries,
    /// Which rank holds which row
    #[arg(long, value_enum, default_value = "hash")]
    placement: Placement,
}

/// The whole system on the command line: PEs verilated, and modelled, in the loop.
pub struct Refree;

impl Checked for Refree {
    fn block(&self) -> &'static dyn AnyBlock {
        BlockOf::<PeConfig>::DYN
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn options(&self, lockstep: Command) -> Command {
        Options::augment_args(lockstep)
    }

    /// None: a step takes a minute.
    fn default_configs(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn lockstep(&self, asked: &Asked) -> Result<Document, Error> {
        run(asked)
    }

    fn bench(&self, _: Option<String>, _: Linked) -> Result<Bench, Error> {
        let text = "bench measures single blocks; use `bench pe` for the PE of REFREE";
        Err(Error::Usage(text.to_owned()))
    }
}

/// Runs every requested batch.
fn run(asked: &Asked) -> Result<Document, Error> {
    let args = asked.args;
    for (name, given) in [
        ("--cycles", args.cycles.is_some()),
        ("--replay", args.replay.is_some()),
    ] {
        if given {
            return Err(Error::Usage(format!(
                "{name} is about single blocks; leave it out with `lockstep refree`"
            )));
        }
    }
    let Options { queries, placement } = asked.own()?;
    let named = contract::load::<PeConfig>(&ConfigSpec::of(args.config.clone()))?;
    let system = System {
        placement,
        ..system(&named)?
    };
    let (joint, batches) = (queries.joint_ids()?, queries.batches(args.seed)?);
    let source = Source::new(args, &named, asked.linked)?;
    let design = source.design()?;
    let started = Instant::now();
    let (mut runs, mut simulated) = (Vec::new(), 0);
    for (number, batch) in (0..).zip(&batches) {
        let layout = system.layout(&joint, ROW_BYTES, batch);
        let golden = step(&system, &layout, batch).map_err(complaint)?;
        let ranks = (0..system.ranks()).map(|rank| {
            let mut dut = instance(&design, args.seed);
            reset(&mut dut);
            rank_step(&system, &layout, rank, batch, InLoop(dut))
        });
        let ranks: Result<Vec<RankStep>, StepError> = ranks.collect();
        let (rtl, complaint) = match ranks {
            Ok(ranks) => (ranks, None),
            Err(error) => (golden.ranks.clone(), Some(error.to_string())),
        };
        let rtl = Step {
            ranks: rtl,
            ..golden.clone()
        };
        simulated += rtl.sum(|rank| {
            let jobs = rank.jobs();
            jobs.iter().map(|stats| stats.pe_cycles).sum()
        });
        runs.extend(compare(number, &rtl, &golden, complaint));
    }
    let seconds = started.elapsed().as_secs_f64().max(1e-9);
    Ok(Document {
        block: NAME.to_owned(),
        config: named.name.clone(),
        seed: args.seed,
        cycles_per_second: (simulated as f64 / seconds) as u64,
        runs,
        columns: COLUMNS,
        notes: vec![format!(
            "cycles are DRAM cycles of the slowest rank; eight ranks, {}, PE at half the DRAM's clock, \
             verilated and modelled",
            match placement {
                Placement::Hash => "rows hashed over them",
                Placement::Mapped =>
                    "rows hashed over them but for the most looked-up, which are pinned",
                Placement::Column => "rows cut into slices over them",
                Placement::Table => "each table on one",
            }
        )],
        report: None,
    })
}

fn reset(dut: &mut Verilated) {
    let inputs = vec![0; Dut::layout(dut).input_words];
    dut.reset(true);
    for _ in 0..RESET {
        dut.drive(&inputs);
        dut.settle();
        dut.clock();
    }
    dut.reset(false);
}

fn complaint(error: StepError) -> Error {
    Error::Usage(error.to_string())
}

/// One run per phase: the slowest rank's cycles, and the first rank that differs.
fn compare(batch: u64, rtl: &Step, golden: &Step, complaint: Option<String>) -> Vec<Run> {
    type Phase = fn(&RankStep) -> ::refree::Stats;
    let phases: [(&'static str, Phase); 3] = [
        ("forward", |rank| rank.forward),
        ("backward", |rank| rank.backward),
        ("update", |rank| rank.update),
    ];
    let mut complaint = complaint;
    let runs = phases.into_iter().map(|(mode, phase)| {
        let most = |step: &Step| step.most(|rank| phase(rank).cycles);
        let pairs = rtl.ranks.iter().zip(&golden.ranks);
        let mut differing = pairs.enumerate().filter_map(|(rank, (is, should))| {
            let (is, should) = (phase(is), phase(should));
            (is != should).then(|| Divergence {
                cycle: should.cycles,
                port: format!("rank {rank}"),
                rtl: format!("{is:?}"),
                model: format!("{should:?}"),
            })
        });
        let raised = complaint.take().map(|text| Divergence {
            cycle: 0,
            port: Pins::ERROR.to_owned(),
            rtl: text,
            model: "no error".to_owned(),
        });
        let first_divergence = raised.or_else(|| differing.next());
        let sum = |figure: fn(&::refree::Stats) -> u64| rtl.sum(|r| figure(&phase(r)));
        Run {
            mode,
            batch,
            tiles: rtl.ranks.len() as u64,
            cycles: most(rtl),
            divergences: u64::from(first_divergence.is_some()),
            figures: Figures::known([
                (MODEL, most(golden)),
                (ADDER_BEATS, sum(|stats| stats.adder_beats)),
                (LINES, sum(|stats| stats.lines_read + stats.lines_written)),
            ]),
            first_divergence,
        }
    });
    runs.collect()
}

fn system(named: &Named<PeConfig>) -> Result<System, Error> {
    if !System::takes(&named.config) {
        return Err(Error::Usage(format!(
            "refree needs a PE with modes = gnr_update, tracker = rename and 32-bit elements; \
             configuration `{}` is without",
            named.name
        )));
    }
    Ok(System {
        pe: named.config.clone(),
        ..System::default()
    })
}
