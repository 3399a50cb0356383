//! The controller's side of the `lockstep` command.

use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use contract::ConfigSpec;
use cosim::{Divergence, Report};
use hdl_gen::{AnyBlock, BlockOf};
use recross::{Order, Placement, TileWork};
use traces::batch::Bags;

use super::rows::most_rows;
use super::{AdcSwitchAgent, AdcSwitchMonitor, episode, random};
use clap::Command;
use lockstep::{Asked, Bench, Check, Checked, Column, Document, Error, Figures, Linked, Run};
use shell::Progress;

use crate::batches::{Work, embedded};

/// Rows are on tiles by number, or the most frequent first.
const MODES: &[&str] = &["plain", "frequency"];
/// Figures, from the pins: activations of one row and of more, array accesses, and what their
/// conversions took (comparators of a flash ADC, bit cycles of a SAR ADC), beside what it would be
/// at full resolution.
const READS: &str = "read_activations";
const MACS: &str = "mac_activations";
const ACCESSES: &str = "accesses";
const WORK: &str = "conversion_work";
const FULL: &str = "conversion_work_full";
const COLUMNS: &[Column] = &[
    Column {
        title: "reads",
        cell: |run| run.cell(READS),
    },
    Column {
        title: "macs",
        cell: |run| run.cell(MACS),
    },
    Column {
        title: "accesses",
        cell: |run| run.cell(ACCESSES),
    },
    Column {
        title: "ADC work",
        cell: |run| run.cell(WORK),
    },
    Column {
        title: "of full",
        cell: |run| {
            let full = run.figures.get(FULL)?.max(1);
            Some(format!(
                "{:.4}",
                run.figures.get(WORK)? as f64 / full as f64
            ))
        },
    },
];

/// The ADC switch controller on the command line.
pub struct AdcSwitch;

impl Checked for AdcSwitch {
    fn block(&self) -> &'static dyn AnyBlock {
        BlockOf::<AdcSwitchConfig>::DYN
    }

    fn options(&self, lockstep: Command) -> Command {
        Work::options(lockstep, MODES)
    }

    fn bench(&self, config: Option<String>, linked: Linked) -> Result<Bench, Error> {
        let named = contract::load::<AdcSwitchConfig>(&ConfigSpec::of(config))?;
        let agent = AdcSwitchAgent::new(&named.config);
        let batch = embedded(1, 1)?;
        let tiles = Placement::new(Order::Frequency, &batch).tiles(&named.config, &batch[0]);
        let busiest = tiles.iter().max_by_key(|tile| tile.queries.len());
        let episode = busiest.map(|tile| episode(tile, &named.config, 1));
        let episode = episode.unwrap_or_else(|| random(&named.config, 1));
        lockstep::measure(&agent, &named, &episode, linked)
    }

    fn lockstep(&self, asked: &Asked) -> Result<Document, Error> {
        let args = asked.args;
        let named = contract::load::<AdcSwitchConfig>(&ConfigSpec::of(args.config.clone()))?;
        let work = Work::of(asked)?;
        // Report an unreadable trace before building a design.
        let batches = work.batches(args.seed)?;
        let agent = AdcSwitchAgent::new(&named.config);
        let mut check = TileCheck(Check::new(asked, &named, agent)?);
        if !check.0.replay()? {
            for (mode, order) in [("plain", Order::Plain), ("frequency", Order::Frequency)] {
                if work.wants(mode) {
                    check.batches(mode, &Placement::new(order, &batches), &batches);
                }
            }
            if !work.asked() {
                check.0.random(|seed| random(&named.config, seed));
            }
        }
        Ok(check
            .0
            .document(&[READS, MACS, ACCESSES, WORK, FULL], COLUMNS))
    }
}

/// What the controller's check adds to that of any block.
struct TileCheck<'a>(Check<'a, AdcSwitchAgent>);

impl TileCheck<'_> {
    fn batches(&mut self, mode: &'static str, placement: &Placement, batches: &[Bags]) {
        for (number, batch) in (0..).zip(batches) {
            if self.0.agreed() {
                let tiles = placement.tiles(&self.0.session.agent.config, batch);
                self.batch(mode, number, &tiles);
            }
        }
    }

    /// One batch: tile after tile, each on a design of its own.
    fn batch(&mut self, mode: &'static str, number: u64, tiles: &[TileWork]) {
        let config = self.0.session.agent.config.clone();
        let mut sums = [0_u64; COUNTED.len()];
        let (mut slowest, mut wrong) = (0, None);
        let progress = Progress::new("tiles", tiles.len() as u64);
        for (at, tile) in (0..).zip(tiles) {
            progress.set(at);
            let episode = episode(tile, &config, self.0.session.episode_seed(at));
            let kind = format!("{mode}-{number}-tile-{}", tile.tile);
            let played = self.0.session.play(&kind, &episode, u64::MAX);
            let done = done(&config, &played.monitor);
            sums.iter_mut().zip(done).for_each(|(sum, one)| *sum += one);
            slowest = slowest.max(done[0]);
            if let Some(report) = played.report {
                wrong = Some(report);
                break;
            }
            // Design and model agree: do they do, and count, what was requested?
            let wrong = miscounted(&config, tile, &done, played.monitor.counters());
            if wrong.is_some() {
                self.push(mode, number, tiles.len(), sums, wrong, None);
                return;
            }
        }
        let divergence = wrong.as_ref().map(|report| report.divergence.clone());
        self.push(mode, number, tiles.len(), sums, divergence, wrong);
        let queries: usize = tiles.iter().map(|tile| tile.queries.len()).sum();
        self.0.notes.push(format!(
            "batch {number} {mode}: {queries} queries on {} tiles, the slowest took {slowest} cycles",
            tiles.len()
        ));
    }

    fn push(
        &mut self,
        mode: &'static str,
        batch: u64,
        tiles: usize,
        sums: [u64; COUNTED.len()],
        divergence: Option<Divergence>,
        report: Option<Report>,
    ) {
        let config = &self.0.session.agent.config;
        let [cycles, _, reads, macs, accesses, work] = sums;
        let full = match config.adc {
            AdcKind::Flash => (1 << config.adc_bits) - 1,
            AdcKind::Sar => u64::from(config.adc_bits),
        };
        let columns = u64::from(config.columns);
        self.0.runs.push(Run {
            mode,
            batch,
            tiles: tiles as u64,
            cycles,
            divergences: u64::from(divergence.is_some()),
            figures: Figures::known([
                (READS, reads),
                (MACS, macs),
                (ACCESSES, accesses),
                (WORK, work * columns),
                (FULL, accesses * full * columns),
            ]),
            first_divergence: divergence,
        });
        self.0.report = self.0.report.take().or(report);
    }
}

/// What the first counters count.
const COUNTED: [&str; 6] = ["cycles", "skipped", "reads", "macs", "accesses", "work"];

/// The same as seen at the pins, where nothing wraps.
fn done(config: &AdcSwitchConfig, monitor: &AdcSwitchMonitor) -> [u64; COUNTED.len()] {
    let (tally, [skipped, reads, macs]) = (monitor.tally(), monitor.activations());
    let accesses = tally.accesses.iter().sum();
    let work = tally.work(config.adc);
    [tally.cycles, skipped, reads, macs, accesses, work]
}

/// Where the work done is not the work requested, or the design's counters don't count it.
fn miscounted(
    config: &AdcSwitchConfig,
    tile: &TileWork,
    done: &[u64],
    counters: &[u32],
) -> Option<Divergence> {
    let most = u64::from(most_rows(config));
    let sizes = || tile.queries.iter().flatten().map(|rows| rows.len() as u64);
    let count = |wanted: fn(u64) -> bool| sizes().filter(|&rows| wanted(rows)).count() as u64;
    let asked = [
        done[0],
        count(|rows| rows == 0),
        count(|rows| rows == 1),
        count(|rows| rows > 1),
        sizes().map(|rows| rows.div_ceil(most)).sum(),
        done[5],
    ];
    let divergence = |port: String, rtl: u64, model: u64, what: &str| Divergence {
        cycle: 0,
        port,
        rtl: rtl.to_string(),
        model: format!("{model} {what} on tile {}", tile.tile),
    };
    let wrapped = |count: u64| count % (1 << config.counter_bits);
    (0..COUNTED.len()).find_map(|at| {
        let (name, counter) = (COUNTED[at], u64::from(counters[at]));
        if done[at] != asked[at] {
            let what = "asked for";
            Some(divergence(name.to_owned(), done[at], asked[at], what))
        } else if counter != wrapped(done[at]) {
            let port = format!("counter {at} ({name})");
            Some(divergence(port, counter, wrapped(done[at]), "counted"))
        } else {
            None
        }
    })
}
