//! The request beats of the tracker, and the queue between the `req` stream and it.

use super::match_front::MatchFront;
use super::request::Request;
use super::shape::Shape;

/// Two registers.
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

/// Where the tracker's request beats come from.
#[derive(Clone, Debug)]
pub(super) enum Requests {
    /// The host streams them.
    Queue(RequestQueue),
    /// The PE finds them in the queries' lists.
    Match(Box<MatchFront>),
}

impl Requests {
    pub fn new(shape: &Shape) -> Self {
        if shape.match_ids == 0 {
            Self::Queue(RequestQueue::default())
        } else {
            Self::Match(Box::new(MatchFront::new(shape)))
        }
    }

    pub fn reset(&mut self) {
        match self {
            Self::Queue(queue) => *queue = RequestQueue::default(),
            Self::Match(front) => front.reset(),
        }
    }

    /// Takes a beat of the `req` stream in this cycle.
    #[inline]
    pub fn ready(&self) -> bool {
        match self {
            Self::Queue(queue) => queue.ready(),
            Self::Match(front) => front.ready(),
        }
    }

    /// Does not hold back the `vec` stream in this cycle.
    #[inline]
    pub fn takes_id(&self) -> bool {
        match self {
            Self::Queue(_) => true,
            Self::Match(front) => front.takes_id(),
        }
    }

    #[inline]
    pub fn head(&self) -> Option<Request> {
        match self {
            Self::Queue(queue) => queue.head(),
            Self::Match(front) => front.head(),
        }
    }

    #[inline]
    pub fn pop(&mut self) {
        match self {
            Self::Queue(queue) => queue.pop(),
            Self::Match(front) => front.pop(),
        }
    }
}
