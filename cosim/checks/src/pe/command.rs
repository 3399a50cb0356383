//! One PE command with the requests and vectors that belong to it.

use blocks::pe::{Element, PeConfig};
use serde::{Deserialize, Serialize};

/// Gather-and-reduce.
pub const GNR: u8 = 1;
/// Update with the gradients of the last retained gather-and-reduce.
pub const UPDATE: u8 = 2;

/// A command as the host sends it: the descriptor, and what follows on the other streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeCommand {
    pub op: u8,
    pub retain: bool,
    /// Query numbers in use.
    pub queries: u32,
    /// Visits announced; those that follow, unless the command is wrong.
    pub announced: u32,
    /// Learning rate, bits of a binary32.
    pub lr: u32,
    pub visits: Vec<Visit>,
}

/// One vector (or row) and the queries that request it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub id: u64,
    /// The id in the lists of a match tracker, if it isn't the vector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<u64>,
    pub requests: Vec<Request>,
    /// Elements in memory format, lowest bits first: an element in each `u32`.
    pub vector: Vec<u32>,
}

/// One beat of the request stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub row: u32,
    pub mask: u32,
    pub last: u32,
    pub end: bool,
}

impl PeCommand {
    /// A command that announces exactly its visits.
    pub fn new(op: u8, retain: bool, queries: usize, visits: Vec<Visit>) -> Self {
        let announced = visits.len() as u32;
        Self {
            op,
            retain,
            queries: queries as u32,
            announced,
            lr: LEARNING_RATE,
            visits,
        }
    }

    /// The command with only these visits.
    pub fn keep(&self, keep: &[bool]) -> Self {
        let kept = self.visits.iter().zip(keep).filter(|&(_, &keep)| keep);
        let visits: Vec<Visit> = kept.map(|(visit, _)| visit.clone()).collect();
        let dropped = (self.visits.len() - visits.len()) as u32;
        let announced = self.announced.saturating_sub(dropped);
        Self {
            announced,
            visits,
            ..self.clone()
        }
    }
}

/// 0.01, DLRM's usual rate.
const LEARNING_RATE: u32 = 0x3c23_d70a;

/// The beats of a vector: `beat_words` words each, elements packed from the lowest bit.
pub fn pack(vector: &[u32], config: &PeConfig) -> Vec<u64> {
    let lanes = config.sum_lanes() as usize;
    let bits = config.element.bits();
    let words = config.vec_width().div_ceil(64) as usize;
    let mut beats = vec![0; words * vector.len().div_ceil(lanes)];
    for (beat, elements) in beats.chunks_mut(words).zip(vector.chunks(lanes)) {
        for (lane, &element) in elements.iter().enumerate() {
            let at = lane as u32 * bits;
            beat[at as usize / 64] |= u64::from(element) << (at % 64);
        }
    }
    beats
}

/// Elements of one slice.
pub fn elements(config: &PeConfig) -> usize {
    (config.sum_lanes() * config.beats()) as usize
}

/// The bits of an element in memory format.
pub fn element_mask(element: Element) -> u32 {
    u32::MAX >> (32 - element.bits())
}
