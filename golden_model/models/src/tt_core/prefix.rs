//! Section 6: the entries of one boundary between stages, and their words.

use super::shape::{Shape, StageShape};

/// The key of an entry that is not valid: it names no table.
const NO_KEY: u64 = u64::MAX;

/// What a boundary says to an op that may move on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// It needs no entry.
    Pass,
    /// This entry has its prefix.
    Hit(usize),
    /// This entry is to be made.
    Miss(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Boundary {
    keys: Vec<u64>,
    done: Vec<bool>,
    refs: Vec<u32>,
    next: usize,
    /// The entries' words. An op's are here as soon as it has begun: until `done` nobody reads
    /// them, and no other op can still need what was there before.
    words: Vec<f32>,
    size: usize,
}

impl Boundary {
    /// Behind this stage.
    pub fn new(shape: &Shape, stage: &StageShape) -> Self {
        let size = stage.rows * stage.columns;
        Self {
            keys: vec![NO_KEY; shape.entries],
            done: vec![false; shape.entries],
            refs: vec![0; shape.entries],
            next: 0,
            words: vec![0.0; shape.entries * size],
            size,
        }
    }

    pub fn reset(&mut self) {
        self.keys.fill(NO_KEY);
        self.refs.fill(0);
        self.next = 0;
    }

    /// What to do with an op of this key; nothing if it needs an entry and none is free.
    #[inline]
    pub fn answer(&self, key: u64) -> Option<Answer> {
        let hit = self.keys.iter().position(|&known| known == key);
        let free = self.refs[self.next] == 0;
        hit.map(Answer::Hit)
            .or(free.then_some(Answer::Miss(self.next)))
    }

    #[inline]
    pub fn done(&self, entry: usize) -> bool {
        self.done[entry]
    }

    /// The last words of an entry are written.
    #[inline]
    pub fn set_done(&mut self, entry: usize) {
        self.done[entry] = true;
    }

    /// The entry will be made, for this key.
    #[inline]
    pub fn take(&mut self, entry: usize, key: u64) {
        self.keys[entry] = key;
        self.done[entry] = false;
        self.next = (self.next + 1) & (self.keys.len() - 1);
    }

    /// One more op will read an entry.
    #[inline]
    pub fn refer(&mut self, entry: usize) {
        self.refs[entry] += 1;
    }

    /// An op has read an entry.
    #[inline]
    pub fn give_back(&mut self, entry: usize) {
        self.refs[entry] -= 1;
    }

    /// The entries of a table become invalid.
    pub fn forget(&mut self, table: u32) {
        for key in &mut self.keys {
            if *key >> 32 == u64::from(table) {
                *key = NO_KEY;
            }
        }
    }

    /// The words of an entry.
    #[inline]
    pub fn words(&self, entry: usize) -> &[f32] {
        &self.words[entry * self.size..][..self.size]
    }

    #[inline]
    pub fn words_mut(&mut self, entry: usize) -> &mut [f32] {
        &mut self.words[entry * self.size..][..self.size]
    }
}
