//! The PE's side of the `lockstep` command.

use blocks::pe::PeConfig;
use contract::{BlockConfig, ConfigSpec};
use cosim::{Divergence, Episode, Level, Report, Step};
use hdl_gen::{AnyBlock, BlockOf};
use traces::batch::{Bags, count_backward};

use super::command::{GNR, PeCommand};
use super::lists;
use super::{Figures, PeAgent, backward_and_update, forward, random};
use clap::Command;
use lockstep::{Asked, Bench, Check, Checked, Column, Document, Error, Linked, Run};
use shell::Progress;

use crate::batches::{self, embedded};

/// Queries sum rows; rows sum gradients; rows are updated with their gradients.
const MODES: &[&str] = &["forward", "backward", "update"];
/// Figures: counted by the design, and the cycles that the busiest of inputs, outputs and adders
/// needs.
const ADDITIONS: &str = "additions";
const SHARES: &str = "shares";
const BINDING: &str = "binding_cycles";
const COLUMNS: &[Column] = &[
    Column {
        title: "bound",
        cell: |run| run.cell(BINDING),
    },
    Column {
        title: "ratio",
        cell: |run| {
            let binding = run.figures.get(BINDING)?.max(1);
            Some(format!("{:.3}", run.cycles as f64 / binding as f64))
        },
    },
    Column {
        title: "additions",
        cell: |run| run.cell(ADDITIONS),
    },
    Column {
        title: "shares",
        cell: |run| run.cell(SHARES),
    },
];
/// Idle cycles between commands: enough to read out all counters.
const GAP: u32 = 20;

/// The near-memory PE on the command line.
pub struct Pe;

impl Checked for Pe {
    fn block(&self) -> &'static dyn AnyBlock {
        BlockOf::<PeConfig>::DYN
    }

    fn options(&self, lockstep: Command) -> Command {
        batches::Work::options(lockstep, MODES)
    }

    fn bench(&self, config: Option<String>, linked: Linked) -> Result<Bench, Error> {
        let named = contract::load::<PeConfig>(&ConfigSpec::of(config))?;
        let agent = PeAgent::new(&named.config);
        let batch = embedded(1, 1)?.remove(0);
        let work = forward(&named.config, &batch);
        lockstep::measure(&agent, &named, &in_turn(work.commands, 1), linked)
    }

    fn lockstep(&self, asked: &Asked) -> Result<Document, Error> {
        let args = asked.args;
        let named = contract::load::<PeConfig>(&ConfigSpec::of(args.config.clone()))?;
        let work = batches::Work::of(asked)?;
        let update = matches!(work.mode.as_deref(), Some("backward" | "update"));
        if update && !named.config.has_update() {
            let text = "modes = gnr: this configuration has no update hardware; use --mode forward \
                        or a configuration with modes = gnr_update";
            return Err(Error::Usage(text.to_owned()));
        }
        let first = PeConfig::named()[0].0 == named.name;
        let default = !asked.named() && first && args.replay.is_none();
        // Report an unreadable trace before building a design.
        let batches = match default {
            true => work.batches_or_embedded(args.seed)?,
            false => work.batches(args.seed)?,
        };
        let agent = PeAgent::new(&named.config);
        let mut check = PeCheck {
            check: Check::new(asked, &named, agent)?,
            work,
        };
        if !check.check.replay()? {
            check.all(&batches)?;
        }
        Ok(check.check.document(&[ADDITIONS, SHARES, BINDING], COLUMNS))
    }
}

/// Checks that a match tracker can hold a batch's lists and distinguish its vectors.
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
            injection: None,
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

/// What the check of the PE adds to that of any block.
struct PeCheck<'a> {
    check: Check<'a, PeAgent>,
    work: batches::Work,
}

impl PeCheck<'_> {
    /// Whether batches are to be played in this mode: it is requested, and nothing has diverged.
    fn wants(&self, mode: &str) -> bool {
        self.check.agreed() && self.work.wants(mode)
    }

    /// Everything that is requested, up to the first divergence.
    fn all(&mut self, batches: &[Bags]) -> Result<(), Error> {
        let progress = Progress::new("batches", batches.len() as u64);
        for (number, batch) in batches.iter().enumerate() {
            progress.set(number as u64);
            if self.wants("forward") {
                self.forward(number as u64, batch)?;
            }
            if self.wants("backward") || self.wants("update") {
                self.backward(number as u64, batch)?;
            }
        }
        drop(progress);
        self.check.note_ratios(MODES, BINDING);
        let config = self.check.session.agent.config.clone();
        if !self.work.asked() {
            self.check.random(|seed| random(&config, seed));
        }
        Ok(())
    }

    fn forward(&mut self, number: u64, batch: &Bags) -> Result<(), Error> {
        let commands = forward(&self.check.session.agent.config, batch);
        check_lists(&self.check.session.agent.config, &commands.commands)?;
        let expected = commands.additions_shared;
        let (figures, commands, failed) = self.commands("forward", number, commands.commands);
        let tally = Tally::of(&figures, &commands, &self.check.session.agent.config, true);
        self.push("forward", number, tally, failed, expected);
        Ok(())
    }

    fn backward(&mut self, number: u64, batch: &Bags) -> Result<(), Error> {
        let config = self.check.session.agent.config.clone();
        if !config.has_update() {
            self.check
                .note_once("backward and update: no update hardware");
            return Ok(());
        }
        let work = backward_and_update(&config, batch);
        check_lists(&config, &work.commands)?;
        let tiled = work.additions_shared;
        let (figures, commands, failed) = self.commands("backward", number, work.commands);
        let whole = count_backward(batch);
        self.check.notes.push(format!(
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
        if self.wants("backward") || gather_failed.is_some() {
            let tally = Tally::of(&figures, &commands, &config, true);
            self.push("backward", number, tally, gather_failed, tiled);
        }
        if self.wants("update") || update_failed.is_some() {
            let tally = Tally::of(&figures, &commands, &config, false);
            self.push("update", number, tally, update_failed, 0);
        }
        Ok(())
    }

    /// Plays the commands of a batch.
    fn commands(
        &mut self,
        kind: &str,
        number: u64,
        commands: Vec<PeCommand>,
    ) -> (Vec<Figures>, Vec<PeCommand>, Option<Report>) {
        let episode = in_turn(commands, self.check.session.episode_seed(number));
        let played = self
            .check
            .session
            .play(&format!("{kind}-{number}"), &episode, u64::MAX);
        let commands = episode.steps.into_iter().map(|step| step.command).collect();
        (played.monitor.figures(), commands, played.report)
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
        self.check.notes.push(format!(
            "batch {batch} {mode}: cycles without an issue: no vector {vector}, no room for a result \
             {room}, blocked {blocked}, no work {empty}"
        ));
        self.check.runs.push(Run {
            mode,
            batch,
            tiles: tally.tiles,
            cycles: tally.cycles,
            divergences: u64::from(divergence.is_some()),
            figures: ::lockstep::Figures::known([
                (ADDITIONS, tally.additions),
                (SHARES, tally.shares),
                (BINDING, tally.binding),
            ]),
            first_divergence: divergence,
        });
        self.check.report = self.check.report.take().or(failed);
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
