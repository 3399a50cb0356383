//! The check of one configuration, as far as it is the same for every block.

use contract::Named;
use cosim::{Agent, Episode, Report};
use hdl_gen::Block;

use crate::{Asked, Column, Document, Error, Figures, LockstepArgs, Run, Session};

/// A check in progress: what was run so far, up to the first divergence.
pub struct Check<'a, A> {
    pub session: Session<A>,
    pub args: &'a LockstepArgs,
    pub runs: Vec<Run>,
    pub notes: Vec<String>,
    pub report: Option<Report>,
    block: &'static str,
    config: String,
}

impl<'a, A: Agent> Check<'a, A> {
    /// Builds the design.
    ///
    /// # Errors
    /// A user error.
    pub fn new<B: Block>(asked: &Asked<'a>, named: &Named<B>, agent: A) -> Result<Self, Error> {
        Ok(Self {
            session: Session::new(asked, named, agent)?,
            args: asked.args,
            runs: Vec::new(),
            notes: Vec::new(),
            report: None,
            block: B::BLOCK,
            config: named.name.clone(),
        })
    }

    /// Whether nothing has diverged so far.
    pub fn agreed(&self) -> bool {
        self.report.is_none()
    }

    /// Plays the replay file if there is one to play.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn replay(&mut self) -> Result<bool, Error> {
        let Some(file) = &self.args.replay else {
            return Ok(false);
        };
        let episode = self.session.load(file)?;
        let played = self.session.play("replay", &episode, u64::MAX);
        self.plain("replay", played.outcome.cycles, played.report);
        Ok(true)
    }

    /// Plays random stimulus, unless something has diverged.
    pub fn random(&mut self, generate: impl Fn(u64) -> Episode<A::Command>) {
        if self.agreed() {
            let cycles = self.args.random_cycles();
            let (cycles, failed) = self.session.random(cycles, generate);
            self.plain("random", cycles, failed.map(|(_, report)| report));
        }
    }

    /// A run of which only the agreement counts.
    fn plain(&mut self, mode: &'static str, cycles: u64, report: Option<Report>) {
        self.runs.push(Run {
            mode,
            batch: 0,
            tiles: 0,
            cycles,
            divergences: u64::from(report.is_some()),
            figures: Figures::default(),
            first_divergence: report.as_ref().map(|report| report.divergence.clone()),
        });
        self.report = report;
    }

    /// A line below the table, once.
    pub fn note_once(&mut self, note: &str) {
        if self.notes.iter().all(|known| known != note) {
            self.notes.push(note.to_owned());
        }
    }

    /// A line below the table for each mode that was played: cycles / the lower bound, figure
    /// `binding`.
    pub fn note_ratios(&mut self, modes: &[&str], binding: &str) {
        for mode in modes {
            let of_mode = || self.runs.iter().filter(|run| run.mode == *mode);
            let cycles: u64 = of_mode().map(|run| run.cycles).sum();
            let bound: u64 = of_mode().filter_map(|run| run.figures.get(binding)).sum();
            if cycles != 0 {
                let ratio = cycles as f64 / bound.max(1) as f64;
                let note = format!("{mode}: {cycles} cycles / {bound} bound = {ratio:.4}");
                self.notes.push(note);
            }
        }
    }

    /// The result. A run that lacks a figure which others have gets it as `null`.
    pub fn document(mut self, figures: &[&'static str], columns: &'static [Column]) -> Document {
        for run in &mut self.runs {
            run.figures.complete(figures);
        }
        Document {
            block: self.block.to_owned(),
            config: self.config,
            seed: self.args.seed,
            cycles_per_second: self.session.cycles_per_second(),
            runs: self.runs,
            columns,
            notes: self.notes,
            report: self.report,
        }
    }
}
