//! The PE's side of the `lockstep` command.

use std::num::NonZeroU32;

use cosim::{Divergence, Episode, Level, Outcome, Report, Step};
use golden_model::batch::{Bags, count_backward, rank_share};
use golden_model::trace::Trace;
use golden_model::trace::zipf::{Zipf, ZipfConfig};
use hdl_gen::pe::PeConfig;
use hdl_gen::{BlockConfig, Request};

use super::command::{GNR, PeCommand};
use super::lists;
use super::{Figures, PeAgent, backward_and_update, forward, random};
use crate::Error;
use crate::bench::{self, Bench};
use crate::lockstep::{Checked, Document, LockstepArgs, Mode, Run, Session, Totals};
use crate::progress::Progress;

/// Queries of a batch.
const BATCH: NonZeroU32 = NonZeroU32::new(2048).unwrap();
/// Batches of the embedded input.
const EMBEDDED: u64 = 1;
/// Idle cycles between commands: enough to read out all counters.
const GAP: u32 = 20;

/// The near-memory PE on the command line.
pub struct Pe;

impl Checked for Pe {
    fn name(&self) -> &'static str {
        PeConfig::BLOCK
    }

    fn default_configs(&self) -> Vec<&'static str> {
        PeConfig::named()
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }

    fn bench(&self) -> Result<Bench, Error> {
        let named = hdl_gen::load::<PeConfig>(&Request::default())?;
        let agent = PeAgent::new(&named.config);
        let batch = embedded(1, 1)?.remove(0);
        let work = forward(&named.config, &batch);
        bench::measure(&agent, &named, &in_turn(work.commands, 1))
    }

    fn lockstep(&self, args: &LockstepArgs) -> Result<Document, Error> {
        let request = Request {
            config: args.config.clone(),
            ..Request::default()
        };
        let named = hdl_gen::load::<PeConfig>(&request)?;
        let update = matches!(args.mode, Some(Mode::Backward | Mode::Update));
        if update && !named.config.has_update() {
            let text = "modes = gnr: this configuration has no update hardware; use --mode forward \
                        or a configuration with modes = gnr_update";
            return Err(Error::Usage(text.to_owned()));
        }
        // A trace that can't be read is told before a design is built.
        let batches = batches(args, &named.name)?;
        let agent = PeAgent::new(&named.config);
        let session = Session::new(args, &named, agent)?;
        let mut check = Check {
            session,
            args,
            runs: Vec::new(),
            notes: Vec::new(),
            report: None,
        };
        check.all(batches)?;
        Ok(Document {
            block: PeConfig::BLOCK.to_owned(),
            config: named.name,
            seed: args.seed,
            cycles_per_second: check.session.cycles_per_second(),
            runs: check.runs,
            notes: check.notes,
            report: check.report,
        })
    }
}

/// The batches to work on: those of the trace; for the default check of all blocks, those of the
/// embedded input, on the first configuration.
fn batches(args: &LockstepArgs, config: &str) -> Result<Vec<Bags>, Error> {
    let first = PeConfig::named()[0].0 == config;
    let wanted = args.wants_batches() || args.block.is_none() && first;
    if !wanted || args.replay.is_some() {
        return Ok(Vec::new());
    }
    let batches = match &args.trace {
        Some(path) => {
            let trace = Trace::open(path)?;
            let there = trace.batch_count(BATCH);
            let count = args.batches.unwrap_or(there);
            if count > there {
                let path = path.display();
                let text = format!("--batches {count}: `{path}` has {there} batches of {BATCH}");
                return Err(Error::Usage(text));
            }
            trace
                .batches(BATCH)?
                .take(count as usize)
                .collect::<Result<Vec<_>, _>>()?
        }
        None => embedded(args.seed, args.batches.unwrap_or(EMBEDDED))?,
    };
    Ok(match (args.ranks, args.rank) {
        (Some(ranks), Some(rank)) => batches
            .iter()
            .map(|batch| rank_share(batch, ranks, rank))
            .collect(),
        _ => batches,
    })
}

/// Batches of the embedded input.
fn embedded(seed: u64, count: u64) -> Result<Vec<Bags>, Error> {
    let config = ZipfConfig {
        seed,
        ..ZipfConfig::default()
    };
    let mut zipf = Zipf::new(config).map_err(|error| Error::Usage(error.to_string()))?;
    Ok((0..count)
        .map(|_| zipf.batch(BATCH.get() as usize))
        .collect())
}

/// That a match tracker can hold a batch's lists and tell its vectors apart.
fn check_lists(config: &PeConfig, commands: &[PeCommand]) -> Result<(), Error> {
    let wrong = |command: &PeCommand| !lists::regular(config, command);
    if !config.has_match() || !commands.iter().any(wrong) {
        return Ok(());
    }
    let text = format!(
        "match_ids = {}, id_bits = {}: a list of the batch does not fit, or two vectors have the \
         same id; use a configuration with more of them, or tracker = rename",
        config.match_ids, config.id_bits
    );
    Err(Error::Usage(text))
}

/// The commands one after the other, everything ready at all times.
fn in_turn(commands: Vec<PeCommand>, seed: u64) -> Episode<PeCommand> {
    let steps = commands.into_iter();
    let steps = steps
        .map(|command| Step {
            command,
            gap: Some(GAP),
            interrupt: None,
        })
        .collect();
    let levels = vec![Level::Low, Level::Low, Level::Count];
    Episode {
        seed,
        pacing: Vec::new(),
        levels,
        steps,
    }
}

struct Check<'a> {
    session: Session<PeAgent>,
    args: &'a LockstepArgs,
    runs: Vec<Run>,
    notes: Vec<String>,
    report: Option<Report>,
}

impl Check<'_> {
    /// Everything that is asked for, up to the first divergence.
    fn all(&mut self, batches: Vec<Bags>) -> Result<(), Error> {
        if let Some(file) = &self.args.replay {
            let episode = self.session.load(file)?;
            let played = self.session.play("replay", &episode, u64::MAX);
            self.plain(
                "replay",
                played.outcome.cycles,
                played.report.map(|r| (played.outcome, r)),
            );
            return Ok(());
        }
        let mode = self.args.mode.unwrap_or(Mode::All);
        let progress = Progress::new("batches", batches.len() as u64);
        for (number, batch) in batches.iter().enumerate() {
            progress.set(number as u64);
            if self.report.is_none() && matches!(mode, Mode::Forward | Mode::All) {
                self.forward(number as u64, batch)?;
            }
            if self.report.is_none() && mode != Mode::Forward {
                self.backward(number as u64, batch, mode)?;
            }
        }
        drop(progress);
        for mode in ["forward", "backward", "update"] {
            let totals = Totals::of(&self.runs, mode);
            if totals.cycles != 0 {
                let Totals {
                    cycles,
                    binding_cycles,
                } = totals;
                let ratio = totals.ratio();
                let note =
                    format!("{mode}: {cycles} cycles / {binding_cycles} binding = {ratio:.4}");
                self.notes.push(note);
            }
        }
        if self.report.is_none() && !self.args.wants_batches() {
            let config = self.session.agent.config.clone();
            let cycles = self.args.random_cycles();
            let (cycles, failed) = self.session.random(cycles, |seed| random(&config, seed));
            self.plain("random", cycles, failed);
        }
        Ok(())
    }

    /// A run of which only the agreement counts.
    fn plain(&mut self, mode: &'static str, cycles: u64, failed: Option<(Outcome, Report)>) {
        let report = failed.map(|(_, report)| report);
        self.runs.push(Run {
            mode,
            batch: 0,
            tiles: 0,
            cycles,
            divergences: u64::from(report.is_some()),
            additions: None,
            shares: None,
            binding_cycles: None,
            first_divergence: report.as_ref().map(|report| report.divergence.clone()),
        });
        self.report = report;
    }

    fn forward(&mut self, number: u64, batch: &Bags) -> Result<(), Error> {
        let commands = forward(&self.session.agent.config, batch);
        check_lists(&self.session.agent.config, &commands.commands)?;
        let expected = commands.additions_shared;
        let (figures, commands, failed) = self.commands("forward", number, commands.commands);
        let tally = Tally::of(&figures, &commands, &self.session.agent.config, true);
        self.push("forward", number, tally, failed, expected);
        Ok(())
    }

    fn backward(&mut self, number: u64, batch: &Bags, mode: Mode) -> Result<(), Error> {
        let config = self.session.agent.config.clone();
        if !config.has_update() {
            self.note_once("backward and update: no update hardware");
            return Ok(());
        }
        let work = backward_and_update(&config, batch);
        check_lists(&config, &work.commands)?;
        let tiled = work.additions_shared;
        let (figures, commands, failed) = self.commands("backward", number, work.commands);
        let whole = count_backward(batch);
        self.notes.push(format!(
            "batch {number} backward: {} additions unshared; shared {} over the whole batch \
             ({:.4}x), {tiled} in tiles ({:.4}x)",
            whole.additions,
            whole.additions_shared,
            whole.additions as f64 / whole.additions_shared.max(1) as f64,
            whole.additions as f64 / tiled.max(1) as f64,
        ));
        // The failing command is the last that was taken: gather and update take turns.
        let in_update = figures.len() % 2 == 0;
        let (gather_failed, update_failed) = if in_update {
            (None, failed)
        } else {
            (failed, None)
        };
        if mode != Mode::Update || gather_failed.is_some() {
            let tally = Tally::of(&figures, &commands, &config, true);
            self.push("backward", number, tally, gather_failed, tiled);
        }
        if mode != Mode::Backward || update_failed.is_some() {
            let tally = Tally::of(&figures, &commands, &config, false);
            self.push("update", number, tally, update_failed, 0);
        }
        Ok(())
    }

    fn note_once(&mut self, note: &str) {
        if self.notes.iter().all(|known| known != note) {
            self.notes.push(note.to_owned());
        }
    }

    /// Plays the commands of a batch.
    fn commands(
        &mut self,
        kind: &str,
        number: u64,
        commands: Vec<PeCommand>,
    ) -> (Vec<Figures>, Vec<PeCommand>, Option<Report>) {
        let episode = in_turn(commands, self.session.episode_seed(number));
        let played = self
            .session
            .play(&format!("{kind}-{number}"), &episode, u64::MAX);
        let commands = episode.steps.into_iter().map(|step| step.command).collect();
        (played.watch.figures(), commands, played.report)
    }

    fn push(
        &mut self,
        mode: &'static str,
        batch: u64,
        tally: Tally,
        failed: Option<Report>,
        expected: u64,
    ) {
        let mut divergence = failed.as_ref().map(|report| report.divergence.clone());
        if divergence.is_none() && tally.additions != expected {
            // Design and model agree on too many or too few additions.
            divergence = Some(Divergence {
                cycle: tally.cycles,
                port: "additions".to_owned(),
                rtl: tally.additions.to_string(),
                model: format!("{expected} nodes of the prefix tree"),
            });
        }
        let [vector, room, blocked, empty] = tally.stalls;
        self.notes.push(format!(
            "batch {batch} {mode}: cycles without an issue: no vector {vector}, no room for a result \
             {room}, blocked {blocked}, no work {empty}"
        ));
        self.runs.push(Run {
            mode,
            batch,
            tiles: tally.tiles,
            cycles: tally.cycles,
            divergences: u64::from(divergence.is_some()),
            additions: Some(tally.additions),
            shares: Some(tally.shares),
            binding_cycles: Some(tally.binding),
            first_divergence: divergence,
        });
        self.report = self.report.take().or(failed);
    }
}

/// The figures of a batch's commands of one kind.
#[derive(Default)]
struct Tally {
    tiles: u64,
    cycles: u64,
    additions: u64,
    shares: u64,
    binding: u64,
    stalls: [u64; 4],
}

impl Tally {
    /// Over the gather-and-reduce commands, or over the updates.
    fn of(figures: &[Figures], commands: &[PeCommand], config: &PeConfig, gather: bool) -> Self {
        let beats = u64::from(config.beats());
        let mut tally = Self::default();
        for (figures, command) in figures.iter().zip(commands) {
            if (command.op == GNR) != gather {
                continue;
            }
            let input = command.visits.len() as u64 * beats;
            let output = figures.result_beats + figures.written_beats;
            tally.tiles += 1;
            tally.cycles += figures.cycles;
            tally.additions += figures.adder_beats / beats;
            tally.shares += figures.shares;
            (0..4).for_each(|cause| tally.stalls[cause] += figures.stalls[cause]);
            tally.binding += input.max(output).max(figures.adder_beats);
        }
        tally
    }
}
