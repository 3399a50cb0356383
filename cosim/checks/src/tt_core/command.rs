//! What an episode is made of: loads of tables, and rows of them.

use serde::{Deserialize, Serialize};

use super::palette::Palette;

/// A step of an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TtCoreCommand {
    Load(Load),
    Rows(Vec<Row>),
}

/// A table as the host sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub table: u32,
    /// As the start beat says.
    pub rows: u32,
    pub contents: Contents,
    /// What is wrong with it, in this order; nothing if it is whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Break>,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contents {
    /// Words and requantisation are drawn.
    Drawn {
        palette: Palette,
        seed: u64,
    },
    Given(Cores),
}

/// TT cores as they are sent: for each core the words of all lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cores {
    pub words: Vec<Vec<u32>>,
    /// Multiplier and shift behind each stage but the last; for int8 alone.
    pub requant: Vec<(u16, u8)>,
}

/// A way to send a table wrongly. Lines are numbered from 0 over all cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Break {
    /// Only this many lines, and none of them is the last.
    Cut(u32),
    /// A line is left out.
    Skip(u32),
    /// A line comes twice.
    Repeat(u32),
    /// A line says that it is the last.
    Last(u32),
    /// No line says that it is the last.
    Endless,
    /// No start beat.
    Headless,
    /// A word of a line is this one.
    Word { line: u32, word: u32, bits: u32 },
}

/// One beat of `row`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub table: u32,
    pub id: u32,
    pub bag: u32,
    pub last: bool,
}
