//! Lock-step of one verilated block: run episodes, explain the first failure.

use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::SplitMix64;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::agent::{Agent, Monitor};
use crate::episode::Episode;
use crate::ffi::{Design, Verilated};
use crate::report::{Recorder, Report, artifact, quoted, waves};
use crate::run::{Failure, Outcome, play};
use crate::shrink::{Shrunk, shrink};
use crate::target::Pair;

/// A block, its verilated design, and the folder for what a failure produces.
pub struct Lockstep<'a, A> {
    pub agent: &'a A,
    pub design: &'a Design,
    /// Builds the same design with tracing; called only when waves are needed.
    pub traced: &'a dyn Fn() -> Result<Design, Error>,
    /// Block name, as in replay files.
    pub block: &'a str,
    /// Folder of waves and replay files.
    pub folder: &'a Path,
    /// Command line to which `--replay FILE` is added.
    pub command: &'a str,
    /// Time limit for shrinking the stimulus.
    pub shrink: Duration,
}

/// A saved episode.
#[derive(Debug, Serialize, Deserialize)]
struct Saved<C> {
    block: String,
    episode: Episode<C>,
}

/// The seed of the initial state that belongs to the seed of an episode.
pub fn initial_seed(seed: u64) -> u32 {
    SplitMix64::new(seed).next_u64() as u32
}

/// A fresh design in the initial state that belongs to the seed of an episode.
pub fn instance(design: &Design, seed: u64) -> Verilated {
    design.instance(initial_seed(seed))
}

impl<A: Agent> Lockstep<'_, A> {
    /// Plays an episode for at most `limit` cycles.
    pub fn run<W: Monitor>(
        &self,
        episode: &Episode<A::Command>,
        monitor: &mut W,
        limit: u64,
    ) -> Outcome {
        let dut = instance(self.design, episode.seed);
        let mut pair = Pair::new(dut, self.agent.model());
        play(self.agent, episode, &mut pair, monitor, limit)
    }

    /// The last of the first `touched` commands, in words.
    fn touched_command(&self, episode: &Episode<A::Command>, touched: usize) -> String {
        let step = touched
            .checked_sub(1)
            .and_then(|step| episode.steps.get(step));
        step.map(|step| self.agent.describe(&step.command))
            .unwrap_or_default()
    }

    /// Explains a failure of `episode`: last transfers, waves, the shrunk stimulus, a replay
    /// command. `kind` names the stimulus in the title.
    pub fn explain(
        &self,
        title: &str,
        episode: &Episode<A::Command>,
        failure: &Failure,
        touched: usize,
    ) -> Report {
        let layout = self.agent.layout();
        let mut recorder = Recorder::new(layout);
        let outcome = self.run(episode, &mut recorder, failure.cycle + 1);
        let stem = format!("{title}-{:x}", episode.seed);
        let command = self.touched_command(episode, touched);
        let shrunk = self.shrunk(episode, failure, touched);
        let replay = match self.save(&stem, &shrunk.episode) {
            Ok(file) => format!("{} --replay {}", self.command, quoted(&file)),
            Err(error) => format!("none: {error}"),
        };
        let (before, after) = shrunk.parts;
        let at = shrunk.failure.cycle;
        let mut details = failure.details(layout);
        if outcome.failure.is_none() && !matches!(failure.kind, crate::Kind::Result(_)) {
            details.push("not sample again when the same episode was played a second time".into());
        }
        Report {
            title: title.to_owned(),
            seed: episode.seed,
            divergence: failure.divergence(layout),
            details,
            command,
            transfers: recorder.lines(layout),
            waves: self.waves(&stem, episode, failure),
            stimulus: format!("shrunk from {before} to {after} parts, fails at cycle {at}"),
            replay,
        }
    }

    /// As [`Self::explain`], without waves and without shrinking: fast.
    pub fn brief(
        &self,
        title: &str,
        episode: &Episode<A::Command>,
        failure: &Failure,
        touched: usize,
    ) -> Report {
        let layout = self.agent.layout();
        Report {
            title: title.to_owned(),
            seed: episode.seed,
            divergence: failure.divergence(layout),
            details: failure.details(layout),
            command: self.touched_command(episode, touched),
            transfers: Vec::new(),
            waves: String::new(),
            stimulus: String::new(),
            replay: String::new(),
        }
    }

    fn shrunk(
        &self,
        episode: &Episode<A::Command>,
        failure: &Failure,
        touched: usize,
    ) -> Shrunk<A::Command> {
        let mut replay = |candidate: &Episode<A::Command>, limit| {
            self.run(candidate, &mut self.agent.monitor(candidate), limit)
        };
        shrink(
            self.agent,
            episode,
            failure,
            touched,
            self.shrink,
            &mut replay,
        )
    }

    fn waves(&self, stem: &str, episode: &Episode<A::Command>, failure: &Failure) -> String {
        let file = artifact(self.folder, stem, "vcd");
        let made = self.make_folder().and_then(|()| (self.traced)());
        match made {
            Ok(model) => waves(
                self.agent,
                episode,
                failure,
                instance(&model, episode.seed),
                &file,
            ),
            Err(error) => format!("none: {error}"),
        }
    }

    fn save(&self, stem: &str, episode: &Episode<A::Command>) -> Result<PathBuf, Error> {
        self.make_folder()?;
        let file = artifact(self.folder, stem, "json");
        let saved = Saved {
            block: self.block.to_owned(),
            episode: episode.clone(),
        };
        let text = serde_json::to_string(&saved).map_err(std::io::Error::from);
        let written = text.and_then(|text| contract::write_file(&file, &text));
        written.map_err(Error::io("write", &file))?;
        Ok(file)
    }

    fn make_folder(&self) -> Result<(), Error> {
        std::fs::create_dir_all(self.folder).map_err(Error::io("create the folder", self.folder))
    }

    /// Reads an episode that [`Self::explain`] has saved.
    ///
    /// # Errors
    /// If the file can't be read, or isn't an episode of this block.
    pub fn load(&self, file: &Path) -> Result<Episode<A::Command>, Error> {
        let text = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
        let wrong = |cause: String| Error::Replay {
            path: file.to_owned(),
            cause,
        };
        let saved: Saved<A::Command> =
            serde_json::from_str(&text).map_err(|cause| wrong(cause.to_string()))?;
        if saved.block != self.block {
            return Err(wrong(format!("it is one of `{}`", saved.block)));
        }
        Ok(saved.episode)
    }
}
