//! The failure report: at most 25 lines, first divergence only.

use std::collections::VecDeque;
use std::fmt;
use std::path::{Path, PathBuf};

use contract::{PortLayout, Role};

use crate::agent::{Agent, Monitor, Sample};
use crate::divergence::{Divergence, hex};
use crate::dut::Dut;
use crate::episode::Episode;
use crate::ffi::Verilated;
use crate::run::{Failure, play};
use crate::streams::Streams;
use crate::target::{Target, Wrong};

/// Transfers shown per stream.
const SHOWN: usize = 3;
/// Hex digits shown of a payload field.
const DIGITS: usize = 34;
/// Cycles of waves before and after the failing one.
pub const BEFORE: u64 = 100;
pub const AFTER: u64 = 20;

/// Everything known about a failure.
#[derive(Clone, Debug)]
pub struct Report {
    /// Block, configuration, stimulus, e.g. `pe/random  config=paper`.
    pub title: String,
    pub seed: u64,
    pub divergence: Divergence,
    /// Further differences of the failing cycle.
    pub details: Vec<String>,
    /// The command that was being sent.
    pub command: String,
    /// The last transfers of each stream.
    pub transfers: Vec<String>,
    /// What became of the waves.
    pub waves: String,
    /// What became of the stimulus.
    pub stimulus: String,
    /// A command line that shows it again.
    pub replay: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Divergence {
            cycle,
            port,
            rtl,
            model,
        } = &self.divergence;
        let (title, seed) = (&self.title, self.seed);
        writeln!(
            f,
            "FAIL {title}  seed={seed:#x}  first divergence at cycle {cycle}"
        )?;
        writeln!(f, "  {port}   rtl {rtl}   model {model}")?;
        for line in &self.details {
            writeln!(f, "    {line}")?;
        }
        for (label, text) in [("command", &self.command), ("waves", &self.waves)] {
            if !text.is_empty() {
                writeln!(f, "  {label:<9}{text}")?;
            }
        }
        if !self.transfers.is_empty() {
            writeln!(f, "  last transfers")?;
        }
        for line in &self.transfers {
            writeln!(f, "    {line}")?;
        }
        for (label, text) in [("stimulus", &self.stimulus), ("replay", &self.replay)] {
            if !text.is_empty() {
                writeln!(f, "  {label:<9}{text}")?;
            }
        }
        Ok(())
    }
}

/// Records the last transfers of each stream.
pub(crate) struct Recorder {
    streams: Streams,
    last: Vec<VecDeque<(u64, Vec<u64>)>>,
}

impl Recorder {
    pub fn new(layout: &PortLayout) -> Self {
        let streams = Streams::new(layout);
        let last = vec![VecDeque::new(); streams.streams.len()];
        Self { streams, last }
    }

    /// One line per stream.
    pub fn lines(&self, layout: &PortLayout) -> Vec<String> {
        let streams = self.streams.streams.iter().zip(&self.last);
        streams
            .map(|(stream, last)| {
                let line = |(cycle, frame): &(u64, Vec<u64>)| {
                    format!("@{cycle} {}", fields(layout, stream.name, frame))
                };
                let shown: Vec<String> = last.iter().map(line).collect();
                format!("{:<5}{}", stream.name, shown.join("   "))
            })
            .collect()
    }
}

/// The payload fields of a stream in a frame, as `name=value`.
fn fields(layout: &PortLayout, stream: &str, frame: &[u64]) -> String {
    let placed = layout.ports.iter().zip(&layout.slots);
    let payload = placed.filter(|(p, _)| p.stream == Some(stream) && p.role == Role::Payload);
    let show = |(port, slot): (&contract::Port, &Option<contract::Slot>)| {
        let name = port
            .name
            .strip_prefix(stream)?
            .strip_prefix('_')?
            .rsplit_once('_')?
            .0;
        let slot = (*slot)?;
        let value = match slot.width {
            1..=16 => frame[slot.word].to_string(),
            _ => hex(frame, slot),
        };
        let cut = if value.len() > DIGITS { "..." } else { "" };
        Some(format!("{name}={}{cut}", &value[..value.len().min(DIGITS)]))
    };
    payload.filter_map(show).collect::<Vec<_>>().join(" ")
}

impl Monitor for Recorder {
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        for (index, (stream, last)) in self.streams.streams.iter().zip(&mut self.last).enumerate() {
            if sample.moved(index) {
                let frame = match stream.dir {
                    contract::Dir::Input => sample.inputs,
                    contract::Dir::Output => sample.outputs,
                };
                if last.len() == SHOWN {
                    last.pop_front();
                }
                last.push_back((sample.cycle, frame.to_vec()));
            }
        }
        Ok(())
    }
}

/// A traced design that writes waves in a window of cycles.
struct Traced {
    dut: Verilated,
    cycle: u64,
    from: u64,
    was_reset: Option<bool>,
}

impl Target for Traced {
    fn settle(
        &mut self,
        inputs: &[u64],
        in_reset: bool,
        _: bool,
        outputs: &mut [u64],
    ) -> Result<(), Wrong> {
        if self.was_reset.replace(in_reset) != Some(in_reset) {
            self.dut.reset(in_reset);
        }
        self.dut.drive(inputs);
        self.dut.settle();
        self.dut.sample(outputs);
        if self.cycle >= self.from {
            self.dut.trace_dump(2 * self.cycle);
        }
        Ok(())
    }

    fn clock(&mut self, _: &[u64], _: bool) {
        self.dut.clock();
        if self.cycle >= self.from {
            self.dut.trace_dump(2 * self.cycle + 1);
        }
        self.cycle += 1;
    }
}

/// Compares one cycle of a replay with the failure.
struct Reproduced<'a> {
    failure: &'a Failure,
    equal: bool,
}

impl Monitor for Reproduced<'_> {
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        if sample.cycle == self.failure.cycle {
            self.equal = sample.inputs == self.failure.inputs;
        }
        Ok(())
    }
}

/// Plays a failing episode on a traced instance, and writes the waves around the failure to `file`.
/// Says in one line what became of it.
pub(crate) fn waves<A: Agent>(
    agent: &A,
    episode: &Episode<A::Command>,
    failure: &Failure,
    mut dut: Verilated,
    file: &Path,
) -> String {
    if !dut.trace_open(file) {
        return format!("none: can't write `{}`", file.display());
    }
    let from = failure.cycle.saturating_sub(BEFORE);
    let to = failure.cycle + AFTER;
    let mut target = Traced {
        dut,
        cycle: 0,
        from,
        was_reset: None,
    };
    let mut monitor = Reproduced {
        failure,
        equal: false,
    };
    play(agent, episode, &mut target, &mut monitor, to + 1);
    target.dut.trace_close();
    // Tracing changes how Verilator draws the initial state; only then can a replay differ.
    let note = if monitor.equal {
        ""
    } else {
        "  (with another random initial state)"
    };
    format!(
        "{}  cycles {from}..{to}, two time units a cycle{note}",
        file.display()
    )
}

/// Names of the files that belong to a failure.
pub(crate) fn artifact(folder: &Path, stem: &str, extension: &str) -> PathBuf {
    let clean = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = stem.chars().map(clean).collect();
    folder.join(format!("{name}.{extension}"))
}

/// A path as one word of a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    // What can't be quoted, a zero byte, can't be in a path.
    shlex::try_quote(&text).map_or_else(|_| text.to_string(), |quoted| quoted.into_owned())
}
