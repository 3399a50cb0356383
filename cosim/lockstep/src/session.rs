//! One design and its model through any number of episodes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use contract::Named;
use contract::SplitMix64;
use cosim::{Agent, Design, Episode, Failure, Lockstep, Outcome, Report};
use hdl_gen::Block;

use shell::Progress;

use crate::replay::Started;
use crate::{Asked, Error, Source};

/// Time limit for shrinking a failing stimulus.
const SHRINK: Duration = Duration::from_secs(10);

/// A check in progress.
pub struct Session<A> {
    pub agent: A,
    design: Design,
    source: Source,
    /// Command line that shows a failure again, less its `--replay`.
    command: String,
    /// Folder of waves and replay files.
    folder: PathBuf,
    block: &'static str,
    config: String,
    brief: bool,
    seed: u64,
    cycles: u64,
    elapsed: Duration,
}

/// How an episode went.
pub struct Played<W> {
    pub outcome: Outcome,
    pub monitor: W,
    pub report: Option<Report>,
}

impl<A: Agent> Session<A> {
    /// Builds the design.
    ///
    /// # Errors
    /// A user error.
    pub fn new<B: Block>(asked: &Asked, named: &Named<B>, agent: A) -> Result<Self, Error> {
        let args = asked.args;
        let source = Source::new(args, named, asked.linked)?;
        let design = source.design()?;
        let started = Started::here();
        Ok(Self {
            agent,
            design,
            source,
            command: started.command_line(args, B::BLOCK, &named.name),
            folder: started.path(&waves_folder()),
            block: B::BLOCK,
            config: named.name.clone(),
            brief: args.brief,
            seed: args.seed,
            cycles: 0,
            elapsed: Duration::ZERO,
        })
    }

    /// The seed of episode number `index`. The first one's is the session's own, so that a reported
    /// seed shows the same episode first.
    pub fn episode_seed(&self, index: u64) -> u64 {
        match index {
            0 => self.seed,
            _ => SplitMix64::new(self.seed ^ index.rotate_right(20)).next_u64(),
        }
    }

    /// Lock-step cycles per second so far.
    pub fn cycles_per_second(&self) -> u64 {
        (self.cycles as f64 / self.elapsed.as_secs_f64().max(1e-9)) as u64
    }

    /// Plays one episode; a failure is explained. `kind` is the stimulus in a word.
    pub fn play(
        &mut self,
        kind: &str,
        episode: &Episode<A::Command>,
        limit: u64,
    ) -> Played<A::Monitor> {
        let mut monitor = self.agent.monitor(episode);
        let started = Instant::now();
        let outcome = self.with_lockstep(|lockstep| lockstep.run(episode, &mut monitor, limit));
        self.elapsed += started.elapsed();
        self.cycles += outcome.cycles;
        let explain = |failure| self.explain(kind, episode, failure, outcome.touched);
        let report = outcome.failure.as_ref().map(explain);
        Played {
            outcome,
            monitor,
            report,
        }
    }

    /// Plays the episodes that `generate` makes of seeds for `cycles` cycles or until one fails.
    pub fn random(
        &mut self,
        cycles: u64,
        generate: impl Fn(u64) -> Episode<A::Command>,
    ) -> (u64, Option<(Outcome, Report)>) {
        let (mut done, mut index) = (0, 0);
        let progress = Progress::new("cycles", cycles);
        while done < cycles {
            progress.set(done);
            let episode = generate(self.episode_seed(index));
            let played = self.play("random", &episode, cycles - done);
            done += played.outcome.cycles;
            index += 1;
            if let Some(report) = played.report {
                return (done, Some((played.outcome, report)));
            }
        }
        (done, None)
    }

    /// Reads the stimulus that a failure has left.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn load(&self, file: &std::path::Path) -> Result<Episode<A::Command>, Error> {
        self.with_lockstep(|lockstep| lockstep.load(file))
            .map_err(Error::from)
    }

    fn explain(
        &self,
        kind: &str,
        episode: &Episode<A::Command>,
        failure: &Failure,
        touched: usize,
    ) -> Report {
        let title = format!("{}/{kind}  config={}", self.block, self.config);
        self.with_lockstep(|lockstep| match self.brief {
            true => lockstep.brief(&title, episode, failure, touched),
            false => lockstep.explain(&title, episode, failure, touched),
        })
    }

    fn with_lockstep<R>(&self, use_it: impl FnOnce(&Lockstep<'_, A>) -> R) -> R {
        use_it(&Lockstep {
            agent: &self.agent,
            design: &self.design,
            traced: &|| self.source.build(true),
            block: self.block,
            folder: &self.folder,
            command: &self.command,
            shrink: SHRINK,
        })
    }
}

/// Where waves and replay files go: cargo's target folder when there is one here.
fn waves_folder() -> PathBuf {
    match std::path::Path::new("target").is_dir() {
        true => PathBuf::from("target/waves"),
        false => PathBuf::from("waves"),
    }
}
