//! The request queue: two registers between the `req` stream and the tracker.

/// One request beat: queries of one row that ask for the vector at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Request {
    pub row: u32,
    /// Lanes that ask.
    pub mask: u32,
    /// Lanes for which this is the query's last look-up.
    pub last: u32,
    /// Last beat of this visit.
    pub end: bool,
}

/// Source of request beats for the tracker. A tracker that finds the queries itself takes its
/// place by offering the same `head` and `pop`.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestQueue {
    beats: [Request; 2],
    count: usize,
}

impl RequestQueue {
    #[inline]
    pub fn ready(&self) -> bool {
        self.count < 2
    }

    #[inline]
    pub fn head(&self) -> Option<Request> {
        (self.count > 0).then(|| self.beats[0])
    }

    #[inline]
    pub fn pop(&mut self) {
        self.beats[0] = self.beats[1];
        self.count -= 1;
    }

    #[inline]
    pub fn push(&mut self, beat: Request) {
        self.beats[self.count] = beat;
        self.count += 1;
    }
}
