//! Plays an episode at the inputs of a block.

use contract::Dir;
use contract::SplitMix64;

use crate::agent::{Agent, Beats};
use crate::episode::{Episode, Injected, Injection, Level, Pacer};
use crate::streams::{LevelInput, Streams};

/// Cycles of reset at the start of an episode.
const RESET_CYCLES: u64 = 2;
/// Cycles of rest after which an episode ends: enough to read out a few counters.
const REST_CYCLES: u64 = 20;

/// A source: the beats of one input stream.
struct Source {
    stream: usize,
    pacer: Pacer,
    /// Payload words of all beats.
    beats: Vec<u64>,
    /// For each step, the beat at which it starts; one more entry for the end.
    starts: Vec<usize>,
    /// Next beat to be transferred.
    next: usize,
    /// Beats before this one may be offered.
    stop: usize,
    offering: bool,
    /// The payload on the wires is noise already.
    noisy: bool,
}

/// A sink: the back-pressure on one output stream.
struct Sink {
    ready: usize,
    pacer: Pacer,
}

/// The state of the inputs.
pub(crate) struct Driver {
    streams: Streams,
    sources: Vec<Source>,
    sinks: Vec<Sink>,
    /// Words of the level inputs, the bits that exist, and what they do.
    levels: Vec<(usize, u64, Level)>,
    level_rng: SplitMix64,
    /// For each step its gap and its injection with the word that it pulses (`None`: reset).
    gaps: Vec<Option<u32>>,
    injections: Vec<Option<(Injection, Option<usize>)>>,
    /// First step of which no beat may be offered.
    gate: usize,
    /// Highest step of which a beat was transferred, plus one.
    touched: usize,
    /// An injection of this step begins at this cycle.
    armed: Option<(u64, usize)>,
    /// The injection's pulse is active until this cycle.
    until: u64,
    pulse: Option<Option<usize>>,
    resting: u64,
    last_transfer: u64,
    pub cycle: u64,
}

impl Driver {
    pub fn new<A: Agent>(agent: &A, episode: &Episode<A::Command>) -> Self {
        let streams = Streams::new(agent.layout());
        let seed = episode.seed;
        let pacing = |stream: usize| episode.pacing.get(stream).copied().unwrap_or_default();
        let pacer = |stream: usize| Pacer::new(pacing(stream), seed, stream);
        let mut sources: Vec<Source> = streams
            .indices(Dir::Input)
            .map(|stream| Source {
                stream,
                pacer: pacer(stream),
                beats: Vec::new(),
                starts: vec![0],
                next: 0,
                stop: 0,
                offering: false,
                noisy: false,
            })
            .collect();
        let mut beats = Beats::new(streams.streams.len());
        for step in &episode.steps {
            agent.beats(&step.command, &mut beats);
            for source in &mut sources {
                let words = streams.streams[source.stream].payload.len().max(1);
                source.starts.push(beats.words(source.stream) / words);
            }
        }
        for source in &mut sources {
            source.beats = beats.take(source.stream);
        }
        let sinks = streams
            .indices(Dir::Output)
            .map(|stream| Sink {
                ready: streams.streams[stream].ready,
                pacer: pacer(stream),
            })
            .collect();
        let level = |index: usize| episode.levels.get(index).copied().unwrap_or_default();
        let words = |(index, port): (usize, &LevelInput)| {
            let word = move |word| match level(index) {
                // The low word alone counts.
                Level::Count if word != port.words.start => (word, Level::Low),
                level => (word, level),
            };
            port.words.clone().map(word).collect::<Vec<_>>()
        };
        let levels = streams.levels.iter().enumerate().flat_map(words);
        let levels = levels
            .map(|(word, level)| (word, streams.input_bits[word], level))
            .collect();
        let injections = episode.steps.iter().map(|step| {
            let injection = step.injection.clone()?;
            let word = match &injection.kind {
                Injected::Reset => None,
                Injected::Pulse(name) => {
                    let mut levels = streams.levels.iter();
                    Some(levels.find(|level| level.name == *name)?.words.start)
                }
            };
            Some((injection, word))
        });
        let mut player = Self {
            injections: injections.collect(),
            gaps: episode.steps.iter().map(|step| step.gap).collect(),
            sources,
            sinks,
            levels,
            level_rng: SplitMix64::new(!seed),
            gate: 0,
            touched: 0,
            armed: None,
            until: RESET_CYCLES,
            pulse: Some(None),
            resting: 0,
            last_transfer: 0,
            cycle: 0,
            streams,
        };
        player.close_gate(0);
        player
    }

    /// Whether `rst_ni` is low in this cycle.
    pub fn in_reset(&self) -> bool {
        self.pulse == Some(None)
    }

    /// Whether an injection is active in this cycle.
    pub fn disturbed(&self) -> bool {
        self.pulse.is_some()
    }

    /// Steps of which anything was sent.
    pub fn touched(&self) -> usize {
        self.touched
    }

    /// Cycles since the last transfer on any stream.
    pub fn idle_cycles(&self) -> u64 {
        self.cycle - self.last_transfer
    }

    /// Whether everything was sent and the block is idle.
    pub fn finished(&self) -> bool {
        self.resting > REST_CYCLES
            && self.armed.is_none()
            && self.pulse.is_none()
            && self.sources.iter().all(Source::exhausted)
    }

    /// Sets the inputs of this cycle.
    #[inline]
    pub fn drive(&mut self, inputs: &mut [u64]) {
        if self.armed.is_some_and(|(cycle, _)| cycle == self.cycle) {
            self.begin_injection(inputs);
        }
        let quiet = self.in_reset();
        for source in &mut self.sources {
            source.drive(&self.streams, quiet, inputs);
        }
        for sink in &mut self.sinks {
            inputs[sink.ready] = u64::from(sink.pacer.go());
        }
        for &(word, bits, level) in &self.levels {
            inputs[word] = match level {
                Level::Low => 0,
                Level::Count => self.cycle & bits,
                Level::Random => self.level_rng.next_u64() & bits,
            };
        }
        if let Some(Some(word)) = self.pulse {
            inputs[word] = 1;
        }
    }

    /// The transfers at the end of this cycle, one bit per stream.
    #[inline]
    pub fn transfers(&self, inputs: &[u64], outputs: &[u64]) -> u64 {
        if self.in_reset() {
            return 0;
        }
        let mut transfers = 0;
        for (index, stream) in self.streams.streams.iter().enumerate() {
            let (valid, ready) = match stream.dir {
                Dir::Input => (inputs[stream.valid], outputs[stream.ready]),
                Dir::Output => (outputs[stream.valid], inputs[stream.ready]),
            };
            transfers |= (valid & ready & 1) << index;
        }
        transfers
    }

    /// Goes on to the next cycle. `done` says whether the block was idle in this one.
    #[inline]
    pub fn advance(&mut self, inputs: &mut [u64], transfers: u64, done: bool) {
        if transfers != 0 {
            self.last_transfer = self.cycle;
            self.resting = 0;
            for index in 0..self.sources.len() {
                if transfers >> self.sources[index].stream & 1 == 1 {
                    self.sent(index, inputs);
                }
            }
        } else if done {
            self.resting += 1;
            if self.pulse.is_none() {
                self.pass_gate();
            }
        } else {
            self.resting = 0;
        }
        self.cycle += 1;
        if self.pulse.is_some() && self.cycle == self.until {
            self.end_injection(inputs);
        }
    }

    /// A source's beat was transferred.
    #[inline]
    fn sent(&mut self, index: usize, inputs: &mut [u64]) {
        let source = &mut self.sources[index];
        source.next += 1;
        source.offering = false;
        inputs[self.streams.streams[source.stream].valid] = 0;
        // Usually false: a step is touched once.
        let next = source.next;
        if next > source.starts[self.touched] {
            self.touched = source.starts.partition_point(|&start| start < next);
            self.arm();
        }
    }

    /// Arms the injection of the step just touched, unless one is armed already.
    fn arm(&mut self) {
        let step = self.touched - 1;
        if let (None, Some(Some((injection, _)))) = (self.armed, self.injections.get(step)) {
            self.armed = Some((self.cycle + 1 + u64::from(injection.after), step));
        }
    }

    #[cold]
    fn begin_injection(&mut self, inputs: &mut [u64]) {
        let Some((_, step)) = self.armed.take() else {
            return;
        };
        if let Some((injection, word)) = &self.injections[step] {
            self.until = self.cycle + u64::from(injection.cycles.max(1));
            self.pulse = Some(*word);
            if self.in_reset() {
                self.withdraw(inputs);
            }
        }
    }

    /// The injection is over: what was touched by then is dropped.
    #[cold]
    fn end_injection(&mut self, inputs: &mut [u64]) {
        self.pulse = None;
        self.armed = None;
        self.last_transfer = self.cycle;
        self.withdraw(inputs);
        for source in &mut self.sources {
            source.next = source.starts[self.touched];
        }
        self.resting = 0;
    }

    fn withdraw(&mut self, inputs: &mut [u64]) {
        for source in &mut self.sources {
            source.offering = false;
            inputs[self.streams.streams[source.stream].valid] = 0;
        }
    }

    /// Opens the gate when all that was let through is done for as long as the next step requires.
    #[cold]
    fn pass_gate(&mut self) {
        let Some(Some(gap)) = self.gaps.get(self.gate) else {
            return;
        };
        let passed = self
            .sources
            .iter()
            .all(|source| source.next >= source.starts[self.gate]);
        if passed && self.resting > u64::from(*gap) {
            self.close_gate(self.gate + 1);
        }
    }

    /// Lets all steps through up to the first one from `from` on that has a gap.
    fn close_gate(&mut self, from: usize) {
        let steps = self.gaps.len();
        self.gate = (from..steps)
            .find(|&step| self.gaps[step].is_some())
            .unwrap_or(steps);
        for source in &mut self.sources {
            source.stop = source.starts[self.gate];
        }
    }

    /// The streams on which something waits, for the report of a hang.
    pub fn stalled(&self, inputs: &[u64], outputs: &[u64]) -> Vec<String> {
        let mut stalled = Vec::new();
        for stream in &self.streams.streams {
            let (valid, ready) = match stream.dir {
                Dir::Input => (inputs[stream.valid], outputs[stream.ready]),
                Dir::Output => (outputs[stream.valid], inputs[stream.ready]),
            };
            if valid & !ready & 1 == 1 {
                stalled.push(format!("{} (valid, not ready)", stream.name));
            }
        }
        for source in &self.sources {
            if source.exhausted() {
                continue;
            }
            let left = source.starts[source.starts.len() - 1] - source.next;
            let name = self.streams.streams[source.stream].name;
            stalled.push(format!("{name} ({left} beats to send)"));
        }
        stalled
    }
}

impl Source {
    fn exhausted(&self) -> bool {
        self.starts.last().is_none_or(|&end| self.next >= end)
    }

    #[inline]
    fn drive(&mut self, streams: &Streams, quiet: bool, inputs: &mut [u64]) {
        if self.offering {
            return;
        }
        let stream = &streams.streams[self.stream];
        let payload = &mut inputs[stream.payload.clone()];
        if !quiet && self.next < self.stop && self.pacer.go() {
            let words = payload.len();
            let at = self.next * words;
            payload.copy_from_slice(&self.beats[at..at + words]);
            inputs[stream.valid] = 1;
            (self.offering, self.noisy) = (true, false);
        } else if !self.noisy {
            // Payload without valid is undefined and must not be read.
            for (word, bits) in payload
                .iter_mut()
                .zip(&streams.input_bits[stream.payload.clone()])
            {
                *word = self.pacer.noise() & bits;
            }
            self.noisy = true;
        }
    }
}
