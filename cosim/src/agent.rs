//! What the harness is given of a block: the only block-specific part of a simulation.

use contract::PortLayout;
use contract::{Clocked, Device};
use serde::{Serialize, de::DeserializeOwned};

use crate::episode::Episode;

/// The commands of one block: their beats on its streams, and how to shrink them.
pub trait Agent {
    /// One command with all its data.
    type Command: Clone + Serialize + DeserializeOwned;
    /// The golden model.
    type Model: Clocked;
    /// Checks results independently of the model.
    type Monitor: Monitor;

    /// The block's frames.
    fn layout(&self) -> &PortLayout;

    /// A model in its reset state.
    fn model(&self) -> Self::Model;

    /// A monitor that checks the results of an episode.
    fn monitor(&self, episode: &Episode<Self::Command>) -> Self::Monitor;

    /// The device on those pins of the block that belong to no stream, if there are any.
    /// It drives design and model alike.
    fn device(&self, _episode: &Episode<Self::Command>) -> Option<Box<dyn Device>> {
        None
    }

    /// Appends the beats of a command to the streams.
    fn beats(&self, command: &Self::Command, beats: &mut Beats);

    /// Whether the block is idle: nothing that was sent to it is in flight.
    fn done(&self, outputs: &[u64]) -> bool;

    /// Cycles without any transfer after which unfinished work counts as a hang. More is needed where
    /// a block may be silent for longer.
    fn patience(&self) -> u64 {
        2000
    }

    /// The command in a few words, for reports.
    fn describe(&self, _command: &Self::Command) -> String {
        String::new()
    }

    /// Number of parts of a command that can be left out one by one.
    fn parts(&self, _command: &Self::Command) -> usize {
        1
    }

    /// The command with only the parts for which `keep` is true, if that makes sense.
    fn keep(&self, _command: &Self::Command, _keep: &[bool]) -> Option<Self::Command> {
        None
    }
}

/// The beats of the input streams, as payload words in the order of the input frame.
#[derive(Clone, Debug)]
pub struct Beats {
    /// One list per stream of the block; those of output streams stay empty.
    streams: Vec<Vec<u64>>,
}

impl Beats {
    pub(crate) fn new(streams: usize) -> Self {
        Self {
            streams: vec![Vec::new(); streams],
        }
    }

    /// Appends one beat to stream number `stream` (see [`crate::Streams::index`]): all payload words
    /// in port order.
    pub fn push(&mut self, stream: usize, payload: impl IntoIterator<Item = u64>) {
        self.streams[stream].extend(payload);
    }

    pub(crate) fn words(&self, stream: usize) -> usize {
        self.streams[stream].len()
    }

    pub(crate) fn take(&mut self, stream: usize) -> Vec<u64> {
        std::mem::take(&mut self.streams[stream])
    }
}

/// Monitor of a running simulation: collects figures, checks results.
pub trait Monitor {
    /// One cycle, after all outputs have been compared.
    ///
    /// # Errors
    /// What is wrong with a result; ends the simulation.
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String>;

    /// The episode is over: everything was sent, and the block is idle.
    ///
    /// # Errors
    /// What is missing.
    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// No monitor.
impl Monitor for () {
    fn cycle(&mut self, _: &Sample<'_>) -> Result<(), String> {
        Ok(())
    }
}

/// One settled cycle.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub cycle: u64,
    pub inputs: &'a [u64],
    pub outputs: &'a [u64],
    /// Bit per stream: a transfer happens at the end of this cycle.
    pub transfers: u64,
    /// A reset or pulse of an injection is active.
    pub disturbed: bool,
}

impl Sample<'_> {
    /// Whether stream number `stream` (see [`crate::Stream`]) has a transfer at the end of this cycle.
    #[inline]
    pub fn moved(&self, stream: usize) -> bool {
        self.transfers >> stream & 1 == 1
    }
}
