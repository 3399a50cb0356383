//! The agent of a block that is its streams: beats in, and the beats that must result from them.

use contract::Clocked;
use contract::{Dir, PortLayout, Stream};
use serde::{Deserialize, Serialize};

use crate::agent::{Agent, Beats, Monitor, Sample};
use crate::episode::Episode;

/// A command with its expected result, which its author states without reference to cycles
/// or to the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    send: Vec<Beat>,
    expect: Vec<Beat>,
}

/// A transfer on a stream: all payload words in port order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Beat {
    stream: String,
    words: Vec<u64>,
}

impl Beat {
    fn new(stream: &str, words: impl IntoIterator<Item = u64>) -> Self {
        Self {
            stream: stream.to_owned(),
            words: words.into_iter().collect(),
        }
    }
}

impl Transaction {
    /// Appends a beat for an input stream: all payload words in port order.
    pub fn send(&mut self, stream: &str, words: impl IntoIterator<Item = u64>) {
        self.send.push(Beat::new(stream, words));
    }

    /// Appends a beat that an output stream must deliver, after those of earlier transactions.
    pub fn expect(&mut self, stream: &str, words: impl IntoIterator<Item = u64>) {
        self.expect.push(Beat::new(stream, words));
    }
}

/// Plays [`Transaction`]s on a block and its model, and checks the results with a [`Scoreboard`].
///
/// The block is idle when no output stream is valid and, if it has one, `busy_o` is 0. A beat for
/// a stream that the block doesn't have is not sent.
#[derive(Clone, Debug)]
pub struct StreamAgent<M> {
    model: M,
    streams: Vec<Stream>,
    /// Words of the output frame that are 0 when idle.
    at_work: Vec<usize>,
}

impl<M: Clocked> StreamAgent<M> {
    /// For the block of this model, which is in its reset state.
    pub fn new(model: M) -> Self {
        let layout = model.layout();
        let streams = layout.streams();
        let outputs = streams.iter().filter(|stream| stream.dir == Dir::Output);
        let mut at_work: Vec<usize> = outputs.map(|stream| stream.valid).collect();
        if layout.ports.iter().any(|port| port.name == "busy_o") {
            at_work.push(layout.word("busy_o"));
        }
        Self {
            model,
            streams,
            at_work,
        }
    }
}

impl<M: Clocked + Clone> Agent for StreamAgent<M> {
    type Command = Transaction;
    type Model = M;
    type Monitor = Scoreboard;

    fn layout(&self) -> &PortLayout {
        self.model.layout()
    }

    fn model(&self) -> M {
        self.model.clone()
    }

    fn monitor(&self, episode: &Episode<Transaction>) -> Scoreboard {
        let transactions: Vec<&Transaction> = episode.steps.iter().map(|s| &s.command).collect();
        let lanes = self.streams.iter().map(|stream| {
            let beats = transactions.iter().map(|transaction| match stream.dir {
                Dir::Input => &transaction.send,
                Dir::Output => &transaction.expect,
            });
            Lane::new(stream, beats)
        });
        Scoreboard {
            lanes: lanes.collect(),
            disturbed: false,
        }
    }

    fn beats(&self, transaction: &Transaction, beats: &mut Beats) {
        for Beat { stream, words } in &transaction.send {
            let inputs = self.streams.iter().filter(|known| known.dir == Dir::Input);
            for stream in inputs.filter(|known| known.name == stream) {
                // A replay file may have any number of words.
                let words = words.iter().copied().chain(std::iter::repeat(0));
                beats.push(stream.index, words.take(stream.payload.len()));
            }
        }
    }

    fn done(&self, outputs: &[u64]) -> bool {
        self.at_work.iter().all(|&word| outputs[word] == 0)
    }

    fn describe(&self, Transaction { send, expect }: &Transaction) -> String {
        format!("{} beats in, {} beats out", send.len(), expect.len())
    }
}

/// Compares what leaves a block with what its [`Transaction`]s expect, each stream in order.
#[derive(Clone, Debug)]
pub struct Scoreboard {
    lanes: Vec<Lane>,
    disturbed: bool,
}

/// The beats of one stream.
#[derive(Clone, Debug)]
struct Lane {
    stream: Stream,
    beats: Vec<Vec<u64>>,
    /// For each transaction, the beat at which it starts; one more entry for the end.
    starts: Vec<usize>,
    /// Next beat to be transferred.
    next: usize,
}

impl Lane {
    fn new<'a>(stream: &Stream, transactions: impl Iterator<Item = &'a Vec<Beat>>) -> Self {
        let mut lane = Self {
            stream: stream.clone(),
            beats: Vec::new(),
            starts: vec![0],
            next: 0,
        };
        for beats in transactions {
            let own = beats.iter().filter(|beat| beat.stream == stream.name);
            lane.beats.extend(own.map(|beat| beat.words.clone()));
            lane.starts.push(lane.beats.len());
        }
        lane
    }

    /// Transactions of which a beat was transferred, and all before them.
    fn touched(&self) -> usize {
        match self.next {
            0 => 0,
            next => self.starts.partition_point(|&start| start < next),
        }
    }

    /// A beat has left.
    fn check(&mut self, sample: &Sample<'_>, touched: usize) -> Result<(), String> {
        let (name, at) = (self.stream.name, self.next);
        if at >= self.starts[touched] {
            return Err(format!("beat {at} of {name} comes of nothing"));
        }
        self.next += 1;
        let (got, expected) = (
            &sample.outputs[self.stream.payload.clone()],
            &self.beats[at],
        );
        if got == expected {
            return Ok(());
        }
        Err(format!(
            "beat {at} of {name}: {}, not {}",
            hex(got),
            hex(expected)
        ))
    }
}

/// Words as one number, the last one highest.
fn hex(words: &[u64]) -> String {
    let digits = words.iter().rev().map(|word| format!("{word:016x}"));
    format!("0x{}", digits.collect::<Vec<_>>().join("_"))
}

impl Scoreboard {
    fn inputs(&mut self) -> impl Iterator<Item = &mut Lane> {
        let lanes = self.lanes.iter_mut();
        lanes.filter(|lane| lane.stream.dir == Dir::Input)
    }

    /// Transactions of which anything was sent.
    fn touched(&mut self) -> usize {
        self.inputs().map(|lane| lane.touched()).max().unwrap_or(0)
    }
}

impl Monitor for Scoreboard {
    #[inline]
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        if !sample.disturbed && std::mem::take(&mut self.disturbed) {
            // What anything was sent of is dropped.
            let touched = self.touched();
            for lane in &mut self.lanes {
                lane.next = lane.starts[touched];
            }
        }
        self.disturbed = sample.disturbed;
        if sample.transfers == 0 {
            return Ok(());
        }
        for lane in self.inputs().filter(|lane| sample.moved(lane.stream.index)) {
            lane.next += 1;
        }
        if sample.disturbed {
            return Ok(());
        }
        let touched = self.touched();
        let outputs = self.lanes.iter_mut();
        outputs
            .filter(|lane| lane.stream.dir == Dir::Output && sample.moved(lane.stream.index))
            .try_for_each(|lane| lane.check(sample, touched))
    }

    fn finish(&mut self) -> Result<(), String> {
        let mut lanes = self.lanes.iter();
        match lanes.find(|lane| lane.next < lane.beats.len()) {
            None => Ok(()),
            Some(lane) => {
                let (missing, name) = (lane.beats.len() - lane.next, lane.stream.name);
                Err(format!("{missing} beats of {name} are missing"))
            }
        }
    }
}
