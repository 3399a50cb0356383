//! The top-level ports of a block: one list from which the SystemVerilog header, the simulator
//! shim, the golden model's port layout and the documentation are all made.

use std::ops::Range;

/// Direction as seen from the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dir {
    Input,
    Output,
}

/// The role of a port in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Clock,
    /// Asynchronous, active low.
    Reset,
    /// `valid` of a ready/valid stream.
    Valid,
    /// `ready` of a ready/valid stream.
    Ready,
    /// Payload of a ready/valid stream: stable while stalled, meaningless while `valid` is low.
    Payload,
    /// A level, driven and compared in every cycle.
    Level,
}

/// One port.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Port {
    /// Name in the SystemVerilog header, with its `_i`/`_o` ending.
    pub name: String,
    pub dir: Dir,
    /// Width in bits, at least 1.
    pub width: u32,
    /// The stream that the port belongs to, if any (`"req"`).
    pub stream: Option<&'static str>,
    pub role: Role,
    /// One sentence for the port tables.
    pub doc: String,
}

impl Port {
    fn new(
        name: impl Into<String>,
        dir: Dir,
        width: u32,
        stream: Option<&'static str>,
        role: Role,
        doc: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            dir,
            width,
            stream,
            role,
            doc: doc.into(),
        }
    }

    /// `clk_i` and `rst_ni`, which every block has.
    pub fn clock_and_reset() -> Vec<Self> {
        vec![
            Self::new(
                "clk_i",
                Dir::Input,
                1,
                None,
                Role::Clock,
                "Clock, rising edge.",
            ),
            Self::new(
                "rst_ni",
                Dir::Input,
                1,
                None,
                Role::Reset,
                "Asynchronous reset, active low.",
            ),
        ]
    }

    /// A level input or output outside any stream.
    pub fn level(name: &str, dir: Dir, width: u32, doc: &str) -> Self {
        Self::new(name, dir, width, None, Role::Level, doc)
    }

    /// A ready/valid stream `stream` flowing in direction `dir`, with payload fields
    /// `(field, width, doc)`; the ports are `<stream>_valid`, `<stream>_ready`, `<stream>_<field>`.
    pub fn stream(stream: &'static str, dir: Dir, fields: &[(&str, u32, &str)]) -> Vec<Self> {
        let (fwd, back, back_dir) = match dir {
            Dir::Input => ("i", "o", Dir::Output),
            Dir::Output => ("o", "i", Dir::Input),
        };
        let mut ports = vec![
            Self::new(
                format!("{stream}_valid_{fwd}"),
                dir,
                1,
                Some(stream),
                Role::Valid,
                format!("The {stream} payload is valid; does not wait for ready."),
            ),
            Self::new(
                format!("{stream}_ready_{back}"),
                back_dir,
                1,
                Some(stream),
                Role::Ready,
                format!("The {stream} payload is taken at this rising edge if valid."),
            ),
        ];
        for (field, width, doc) in fields {
            let name = format!("{stream}_{field}_{fwd}");
            ports.push(Self::new(
                name,
                dir,
                *width,
                Some(stream),
                Role::Payload,
                *doc,
            ));
        }
        ports
    }
}

/// Where a port lives in a flat frame of 64-bit words (low word first).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index of the first word.
    pub word: usize,
    /// Number of words, `width.div_ceil(64)`.
    pub words: usize,
    /// Width in bits.
    pub width: u32,
}

impl Slot {
    /// All words of the port.
    pub fn range(&self) -> Range<usize> {
        self.word..self.word + self.words
    }
}

/// Where a ready/valid stream lives in the frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Number of the stream among those of its block, in port order.
    pub index: usize,
    pub name: &'static str,
    /// Direction of the payload as seen from the block.
    pub dir: Dir,
    /// Word of `valid`: in the input frame for an input stream, else in the output frame.
    pub valid: usize,
    /// Word of `ready`, in the other frame.
    pub ready: usize,
    /// Words of the payload, in the frame of `valid`: its fields in port order.
    pub payload: Range<usize>,
}

/// The layout of a block's input and output frames: every port except the clock and the reset, in
/// port order, each starting at a fresh 64-bit word; unused high bits are zero.
#[derive(Clone, Debug)]
pub struct PortLayout {
    pub ports: Vec<Port>,
    /// For each port of `ports` its place in the input or output frame; `None` for clock and reset.
    pub slots: Vec<Option<Slot>>,
    pub input_words: usize,
    pub output_words: usize,
}

impl PortLayout {
    /// The layout of these ports.
    pub fn new(ports: Vec<Port>) -> Self {
        let (mut input_words, mut output_words) = (0, 0);
        let slots = ports
            .iter()
            .map(|p| {
                if matches!(p.role, Role::Clock | Role::Reset) {
                    return None;
                }
                let words = p.width.div_ceil(64) as usize;
                let next = match p.dir {
                    Dir::Input => &mut input_words,
                    Dir::Output => &mut output_words,
                };
                let word = *next;
                *next += words;
                Some(Slot {
                    word,
                    words,
                    width: p.width,
                })
            })
            .collect();
        Self {
            ports,
            slots,
            input_words,
            output_words,
        }
    }

    /// Place of the port called `name` in its frame.
    ///
    /// # Panics
    /// If the block has no such port: names are fixed at compile time by the block's own port list.
    pub fn slot(&self, name: &str) -> Slot {
        self.ports
            .iter()
            .zip(&self.slots)
            .find(|(p, _)| p.name == name)
            .and_then(|(_, s)| *s)
            .unwrap_or_else(|| panic!("the block has no data port `{name}`"))
    }

    /// The only word of the port called `name`, or its lowest.
    ///
    /// # Panics
    /// As [`PortLayout::slot`].
    pub fn word(&self, name: &str) -> usize {
        self.slot(name).word
    }

    /// All words of the port called `name`.
    ///
    /// # Panics
    /// As [`PortLayout::slot`].
    pub fn words(&self, name: &str) -> Range<usize> {
        self.slot(name).range()
    }

    /// All streams, in port order.
    pub fn streams(&self) -> Vec<Stream> {
        let valid = self.ports.iter().filter(|port| port.role == Role::Valid);
        let named = valid.filter_map(|port| Some((port.stream?, port.dir)));
        named
            .enumerate()
            .filter_map(|(index, (name, dir))| self.placed(index, name, dir))
            .collect()
    }

    /// The stream called `name`.
    ///
    /// # Panics
    /// If there is none: names are fixed at compile time by the block's own port list.
    pub fn stream(&self, name: &str) -> Stream {
        let mut streams = self.streams().into_iter();
        streams
            .find(|stream| stream.name == name)
            .unwrap_or_else(|| panic!("the block has no stream `{name}`"))
    }

    /// The words of a stream.
    fn placed(&self, index: usize, name: &'static str, dir: Dir) -> Option<Stream> {
        let slots = |role| {
            let placed = self.ports.iter().zip(&self.slots);
            let of_stream = placed.filter(move |(p, _)| p.stream == Some(name) && p.role == role);
            of_stream.filter_map(|(_, slot)| *slot)
        };
        // Payload fields follow each other in the port list, so their words are one range.
        let start = slots(Role::Payload).map(|slot| slot.word).min();
        let end = slots(Role::Payload).map(|slot| slot.range().end).max();
        Some(Stream {
            index,
            name,
            dir,
            valid: slots(Role::Valid).next()?.word,
            ready: slots(Role::Ready).next()?.word,
            payload: start.unwrap_or(0)..end.unwrap_or(0),
        })
    }
}
