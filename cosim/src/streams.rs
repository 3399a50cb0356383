//! The streams and levels of a block, as word numbers in its frames.

use std::ops::Range;

use contract::{Dir, PortLayout, Role, Stream};

/// One level input.
#[derive(Clone, Debug)]
pub struct LevelInput {
    pub name: String,
    /// Words of the input frame.
    pub words: Range<usize>,
}

/// What the harness knows of a block's ports.
#[derive(Clone, Debug)]
pub struct Streams {
    /// All streams in port order.
    pub streams: Vec<Stream>,
    /// All level inputs in port order.
    pub levels: Vec<LevelInput>,
    /// Words of the output frame that are compared in every cycle: levels, `ready` and `valid`.
    pub control: Vec<usize>,
    /// For each word of the input frame the bits that exist.
    pub input_bits: Vec<u64>,
}

impl Streams {
    /// Reads a port layout.
    pub fn new(layout: &PortLayout) -> Self {
        let placed = || layout.ports.iter().zip(&layout.slots);
        let mut found = Self {
            streams: layout.streams(),
            levels: vec![],
            control: vec![],
            input_bits: vec![],
        };
        for (port, slot) in placed() {
            let Some(slot) = slot else { continue };
            let words = slot.range();
            if port.dir == Dir::Output && port.role != Role::Payload {
                found.control.extend(words.clone());
            }
            if port.dir == Dir::Input {
                for word in 0..slot.words as u32 {
                    let bits = (slot.width - 64 * word).min(64);
                    found.input_bits.push(u64::MAX >> (64 - bits));
                }
                if port.role == Role::Level {
                    let name = port.name.clone();
                    found.levels.push(LevelInput { name, words });
                }
            }
        }
        found
    }

    /// Indices of the streams in direction `dir`.
    pub fn indices(&self, dir: Dir) -> impl Iterator<Item = usize> + '_ {
        (0..self.streams.len()).filter(move |&index| self.streams[index].dir == dir)
    }

    /// Index of the stream called `name`.
    ///
    /// # Panics
    /// If there is none: stream names are fixed by the block's own port list.
    pub fn index(&self, name: &str) -> usize {
        self.streams
            .iter()
            .position(|stream| stream.name == name)
            .unwrap_or_else(|| panic!("the block has no stream `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use contract::Port;

    use super::*;

    #[test]
    fn wide_levels_are_all_their_words() {
        let ports = vec![
            Port::level("code_i", Dir::Input, 70, ""),
            Port::level("line_o", Dir::Output, 130, ""),
        ];
        let streams = Streams::new(&PortLayout::new(ports));
        assert_eq!(streams.control, [0, 1, 2]);
        assert_eq!(streams.levels[0].words, 0..2);
        assert_eq!(streams.input_bits, [u64::MAX, 0x3f]);
    }
}
